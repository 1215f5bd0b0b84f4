package org.tfjavantk.empirical;

import java.util.List;
import java.util.Optional;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Shapes;

/**
 * A parameter's part of the kernel: its uses and how they are contracted. A parameter with several
 * uses has gradients that add up before they are contracted, hence the cross terms between its
 * uses.
 */
record Part(Parameter parameter, List<Use> uses, Route route) {

  static Part of(Parameter parameter, List<Use> uses, int outputs) {
    Route route = Route.JACOBIAN;
    if (uses.size() == 1) {
      if (uses.get(0) instanceof Use.Dense dense) {
        long[] shape = Shapes.longs(dense.parameter().spec().shape());
        route = Route.cheaper(1, shape[0], shape[1], outputs);
      } else if (uses.get(0) instanceof Use.Conv conv) {
        route = Route.cheaper(positions(conv), patch(conv), channels(conv), outputs);
      }
    }
    return new Part(parameter, uses, route);
  }

  /** D, the number of positions of a convolution's output. */
  static long positions(Use.Conv conv) {
    return conv.z().shape().get(1) * conv.z().shape().get(2);
  }

  /** K, the entries of a patch. */
  static long patch(Use.Conv conv) {
    int[] kernel = conv.parameter().spec().shape();
    return (long) kernel[0] * kernel[1] * kernel[2];
  }

  /** C, the output channels. */
  static long channels(Use.Conv conv) {
    return conv.parameter().spec().shape()[3];
  }

  /** The convolution, if that is the only use. */
  Optional<Use.Conv> convolution() {
    return uses.size() == 1 && uses.get(0) instanceof Use.Conv conv
        ? Optional.of(conv)
        : Optional.empty();
  }

  /**
   * Whether per-example gradients are kept; else inputs and cotangents are, for the Gram route, or
   * because they are smaller than the gradients that are formed from them again and again.
   */
  boolean keepsGradients(int outputs) {
    return route == Route.JACOBIAN
        && (convolution().isEmpty()
            || gradients(outputs) <= ingredients(convolution().get(), outputs));
  }

  private long gradients(int outputs) {
    return (long) outputs * parameter.spec().size();
  }

  private static long ingredients(Use.Conv conv, int outputs) {
    return Geometry.of(conv).inputs() + outputs * positions(conv) * channels(conv);
  }

  boolean opaque() {
    return uses.stream().anyMatch(use -> use instanceof Use.Opaque);
  }

  /** Values that a panel keeps for one example. */
  long kept(int outputs) {
    if (keepsGradients(outputs)) {
      return gradients(outputs);
    }
    if (convolution().isPresent()) {
      return ingredients(convolution().get(), outputs);
    }
    int[] shape = parameter.spec().shape();
    return shape[0] + (long) outputs * shape[1];
  }

  /** Values beside the kept ones that exist for one example while the factors are computed. */
  long temporary(int outputs) {
    // Stacking copies.
    long values = convolution().isEmpty() ? 2 * kept(outputs) : 0;
    for (Use use : uses) {
      if (use.z() != null) {
        values += 2L * (outputs + 1) * sizeOfExample(use.z().shape().asArray());
      }
      if (use instanceof Use.Conv conv && convolution().isEmpty()) {
        values += positions(conv) * patch(conv);
      }
      if (use instanceof Use.Depthwise conv) {
        long[] z = conv.z().shape().asArray();
        values += z[1] * z[2] * parameter.spec().size();
      }
    }
    return values;
  }

  private static long sizeOfExample(long[] shape) {
    long size = 1;
    for (int i = 1; i < shape.length; i++) {
      size *= shape[i];
    }
    return size;
  }
}
