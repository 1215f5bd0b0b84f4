package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.linalg.TestMatrices.distance;
import static org.tfjavantk.linalg.TestMatrices.norm;
import static org.tfjavantk.linalg.TestMatrices.product;
import static org.tfjavantk.linalg.TestMatrices.ratio;
import static org.tfjavantk.linalg.TestMatrices.shifted;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.linalg.TestMatrices;
import org.tfjavantk.solve.Solution.Failed;
import org.tfjavantk.solve.Solution.Solved;

/** What every solver does, the nasty matrices among its problems. */
abstract class SolverContract {
  private static final int RIGHT_HAND_SIDES = 3;

  /** The solver under test, of a matrix with a row or more unless {@link #solvesEmpty}. */
  abstract Solver solver(Matrix k);

  /** The largest scaled residual. */
  double limit() {
    return 30;
  }

  boolean solvesEmpty() {
    return true;
  }

  static Set<String> positiveDefinite() {
    return TestMatrices.positiveDefinite().keySet();
  }

  private boolean skipped(double[][] a) {
    return a.length == 0 && !solvesEmpty();
  }

  @ParameterizedTest
  @MethodSource("positiveDefinite")
  void everyPositiveDefiniteMatrixIsSolved(String name) {
    double[][] a = TestMatrices.positiveDefinite().get(name);
    if (skipped(a)) {
      return;
    }
    int n = a.length;
    double scale = n == 0 ? 1 : a[0][0];
    double[][] b = TestMatrices.random(n, RIGHT_HAND_SIDES, "b");
    try (Matrix k = Matrix.of(a);
        Matrix right = new Matrix(n, RIGHT_HAND_SIDES);
        Solver solver = solver(k)) {
      for (int i = 0; i < n; i++) {
        right.setRow(i, b[i]);
      }
      for (double ridge : new double[] {scale, 1e-3 * scale}) {
        double[][] moved = shifted(a, n, ridge);
        try (Solved solved = solver.solve(ridge, right).orThrow()) {
          double[][] x = solved.x().toArrays();
          double error = distance(product(moved, x), b);
          assertTrue(
              ratio(error, norm(moved) * norm(x) + norm(b), n) < limit(), name + " " + error);
          verify(solved.certificate(), moved, ridge, error / Math.max(norm(b), 1e-300));
        }
      }
      for (int i = 0; i < n; i++) {
        assertEquals(b[i][1], right.get(i, 1), "the right-hand sides are left as they are");
      }
    }
  }

  private void verify(Certificate certificate, double[][] moved, double ridge, double residual) {
    int n = moved.length;
    assertTrue(certificate.positiveDefinite());
    assertEquals(ridge, certificate.ridge());
    assertEquals(n, certificate.size());
    assertEquals(RIGHT_HAND_SIDES, certificate.relativeResiduals().length);
    assertTrue(certificate.scaledResidual() < limit());
    if (n > 0) {
      assertTrue(certificate.worstResidual() >= residual / 2 - 1e-14, certificate::words);
      double[] eigenvalues = eigenvalues(moved);
      assertTrue(
          certificate.smallest() >= eigenvalues[0] * (1 - smallestError())
              && certificate.smallest() <= eigenvalues[0] * 10,
          () -> certificate.words() + " but " + eigenvalues[0]);
      double condition = norm(moved) / eigenvalues[0];
      assertTrue(
          certificate.condition() > condition / 12
              && certificate.condition() < condition * (1.5 + smallestError()),
          () -> certificate.words() + " but " + condition);
    }
  }

  /** How far the smallest eigenvalue may lie below the true one, as a part of it. */
  double smallestError() {
    return 1e-3;
  }

  private static double[] eigenvalues(double[][] a) {
    try (Matrix matrix = Matrix.of(a)) {
      return SymmetricEigen.values(matrix);
    }
  }

  @Test
  void indefiniteMatricesAreReportedWithTheRidgeThatWouldDo() {
    for (String name : List.of("indefinite", "huge indefinite", "tiny indefinite")) {
      double[][] a = TestMatrices.symmetric().get(name);
      double smallest = eigenvalues(a)[0];
      try (Matrix k = Matrix.of(a);
          Matrix b = Matrix.of(TestMatrices.random(a.length, 1, "b"));
          Solver solver = solver(k)) {
        Failed failed = assertInstanceOf(Failed.class, solver.solve(0, b));
        Certificate certificate = failed.certificate();
        assertFalse(certificate.positiveDefinite());
        assertTrue(certificate.smallest() <= 0 && Double.isFinite(certificate.smallest()), name);
        assertEquals(0, certificate.relativeResiduals().length);
        assertTrue(failed.sufficientRidge() > -smallest, failed.message());
        assertTrue(failed.sufficientRidge() < -100 * smallest, failed.message());
        assertTrue(failed.message().contains("not positive definite"), failed.message());
        assertThrows(UserException.class, failed::orThrow);
        solver.solve(failed.sufficientRidge(), b).orThrow().close();
      }
    }
  }

  @Test
  void singularMatricesAreReportedOrFoundSingular() {
    for (String name : List.of("zero", "singular", "repeated")) {
      double[][] a = TestMatrices.symmetric().get(name);
      try (Matrix k = Matrix.of(a);
          Matrix b = Matrix.of(TestMatrices.random(a.length, 1, "b"));
          Solver solver = solver(k);
          Solution solution = solver.solve(0, b)) {
        // Rounding decides on which side of 0 the eigenvalues lie.
        if (solution instanceof Solved solved) {
          assertTrue(solved.certificate().condition() > 1e12, () -> solved.certificate().words());
        }
      }
    }
  }

  @Test
  void aPathIsWhatSingleSolvesAre() {
    double[][] a = TestMatrices.positiveDefinite().get("spread 150");
    double[] ridges = {1e-3, 0, 10, 0.1, 1, 3, 100, 1e4};
    try (Matrix k = Matrix.of(a);
        Matrix b = Matrix.of(TestMatrices.random(150, 2, "b"));
        Solver solver = solver(k)) {
      List<Solution> path = solver.path(ridges, b);
      for (int i = 0; i < ridges.length; i++) {
        try (Solved one = path.get(i).orThrow();
            Solved other = solver.solve(ridges[i], b).orThrow()) {
          double[][] x = one.x().toArrays();
          assertTrue(distance(x, other.x().toArrays()) < 1e-11 * limit() * norm(x), "" + ridges[i]);
          assertEquals(ridges[i], one.certificate().ridge());
        }
      }
    }
  }

  @Test
  void noRightHandSidesAndZeroOnesAreSolved() {
    double[][] a = TestMatrices.positiveDefinite().get("spread 65");
    try (Matrix k = Matrix.of(a);
        Matrix none = new Matrix(65, 0);
        Matrix zero = new Matrix(65, 2);
        Solver solver = solver(k);
        Solved nothing = solver.solve(1, none).orThrow();
        Solved zeros = solver.solve(1, zero).orThrow()) {
      assertEquals(0, nothing.x().columns());
      assertEquals(0, norm(zeros.x().toArrays()));
      assertEquals(0, zeros.certificate().worstResidual());
    }
  }
}
