package org.tfjavantk.empirical;

import java.util.List;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.transform.Paths;

/**
 * Counts the {@link Work} of a kernel. With D positions, K entries of a patch, C channels and o
 * outputs (D = 1 for a dense layer), in multiply-adds:
 *
 * <ul>
 *   <li>forward D K C an example and use
 *   <li>cotangents o D K C, where the use's input depends on a parameter at all
 *   <li>gradients o D K C on the Jacobian route; for a shift o additions, for a stretch o
 *       multiply-adds for every value of its output
 *   <li>contraction of a pair: o² K C on the Jacobian route, D² o² C on the Gram route, D² o C + D
 *       o² C on the tangent route, on the last two with what {@link PatchGram} takes; o² size for
 *       shifts and stretches
 * </ul>
 *
 * <p>Where only pairs of an output with itself are wanted, o stands for o² in the contraction.
 *
 * <p>Of a parameter whose use was not recognised only the contraction can be counted.
 */
final class WorkCount {
  private static final double MULTIPLY_ADD = 2;

  private final List<Parameter> parameters;
  private final double outputs;
  private final double products;

  private WorkCount(GraphModel model, OutputChoice choice) {
    this.parameters = model.parameters();
    int functions = choice.functions(model.outputs());
    this.outputs = functions;
    this.products = choice.pairing().products(functions);
  }

  /** The work on one example (forward, cotangents, gradients) and on one pair (contraction). */
  static Work ofOne(GraphModel model, List<Part> parts, OutputChoice choice) {
    WorkCount count = new WorkCount(model, choice);
    Work sum = new Work(0, 0, 0, 0);
    for (Part part : parts) {
      for (Use use : part.uses()) {
        sum = sum.plus(count.factors(use, part.route()));
      }
      sum = sum.plus(new Work(0, 0, 0, MULTIPLY_ADD * count.contraction(part)));
    }
    return sum;
  }

  private Work factors(Use use, Route route) {
    boolean jacobian = route == Route.JACOBIAN;
    if (use instanceof Use.Shift shift) {
      double values = values(shift.z());
      boolean summed = values > shift.parameter().spec().size();
      return new Work(0, 0, summed ? outputs * values : 0, 0);
    }
    if (use instanceof Use.Stretch stretch) {
      return new Work(0, 0, MULTIPLY_ADD * outputs * values(stretch.z()), 0);
    }
    if (use instanceof Use.Opaque) {
      return new Work(0, 0, 0, 0);
    }
    double product = MULTIPLY_ADD * positions(use.z()) * use.parameter().spec().size();
    return new Work(
        product,
        dependsOnParameters(input(use)) ? outputs * product : 0,
        jacobian ? outputs * product : 0,
        0);
  }

  private double contraction(Part part) {
    double size = part.parameter().spec().size();
    if (part.route() == Route.JACOBIAN) {
      return products * size;
    }
    LinearLayer layer = part.layer().orElseThrow();
    double positions = layer.positions();
    double channels = layer.channels();
    double sums =
        part.route() == Route.GRAM
            ? positions * positions * products * channels
            : TangentRoute.products(positions, outputs, channels);
    return new PatchGram(layer).products() + sums;
  }

  private static Output<TFloating> input(Use use) {
    if (use instanceof Use.Dense dense) {
      return dense.a();
    }
    if (use instanceof Use.Conv conv) {
      return conv.a();
    }
    if (use instanceof Use.Depthwise conv) {
      return conv.a();
    }
    throw new AssertionError("no product: " + use);
  }

  private boolean dependsOnParameters(Output<TFloating> value) {
    Set<GraphOperation> before = Paths.ancestors(List.of(value));
    return parameters.stream().anyMatch(p -> before.contains((GraphOperation) p.value().op()));
  }

  /** The values of one example. */
  private static double values(Output<TFloating> z) {
    double values = 1;
    for (int i = 1; i < z.shape().numDimensions(); i++) {
      values *= z.shape().get(i);
    }
    return values;
  }

  /** D: all axes but those of the examples and of the channels. */
  private static double positions(Output<TFloating> z) {
    return values(z) / z.shape().get(z.shape().numDimensions() - 1);
  }
}
