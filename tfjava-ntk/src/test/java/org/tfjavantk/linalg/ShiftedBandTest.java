package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.linalg.TestMatrices.distance;
import static org.tfjavantk.linalg.TestMatrices.norm;
import static org.tfjavantk.linalg.TestMatrices.product;
import static org.tfjavantk.linalg.TestMatrices.ratio;
import static org.tfjavantk.linalg.TestMatrices.shifted;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShiftedBandTest {
  private static final double LIMIT = 30;

  static java.util.Set<String> positiveDefinite() {
    return TestMatrices.positiveDefinite().keySet();
  }

  @ParameterizedTest
  @MethodSource("positiveDefinite")
  void everyShiftOfEveryBlockIsSolved(String name) {
    double[][] a = TestMatrices.positiveDefinite().get(name);
    int n = a.length;
    double[][] b = TestMatrices.random(n, 3, "rhs");
    double scale = n == 0 ? 1 : a[0][0];
    double[] shifts = {scale, 1e-3 * scale, 1e-2 * scale};
    try (Matrix matrix = Matrix.of(a)) {
      SymmetricHalf half = new SymmetricHalf(matrix);
      for (int m : new int[] {n, n / 2, n}) {
        double[][] rhs = Arrays.copyOf(b, m);
        try (ShiftedBand band = ShiftedBand.reduce(half, m);
            Matrix right = new Matrix(m, 3)) {
          for (int i = 0; i < m; i++) {
            right.setRow(i, rhs[i]);
          }
          List<Optional<Matrix>> solutions = band.solve(shifts, right);
          for (int s = 0; s < shifts.length; s++) {
            double[][] moved = shifted(a, m, shifts[s]);
            try (Matrix x = solutions.get(s).orElseThrow()) {
              double[][] solution = x.toArrays();
              double error = distance(product(moved, solution), rhs);
              assertTrue(ratio(error, norm(moved) * norm(solution), n) < LIMIT);
            }
          }
        }
      }
    }
  }

  @Test
  void bothEndsOfTheSpectrumAreFound() {
    double[] eigenvalues = new double[200];
    Arrays.setAll(eigenvalues, i -> 1 + i / 100.0);
    eigenvalues[0] = 1e-7;
    eigenvalues[199] = 100;
    try (Matrix matrix = Matrix.of(TestMatrices.withEigenvalues(eigenvalues));
        ShiftedBand band = ShiftedBand.reduce(new SymmetricHalf(matrix), 200)) {
      assertEquals(1e-7, band.smallestEigenvalue(1e-7).orElseThrow(), 1e-13);
      assertEquals(100, band.largestEigenvalue(), 1e-10);
    }
  }

  @Test
  void onlyTheShiftsThatSufficeAreSolved() {
    double[] eigenvalues = new double[150];
    Arrays.setAll(eigenvalues, i -> i - 0.5);
    try (Matrix matrix = Matrix.of(TestMatrices.withEigenvalues(eigenvalues));
        Matrix b = Matrix.of(TestMatrices.random(150, 1, "b"));
        ShiftedBand band = ShiftedBand.reduce(new SymmetricHalf(matrix), 150)) {
      List<Optional<Matrix>> found = band.solve(new double[] {0, 0.49, 0.51}, b);
      assertEquals(List.of(false, false, true), found.stream().map(Optional::isPresent).toList());
      found.get(2).orElseThrow().close();
      assertTrue(band.smallestEigenvalue(0.49).isEmpty());
      assertEquals(-0.5, band.smallestEigenvalue(0.51).orElseThrow(), 1e-9);
    }
  }

  @Test
  void whatIsKeptServesAnotherFactorization() {
    double[][] a = TestMatrices.positiveDefinite().get("spread 150");
    try (Matrix matrix = Matrix.of(a);
        Matrix b = Matrix.of(TestMatrices.random(150, 2, "b"));
        Matrix x = b.copy()) {
      ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
      try (ShiftedBand band = ShiftedBand.reduce(cholesky.half(), 120)) {
        assertTrue(band.largestEigenvalue() > 0);
      }
      cholesky.factor(150, 0.5);
      cholesky.solve(x);
      double error = distance(product(shifted(a, 150, 0.5), x.toArrays()), b.toArrays());
      assertTrue(ratio(error, norm(a) * norm(x.toArrays()), 150) < LIMIT);
    }
  }

  @Test
  void nanIsRefused() {
    double[][] a = TestMatrices.positiveDefinite().get("spread 150");
    a[140][3] = a[3][140] = Double.NaN;
    try (Matrix matrix = Matrix.of(a)) {
      SymmetricHalf half = new SymmetricHalf(matrix);
      assertThrows(IllegalArgumentException.class, () -> ShiftedBand.reduce(half, 150));
    }
  }
}
