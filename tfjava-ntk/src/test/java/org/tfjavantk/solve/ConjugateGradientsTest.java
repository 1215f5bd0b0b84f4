package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;
import org.tfjavantk.solve.ConjugateGradients.Settings;
import org.tfjavantk.solve.Preconditioners.Kind;

class ConjugateGradientsTest {
  private static ConjugateGradients solver(Matrix k, Kind kind, int rank) {
    return ConjugateGradients.of(new MatrixSource(k, "K"), Settings.of(1e-12, 3000, kind, rank));
  }

  abstract static class Contract extends SolverContract {
    abstract Kind kind();

    @Override
    Solver solver(Matrix k) {
      return ConjugateGradientsTest.solver(k, kind(), 40);
    }

    /** That of the tolerance. */
    @Override
    double limit() {
      return 1e5;
    }

    /** The Ritz value is of the preconditioned matrix. */
    @Override
    double smallestError() {
      return 0.5;
    }
  }

  @Nested
  class Plain extends Contract {
    @Override
    Kind kind() {
      return Kind.NONE;
    }
  }

  @Nested
  class Nystrom extends Contract {
    @Override
    Kind kind() {
      return Kind.NYSTROM;
    }
  }

  @Nested
  class PivotedCholesky extends Contract {
    @Override
    Kind kind() {
      return Kind.PIVOTED_CHOLESKY;
    }
  }

  /** A kernel whose eigenvalues fall over ten decades. */
  private static Matrix falling(int n) {
    double[] eigenvalues = new double[n];
    Arrays.setAll(eigenvalues, i -> Math.pow(10, 3 - i / 5.0) + 1e-7);
    return Matrix.of(TestMatrices.withEigenvalues(eigenvalues));
  }

  @Test
  void preconditionersSaveIterations() {
    try (Matrix k = falling(200);
        Matrix b = Matrix.of(TestMatrices.random(200, 2, "b"))) {
      int plain = iterations(k, b, Kind.NONE);
      for (Kind kind : new Kind[] {Kind.NYSTROM, Kind.PIVOTED_CHOLESKY}) {
        int found = iterations(k, b, kind);
        assertTrue(found <= plain / 5, kind + ": " + found + " of " + plain);
      }
    }
  }

  private static int iterations(Matrix k, Matrix b, Kind kind) {
    try (ConjugateGradients solver =
            ConjugateGradients.of(new MatrixSource(k, "K"), Settings.of(1e-6, 20_000, kind, 60));
        Solution.Solved solved = solver.solve(1e-7, b).orThrow()) {
      return solved.certificate().iterations();
    }
  }

  @Test
  void theApproximationHasTheLeadingEigenvalues() {
    try (Matrix k = falling(100)) {
      for (Kind kind : new Kind[] {Kind.NYSTROM, Kind.PIVOTED_CHOLESKY}) {
        try (Preconditioner p = Preconditioners.of(kind, new MatrixSource(k, "K"), 60, 3)) {
          double[] values = p.eigenvalues();
          assertEquals(60, p.rank());
          for (int i = 0; i < 20; i++) {
            assertEquals(Math.pow(10, 3 - i / 5.0), values[i], 1e-3 * values[i], kind + " " + i);
          }
        }
      }
    }
  }

  @Test
  void pivotedCholeskyStopsAtTheRank() {
    double[][] l = TestMatrices.random(30, 4, "L");
    try (Matrix k = Matrix.of(TestMatrices.product(l, TestMatrices.transpose(l)));
        Preconditioner p =
            Preconditioners.of(Kind.PIVOTED_CHOLESKY, new MatrixSource(k, "K"), 10, 1)) {
      assertEquals(4, p.rank());
    }
  }

  @Test
  void tooFewIterationsAreReported() {
    try (Matrix k = falling(100);
        Matrix b = Matrix.of(TestMatrices.random(100, 1, "b"));
        ConjugateGradients solver =
            ConjugateGradients.of(new MatrixSource(k, "K"), Settings.of(1e-10, 5, Kind.NONE, 0))) {
      var failed = assertInstanceOf(Solution.Failed.class, solver.solve(0, b));
      assertTrue(failed.message().contains("in 5 iterations"), failed.message());
      assertTrue(failed.certificate().worstResidual() > 1e-10);
    }
  }

  /** Fails after so many products. */
  private record Killed(MatrixSource source, int[] left) implements KernelSource {
    @Override
    public int size() {
      return source.size();
    }

    @Override
    public String name() {
      return source.name();
    }

    @Override
    public double frobeniusNorm() {
      return source.frobeniusNorm();
    }

    @Override
    public void times(Matrix x, Matrix result) {
      if (left[0]-- == 0) {
        throw new IllegalStateException("killed");
      }
      source.times(x, result);
    }
  }

  @Test
  void anInterruptedSolveGoesOn(@TempDir Path folder) {
    Path file = folder.resolve("cg");
    double[] heard = new double[2];
    Settings settings =
        new Settings(
            1e-8,
            2000,
            Kind.NONE,
            0,
            0,
            file,
            3,
            (iteration, residual) -> {
              heard[0] = iteration;
              heard[1] = residual;
            });
    try (Matrix k = Matrix.of(TestMatrices.positiveDefinite().get("spread 150"));
        Matrix b = Matrix.of(TestMatrices.random(150, 2, "b"))) {
      MatrixSource source = new MatrixSource(k, "K");
      int[] left = {10};
      try (Solver killed = ConjugateGradients.of(new Killed(source, left), settings)) {
        assertThrows(IllegalStateException.class, () -> killed.solve(0.1, b));
      }
      assertTrue(Files.exists(file));
      int[] counted = {1000};
      try (Solver resumed = ConjugateGradients.of(new Killed(source, counted), settings);
          Solver whole = ConjugateGradients.of(source, Settings.of(1e-8, 2000, Kind.NONE, 0));
          Solution.Solved found = resumed.solve(0.1, b).orThrow();
          Solution.Solved expected = whole.solve(0.1, b).orThrow()) {
        for (int i = 0; i < 150; i++) {
          assertArrayEquals(expected.x().getRow(i), found.x().getRow(i));
        }
        assertEquals(expected.certificate().iterations(), found.certificate().iterations());
        assertEquals(found.certificate().iterations(), heard[0]);
        assertTrue(heard[1] > 0 && heard[1] <= 1e-8, "" + heard[1]);
        // Nine iterations were not done again; one product certifies.
        assertEquals(found.certificate().iterations() - 9 + 1, 1000 - counted[0]);
      }
      assertFalse(Files.exists(file));
    }
  }

  @Test
  void aCheckpointOfAnotherProblemIsNotUsed(@TempDir Path folder) {
    Path file = folder.resolve("cg");
    Settings settings = new Settings(1e-8, 2000, Kind.NONE, 0, 0, file, 3, (i, residual) -> {});
    try (Matrix k = Matrix.of(TestMatrices.positiveDefinite().get("spread 150"));
        Matrix b = Matrix.of(TestMatrices.random(150, 1, "b"))) {
      MatrixSource source = new MatrixSource(k, "K");
      try (Solver killed = ConjugateGradients.of(new Killed(source, new int[] {10}), settings);
          Solver other = ConjugateGradients.of(source, settings)) {
        assertThrows(IllegalStateException.class, () -> killed.solve(0.1, b));
        try (Solution.Solved solved = other.solve(0.2, b).orThrow()) {
          assertTrue(solved.certificate().worstResidual() <= 1e-8);
        }
      }
    }
  }
}
