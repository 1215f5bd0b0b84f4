package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.linalg.TestMatrices.distance;
import static org.tfjavantk.linalg.TestMatrices.norm;
import static org.tfjavantk.linalg.TestMatrices.product;
import static org.tfjavantk.linalg.TestMatrices.ratio;
import static org.tfjavantk.linalg.TestMatrices.shifted;
import static org.tfjavantk.linalg.TestMatrices.transpose;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.linalg.ShiftedCholesky.Factor;

class ShiftedCholeskyTest {
  private static final double LIMIT = 30;

  static java.util.Set<String> positiveDefinite() {
    return TestMatrices.positiveDefinite().keySet();
  }

  /** Factor, solve, product, condition for shift after shift and block after block. */
  @ParameterizedTest
  @MethodSource("positiveDefinite")
  void everyShiftOfEveryBlockIsSolved(String name) {
    double[][] a = TestMatrices.positiveDefinite().get(name);
    int n = a.length;
    double[][] b = TestMatrices.random(n, 3, "rhs");
    double scale = n == 0 ? 1 : a[0][0];
    try (Matrix matrix = Matrix.of(a)) {
      ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
      for (double shift : new double[] {scale, 0, 1e-3 * scale}) {
        for (int m : new int[] {n, n / 2, n}) {
          assertTrue(cholesky.factor(m, shift).positiveDefinite());
          double[][] shifted = shifted(a, m, shift);
          double[][] rhs = java.util.Arrays.copyOf(b, m);
          try (Matrix u = cholesky.upperFactor();
              Matrix x = new Matrix(m, 3)) {
            double[][] factor = u.toArrays();
            assertTrue(
                ratio(distance(product(transpose(factor), factor), shifted), norm(shifted), n)
                    < LIMIT);
            for (int i = 0; i < m; i++) {
              x.setRow(i, rhs[i]);
            }
            cholesky.solve(x);
            double[][] solution = x.toArrays();
            double error = distance(product(shifted, solution), rhs);
            assertTrue(ratio(error, norm(shifted) * norm(solution), n) < LIMIT);
            try (Matrix ax = cholesky.multiply(x);
                Matrix below = cholesky.multiplyBelow(x)) {
              double[][] expected = product(shifted(a, m, 0), solution);
              double size = norm(a) * norm(solution);
              assertTrue(ratio(distance(ax.toArrays(), expected), size, n) < LIMIT);
              for (int i = m; i < n; i++) {
                double[][] row = {java.util.Arrays.copyOf(a[i], m)};
                double[][] found = {below.getRow(i - m)};
                double[][] wanted = m == 0 ? new double[1][3] : product(row, solution);
                assertTrue(ratio(distance(found, wanted), size, n) < LIMIT);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void theConditionNumberIsEstimated() {
    double[] eigenvalues = new double[50];
    for (double smallest : new double[] {1, 1e-4, 1e-10}) {
      java.util.Arrays.fill(eigenvalues, 1);
      eigenvalues[49] = smallest;
      try (Matrix matrix = Matrix.of(TestMatrices.withEigenvalues(eigenvalues))) {
        ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
        cholesky.factor(50, 0);
        double reciprocal = cholesky.reciprocalCondition().orElseThrow();
        // In the 1-norm, between 1/n and n times that in the 2-norm.
        assertTrue(
            reciprocal < smallest * 1.01 && reciprocal > smallest / 50, () -> "" + reciprocal);
      }
    }
  }

  @Test
  void anIndefiniteMatrixGivesThePivotAndABoundOfTheEigenvalue() {
    for (int n : new int[] {2, 5, 64, 131, 300}) {
      double[] eigenvalues = new double[n];
      for (int i = 0; i < n; i++) {
        eigenvalues[i] = i + 1;
      }
      eigenvalues[0] = -0.5;
      double[][] a = TestMatrices.withEigenvalues(eigenvalues);
      try (Matrix matrix = Matrix.of(a)) {
        ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
        Factor factor = cholesky.factor(n, 0);
        assertFalse(factor.positiveDefinite());
        int j = factor.failedPivot();
        assertTrue(j >= 0 && j < n);
        assertTrue(factor.pivot() < 0);
        assertEquals(referencePivot(a, j), factor.pivot(), 1e-10 * n);
        assertTrue(factor.eigenvalueBound() >= -0.5 - 1e-10 && factor.eigenvalueBound() < 0);
        assertThrows(IllegalStateException.class, () -> cholesky.solve(matrix));
        assertThrows(IllegalStateException.class, cholesky::reciprocalCondition);
        // The failed attempt leaves A whole.
        assertFalse(cholesky.factor(n, 0.49).positiveDefinite());
        assertTrue(cholesky.factor(n, 0.51).positiveDefinite());
        assertTrue(cholesky.factor(j, 0).positiveDefinite());
      }
    }
  }

  /** Pivot j of the elimination without exchanges, all before it being positive. */
  private static double referencePivot(double[][] a, int j) {
    double[][] u = shifted(a, a.length, 0);
    for (int k = 0; k < j; k++) {
      assertTrue(u[k][k] > 0, "an earlier pivot fails");
      for (int i = k + 1; i <= j; i++) {
        double factor = u[k][i] / u[k][k];
        for (int c = i; c <= j; c++) {
          u[i][c] -= factor * u[k][c];
        }
      }
    }
    return u[j][j];
  }

  @Test
  void smallFailuresAreExact() {
    try (Matrix negative = Matrix.of(new double[][] {{-3}});
        Matrix zero = Matrix.of(new double[2][2]);
        Matrix two = Matrix.of(new double[][] {{1, 2}, {2, 1}})) {
      assertEquals(new Factor(1, 1, false, 0, -2, -2), new ShiftedCholesky(negative).factor(1, 1));
      assertEquals(new Factor(2, 0, false, 0, 0, 0), new ShiftedCholesky(zero).factor(2, 0));
      // v = (-2, 1): the Rayleigh quotient is -3 / 5.
      assertEquals(new Factor(2, 0, false, 1, -3, -3 / 5.0), new ShiftedCholesky(two).factor(2, 0));
    }
  }

  @Test
  void nanIsRefused() {
    try (Matrix matrix = Matrix.of(new double[][] {{1, Double.NaN}, {Double.NaN, 1}})) {
      ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
      assertThrows(IllegalArgumentException.class, () -> cholesky.factor(2, 0));
    }
    try (Matrix matrix = new Matrix(2, 3)) {
      assertThrows(IllegalArgumentException.class, () -> new ShiftedCholesky(matrix));
    }
  }

  @Test
  void solutionsAreTheSameAfterManyShifts() {
    double[][] a = TestMatrices.positiveDefinite().get("spread 65");
    try (Matrix matrix = Matrix.of(a);
        Matrix first = Matrix.of(TestMatrices.random(65, 1, "b"));
        Matrix second = Matrix.of(TestMatrices.random(65, 1, "b"))) {
      ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
      cholesky.factor(65, 0.1);
      cholesky.solve(first);
      cholesky.factor(30, -100);
      cholesky.factor(65, 7);
      cholesky.factor(65, 0.1);
      cholesky.solve(second);
      for (int i = 0; i < 65; i++) {
        assertArrayEquals(first.getRow(i), second.getRow(i));
      }
    }
  }
}
