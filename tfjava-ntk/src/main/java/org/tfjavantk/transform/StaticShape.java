package org.tfjavantk.transform;

import org.tensorflow.ndarray.Shape;

/** Shapes that are known while the graph is written. */
final class StaticShape {
  private StaticShape() {}

  /** Whether the shape is fully known. */
  static boolean known(Shape shape) {
    return !shape.hasUnknownDimension() && !shape.isUnknown();
  }

  /** A fully known shape as integers. */
  static int[] ints(Shape shape) {
    long[] sizes = shape.asArray();
    int[] ints = new int[sizes.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.toIntExact(sizes[i]);
    }
    return ints;
  }
}
