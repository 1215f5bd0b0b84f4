package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.linalg.TestMatrices.distance;
import static org.tfjavantk.linalg.TestMatrices.norm;
import static org.tfjavantk.linalg.TestMatrices.product;
import static org.tfjavantk.linalg.TestMatrices.ratio;
import static org.tfjavantk.linalg.TestMatrices.transpose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SymmetricEigenTest {
  private static final double LIMIT = 30;

  static java.util.Set<String> symmetric() {
    return TestMatrices.symmetric().keySet();
  }

  @ParameterizedTest
  @MethodSource("symmetric")
  void vectorsAreOrthonormalAndDiagonalize(String name) {
    double[][] a = TestMatrices.symmetric().get(name);
    int n = a.length;
    try (Matrix matrix = Matrix.of(a);
        Matrix again = Matrix.of(a)) {
      double[] eigenvalues = SymmetricEigen.valuesAndVectors(matrix);
      double[][] v = matrix.toArrays();
      double[][] lambdaV = new double[n][n];
      double[][] identity = new double[n][n];
      for (int i = 0; i < n; i++) {
        identity[i][i] = 1;
        for (int j = 0; j < n; j++) {
          lambdaV[i][j] = eigenvalues[i] * v[i][j];
        }
      }
      assertTrue(ratio(distance(product(v, a), lambdaV), norm(a), n) < LIMIT);
      assertTrue(ratio(distance(product(v, transpose(v)), identity), 1, n) < LIMIT);
      double[] values = SymmetricEigen.values(again);
      for (int i = 0; i < n; i++) {
        assertTrue(ratio(Math.abs(values[i] - eigenvalues[i]), norm(a), n) < LIMIT);
        assertTrue(i == 0 || values[i - 1] <= values[i]);
      }
    }
  }

  @Test
  void knownSpectra() {
    try (Matrix diagonal = Matrix.of(new double[][] {{3, 0, 0}, {0, -1, 0}, {0, 0, 2}})) {
      assertArrayEquals(new double[] {-1, 2, 3}, SymmetricEigen.values(diagonal), 1e-15);
    }
    int n = 40;
    try (Matrix path = new Matrix(n, n)) {
      for (int i = 0; i < n; i++) {
        path.set(i, i, 2);
        if (i > 0) {
          path.set(i - 1, i, -1);
        }
      }
      // Dirichlet path: 2 - 2 cos(pi k / (n + 1)). The values below the diagonal are not read.
      double[] values = SymmetricEigen.values(path);
      for (int k = 1; k <= n; k++) {
        assertEquals(2 - 2 * Math.cos(Math.PI * k / (n + 1)), values[k - 1], 1e-14);
      }
    }
  }

  @Test
  void badMatricesAreRefused() {
    try (Matrix nan = Matrix.of(new double[][] {{1, Double.NaN}, {0, 1}});
        Matrix wide = new Matrix(1, 2);
        Matrix large = new Matrix(SymmetricEigen.LARGEST_WITH_VECTORS + 1, 0)) {
      assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.values(nan));
      assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.values(wide));
      assertThrows(IllegalArgumentException.class, () -> SymmetricEigen.valuesAndVectors(large));
    }
  }
}
