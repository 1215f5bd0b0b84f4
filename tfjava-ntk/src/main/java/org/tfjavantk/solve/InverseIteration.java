package org.tfjavantk.solve;

import java.util.function.Consumer;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.random.RandomStream;

/**
 * The smallest eigenvalue of a positive definite matrix from a few solutions with it: the largest
 * growth of a random vector. Never below the true one but for rounding.
 */
final class InverseIteration {
  private static final int VECTORS = 1;

  private InverseIteration() {}

  /**
   * @param iterations how many solutions; 3 are mostly right to a factor of two
   * @param solve replaces a vector, n x 1, by the solution
   */
  static double smallest(int n, int iterations, Consumer<Matrix> solve) {
    if (n == 0) {
      return Double.POSITIVE_INFINITY;
    }
    RandomStream random = RandomStream.of(0, "solve/inverse");
    try (Matrix x = new Matrix(n, VECTORS)) {
      double[] row = new double[VECTORS];
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < VECTORS; c++) {
          row[c] = random.normal((long) i * VECTORS + c);
        }
        x.setRow(i, row);
      }
      double largest = 0;
      for (int k = 0; k < iterations; k++) {
        normalize(x, row);
        solve.accept(x);
        for (double growth : x.columnNorms()) {
          largest = Math.max(largest, growth);
        }
      }
      return 1 / largest;
    }
  }

  private static void normalize(Matrix x, double[] row) {
    double[] norms = x.columnNorms();
    for (int i = 0; i < x.rows(); i++) {
      x.getRow(i, 0, row, 0, VECTORS);
      for (int c = 0; c < VECTORS; c++) {
        row[c] /= norms[c];
      }
      x.setRow(i, row);
    }
  }
}
