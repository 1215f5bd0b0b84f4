package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;

/**
 * Ridge regression of four points with the arc-cosine kernels of random features (RF) and of the
 * tangents of a two-layer network (NT), λ = 0.1, against values computed elsewhere.
 */
class FixtureTest {
  private static final double[][] Y = {{1}, {-1}, {0.5}, {2}};

  private static double[] point(int i) {
    double[] p = new double[3];
    for (int j = 0; j < 3; j++) {
      p[j] = Math.cos(1 + 2 * i + j * (i + 1)) + 0.1 * j;
    }
    return p;
  }

  private static double dot(double[] a, double[] b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  }

  /** {@code ‖x‖ ‖x'‖ κ(cos ∠)} for the points {@code from ..}. */
  private static double[][] kernel(DoubleUnaryOperator kappa, int from, int to) {
    double[][] k = new double[to - from][4];
    for (int i = from; i < to; i++) {
      for (int j = 0; j < 4; j++) {
        double size = Math.sqrt(dot(point(i), point(i)) * dot(point(j), point(j)));
        double cosine = Math.min(1, dot(point(i), point(j)) / size);
        k[i - from][j] = size * kappa.applyAsDouble(cosine);
      }
    }
    return k;
  }

  private static double randomFeatures(double u) {
    return (Math.sqrt(1 - u * u) + u * (Math.PI - Math.acos(u))) / (2 * Math.PI);
  }

  private static double tangents(double u) {
    return randomFeatures(u) + u * (Math.PI - Math.acos(u)) / (2 * Math.PI);
  }

  private static void verify(
      DoubleUnaryOperator kappa, double[] coefficients, double[] predictions, double error) {
    try (Matrix k = Matrix.of(kernel(kappa, 0, 4));
        Matrix y = Matrix.of(Y);
        CholeskySolver solver = CholeskySolver.of(new MatrixSource(k, "K"));
        Solution.Solved solved = solver.solve(0.1, y).orThrow()) {
      double[][] a = solved.x().toArrays();
      assertArrayEquals(coefficients, TestMatrices.transpose(a)[0], 1e-8);
      double[][] found = TestMatrices.product(kernel(kappa, 4, 6), a);
      assertArrayEquals(predictions, TestMatrices.transpose(found)[0], 1e-8);
      double distance = TestMatrices.distance(TestMatrices.product(k.toArrays(), a), Y);
      assertEquals(error, distance * distance / 4, 1e-9);
    }
  }

  @Test
  void randomFeatureKernel() {
    assertArrayEquals(
        new double[] {.50798177, .00061499, .05811043, .41598448},
        kernel(FixtureTest::randomFeatures, 0, 1)[0],
        1e-8);
    verify(
        FixtureTest::randomFeatures,
        new double[] {-1.79446175, -1.00007834, 1.74538673, 4.7842889},
        new double[] {-.90717031, .21669499},
        .0753901120);
  }

  @Test
  void tangentKernel() {
    verify(
        FixtureTest::tangents,
        new double[] {-.89369538, -.41892906, 1.32921619, 2.51919517},
        new double[] {-.92685461, .15795981},
        .0227183824);
  }
}
