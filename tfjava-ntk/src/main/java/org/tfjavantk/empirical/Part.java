package org.tfjavantk.empirical;

import java.util.List;
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

  boolean opaque() {
    return uses.stream().anyMatch(use -> use instanceof Use.Opaque);
  }

  /** Values that a panel keeps for one example. */
  long kept(int outputs) {
    if (route == Route.JACOBIAN) {
      return (long) outputs * parameter.spec().size();
    }
    if (uses.get(0) instanceof Use.Conv conv) {
      return positions(conv) * (patch(conv) + outputs * channels(conv));
    }
    int[] shape = parameter.spec().shape();
    return shape[0] + (long) outputs * shape[1];
  }

  /** Values beside the kept ones that exist for one example while the factors are computed. */
  long temporary(int outputs) {
    long values = route == Route.JACOBIAN ? kept(outputs) : 0; // stacking copies
    for (Use use : uses) {
      if (use.z() != null) {
        values += 2L * (outputs + 1) * sizeOfExample(use.z().shape().asArray());
      }
      if (use instanceof Use.Conv conv) {
        values += positions(conv) * patch(conv);
      }
      if (use instanceof Use.Depthwise conv) {
        long[] z = conv.z().shape().asArray();
        values += z[1] * z[2] * parameter.spec().size();
      }
    }
    return values;
  }

  /** Values that exist while one pair of examples is contracted: products, their sums, copies. */
  long contracted(int outputs) {
    long positions =
        route == Route.GRAM && uses.get(0) instanceof Use.Conv conv ? positions(conv) : 1;
    int copies = route == Route.GRAM ? 3 : 2;
    return copies * positions * positions * outputs * outputs;
  }

  private static long sizeOfExample(long[] shape) {
    long size = 1;
    for (int i = 1; i < shape.length; i++) {
      size *= shape[i];
    }
    return size;
  }
}
