package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.linalg.TestMatrices.distance;
import static org.tfjavantk.linalg.TestMatrices.norm;
import static org.tfjavantk.linalg.TestMatrices.product;
import static org.tfjavantk.linalg.TestMatrices.shifted;

import org.junit.jupiter.api.Test;

class FloatCholeskyTest {
  @Test
  void systemsAreSolvedToFloat32() {
    for (int n : new int[] {0, 1, 2, 65, 150}) {
      double[][] a = TestMatrices.positiveDefinite().getOrDefault("spread " + n, new double[n][n]);
      try (FloatCholesky cholesky = new FloatCholesky(n);
          Matrix b = Matrix.of(TestMatrices.random(n, 2, "b"));
          Matrix x = new Matrix(n, b.columns())) {
        for (int i = 0; i < n; i++) {
          cholesky.setRow(i, a[i]);
        }
        assertEquals(-1, cholesky.factor(0.5));
        cholesky.addSolution(1, b, x);
        double[][] shifted = shifted(a, n, 0.5);
        double error = distance(product(shifted, x.toArrays()), b.toArrays());
        double scale = norm(shifted) * norm(x.toArrays());
        assertTrue(error <= 30 * Math.max(1, n) * 0x1p-24 * scale, n + ": " + error);
      }
    }
  }

  @Test
  void aNegativePivotIsFound() {
    try (FloatCholesky cholesky = new FloatCholesky(2);
        Matrix b = new Matrix(2, 1)) {
      cholesky.setRow(0, new double[] {1, 2});
      cholesky.setRow(1, new double[] {2, 1});
      assertEquals(1, cholesky.factor(0));
      assertEquals(-3, cholesky.pivot(1));
      assertThrows(IllegalStateException.class, () -> cholesky.addSolution(1, b, b));
    }
  }
}
