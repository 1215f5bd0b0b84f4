package org.tfjavantk.infinite;

import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/** Products of vectors, all of a tile at once. */
final class Products {
  private Products() {}

  /** X Zᵀ of vectors of d numbers in float64; of the same vectors its upper triangle. */
  static NativeArray of(double[] x, double[] z, int d, boolean alone) {
    try (NativeArray left = vectors(x);
        NativeArray right = alone ? null : vectors(z)) {
      return of(left, alone ? left : right, d);
    }
  }

  /** The same in float32. */
  static NativeArray of(float[] x, float[] z, int d, boolean alone) {
    try (NativeArray left = vectors(x);
        NativeArray right = alone ? null : vectors(z)) {
      return of(left, alone ? left : right, d);
    }
  }

  private static NativeArray of(NativeArray x, NativeArray z, int d) {
    int n1 = (int) (x.length() / d);
    int n2 = (int) (z.length() / d);
    NativeArray products = NativeArray.zeros(x.precision(), (long) n1 * n2);
    View to = new View(products, 0, n2);
    if (x == z) {
      NativeArray.addSquare(n1, d, new View(x, 0, d), to);
    } else {
      NativeArray.timesTransposed(n1, n2, d, new View(x, 0, d), new View(z, 0, d), 0, to);
    }
    return products;
  }

  private static NativeArray vectors(double[] x) {
    NativeArray array = NativeArray.allocate(Precision.FLOAT64, x.length);
    array.put(0, x, 0, x.length);
    return array;
  }

  private static NativeArray vectors(float[] x) {
    NativeArray array = NativeArray.allocate(Precision.FLOAT32, x.length);
    array.put(0, x, 0, x.length);
    return array;
  }
}
