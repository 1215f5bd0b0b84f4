package org.tfjavantk.spectrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.linalg.TestMatrices;
import org.tfjavantk.solve.MatrixSource;

class LanczosTest {
  private static final int N = 120;

  /** A random kernel whose spectrum is known: falling like that of a smooth kernel. */
  private static double[] falling() {
    double[] eigenvalues = new double[N];
    Arrays.setAll(eigenvalues, i -> 1e-3 + 10 * Math.exp(-i / 6.0));
    return eigenvalues;
  }

  private static double sum(double[] eigenvalues, DoubleUnaryOperator f) {
    return Arrays.stream(eigenvalues).map(f).sum();
  }

  @Test
  void theLargestEigenpairsAreFound() {
    double[] eigenvalues = falling();
    double[][] a = TestMatrices.withEigenvalues(eigenvalues);
    try (Matrix k = Matrix.of(a);
        TopEigenvalues top = TopEigenvalues.of(new MatrixSource(k, "K"), 10, 1)) {
      for (int i = 0; i < 10; i++) {
        assertEquals(eigenvalues[i], top.values()[i], 1e-9);
        assertTrue(top.errors()[i] <= 1e-9);
      }
      double[][] v = top.vectors().toArrays();
      double[][] av = TestMatrices.product(v, a);
      for (int i = 0; i < 10; i++) {
        double[] scaled = v[i].clone();
        for (int j = 0; j < N; j++) {
          scaled[j] *= top.values()[i];
        }
        assertArrayEquals(scaled, av[i], 1e-6);
      }
      assertTrue(top.products() < N, "fewer products than rows: " + top.products());
    }
  }

  @Test
  void awkwardMatricesEndEarly() {
    try (Matrix zero = new Matrix(5, 5);
        TopEigenvalues none = TopEigenvalues.of(new MatrixSource(zero, "0"), 3, 1)) {
      assertArrayEquals(new double[] {0}, none.values());
    }
    double[] two = new double[30];
    Arrays.setAll(two, i -> i % 2 == 0 ? 4 : -1);
    try (Matrix k = Matrix.of(TestMatrices.withEigenvalues(two));
        TopEigenvalues found = TopEigenvalues.of(new MatrixSource(k, "K"), 5, 1)) {
      assertEquals(2, found.values().length);
      assertEquals(4, found.values()[0], 1e-12);
      assertEquals(-1, found.values()[1], 1e-12);
      assertThrows(
          IllegalArgumentException.class, () -> TopEigenvalues.of(new MatrixSource(k, "K"), 31, 1));
    }
  }

  /** Most of the stated 95% intervals hold, and they are no wider than needed. */
  @Test
  void intervalsCoverTheTruth() {
    double[] eigenvalues = falling();
    double logDeterminant = sum(eigenvalues, x -> Math.log(x + 1e-3));
    double trace = sum(eigenvalues, x -> x);
    double dimension = sum(eigenvalues, x -> x / (x + 0.1));
    double[][] q = TestMatrices.random(N, N, "basis");
    try (Matrix basis = Matrix.of(TestMatrices.product(q, TestMatrices.transpose(q)))) {
      SymmetricEigen.valuesAndVectors(basis);
      double[][] v = basis.toArrays();
      double[][] scaled = new double[N][N];
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
          scaled[i][j] = eigenvalues[i] * v[i][j];
        }
      }
      int[] covered = new int[3];
      try (Matrix k = Matrix.of(TestMatrices.product(TestMatrices.transpose(v), scaled))) {
        for (int seed = 0; seed < 100; seed++) {
          LanczosQuadrature found = LanczosQuadrature.of(new MatrixSource(k, "K"), 10, 45, seed);
          covered[0] += found.logDeterminant(1e-3).covers(logDeterminant) ? 1 : 0;
          covered[1] += found.trace().covers(trace) ? 1 : 0;
          covered[2] += found.effectiveDimension(0.1).covers(dimension) ? 1 : 0;
          assertTrue(found.trace().margin() < trace);
          assertTrue(found.logDeterminant(1e-3).margin() < 0.1 * Math.abs(logDeterminant));
        }
      }
      for (int count : covered) {
        assertTrue(count >= 90, Arrays.toString(covered));
      }
    }
  }

  @Test
  void densitiesIntegrateToOneAndCountsToTheirNumber() {
    double[] eigenvalues = falling();
    try (Matrix k = Matrix.of(TestMatrices.withEigenvalues(eigenvalues))) {
      LanczosQuadrature found = LanczosQuadrature.of(new MatrixSource(k, "K"), 20, 120, 3);
      double[] x = new double[4000];
      Arrays.setAll(x, i -> -3 + 18.0 * i / x.length);
      double integral = Arrays.stream(found.density(x, 0.3)).sum() * 18 / x.length;
      assertEquals(1, integral, 1e-6);
      assertTrue(found.range()[0] >= 1e-3 - 1e-9 && found.range()[1] <= 10.001 + 1e-9);
      assertTrue(found.count(1, 100).covers(sum(eigenvalues, v -> v > 1 ? 1 : 0)));
      assertEquals(N, found.count(-1, 100).value(), 1e-9);
    }
  }

  @Test
  void alignments() {
    double[] y = TestMatrices.random(1, 40, "y")[0];
    double norm = TestMatrices.norm(new double[][] {y});
    double[][] outer = new double[40][40];
    double[][] column = new double[40][1];
    double[][] unit = {y.clone()};
    for (int i = 0; i < 40; i++) {
      column[i][0] = y[i];
      unit[0][i] /= norm;
      for (int j = 0; j < 40; j++) {
        outer[i][j] = y[i] * y[j];
      }
    }
    try (Matrix perfect = Matrix.of(outer);
        Matrix identity = Matrix.of(TestMatrices.shifted(new double[40][40], 40, 1));
        Matrix zero = new Matrix(40, 40);
        Matrix target = Matrix.of(column);
        Matrix vectors = Matrix.of(unit)) {
      assertEquals(1, Alignment.withTarget(new MatrixSource(perfect, "K"), target), 1e-14);
      assertEquals(
          1 / Math.sqrt(40), Alignment.withTarget(new MatrixSource(identity, "I"), target), 1e-14);
      assertEquals(0, Alignment.withTarget(new MatrixSource(zero, "0"), target));
      assertArrayEquals(new double[] {1}, Alignment.withEigenvectors(vectors, target), 1e-14);
      double[] parts = Alignment.withEigenvectors(identity, target);
      assertEquals(y[0] * y[0] / (norm * norm), parts[0], 1e-14);
      assertEquals(1, parts[39], 1e-13);
    }
    assertEquals(40, Alignment.participationRatio(40, Math.sqrt(40)), 1e-12);
  }
}
