package org.tfjavantk.empirical;

import java.util.List;
import java.util.Optional;
import org.tfjavantk.graphs.Parameter;

/**
 * A parameter's part of the kernel: its uses and how they are contracted. A parameter with several
 * uses has gradients that add up before they are contracted, hence the cross terms between its
 * uses.
 *
 * @param layer if the parameter is the weights of a dense layer or of a convolution, and nothing
 *     else
 */
record Part(Parameter parameter, List<Use> uses, Optional<LinearLayer> layer, Route route) {
  /** How many times larger gradients may be that needn't be formed again for every tile. */
  private static final double MORE = 1.5;

  /** A part on the cheaper route. */
  static Part of(Parameter parameter, List<Use> uses, int outputs, Pairing pairing) {
    Optional<LinearLayer> layer = LinearLayer.of(uses);
    Route route = layer.map(l -> Route.cheaper(l, outputs, pairing)).orElse(Route.JACOBIAN);
    return new Part(parameter, uses, layer, route);
  }

  /** The same part on another route; only layers have a choice. */
  Part on(Route other) {
    return layer.isPresent() ? new Part(parameter, uses, layer, other) : this;
  }

  /**
   * Whether per-example gradients are kept; else the {@link Ingredients} are, for the Gram route,
   * or because they are so much smaller than the gradients that these are formed again and again.
   */
  boolean keepsGradients(int outputs) {
    return route == Route.JACOBIAN
        && (layer.isEmpty() || gradients(outputs) <= MORE * ingredients(layer.get(), outputs));
  }

  private long gradients(int outputs) {
    return (long) outputs * parameter.spec().size();
  }

  private static long ingredients(LinearLayer layer, int outputs) {
    return layer.inputs() + layer.cotangents(outputs);
  }

  boolean opaque() {
    return uses.stream().anyMatch(use -> use instanceof Use.Opaque);
  }

  /** Values that a panel keeps for one example. */
  long kept(int outputs) {
    return keepsGradients(outputs) ? gradients(outputs) : ingredients(layer.orElseThrow(), outputs);
  }

  /** Values beside the kept ones that exist for one example while the factors are computed. */
  long temporary(int outputs) {
    // Stacking copies.
    long values = layer.map(l -> ingredients(l, outputs)).orElseGet(() -> 2 * kept(outputs));
    for (Use use : uses) {
      if (use.z() != null) {
        values += (outputs + 1L) * sizeOfExample(use.z().shape().asArray());
      }
      if (use instanceof Use.Conv conv && layer.isEmpty()) {
        Geometry geometry = Geometry.of(conv);
        values += (long) geometry.positions() * geometry.patch();
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
