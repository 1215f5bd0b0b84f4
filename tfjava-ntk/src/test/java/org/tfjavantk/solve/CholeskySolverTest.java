package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;

class CholeskySolverTest extends SolverContract {
  @Override
  Solver solver(Matrix k) {
    return CholeskySolver.of(new MatrixSource(k, "K"));
  }

  @Test
  void theLogarithmOfTheDeterminantIsExact() {
    double[] eigenvalues = new double[90];
    Arrays.setAll(eigenvalues, i -> Math.pow(10, i / 10.0 - 6));
    double expected = Arrays.stream(eigenvalues).map(Math::log).sum();
    try (Matrix k = Matrix.of(TestMatrices.withEigenvalues(eigenvalues));
        CholeskySolver solver = CholeskySolver.of(new MatrixSource(k, "K"))) {
      assertEquals(expected, solver.logDeterminant(0).orElseThrow(), 1e-6);
      assertTrue(solver.logDeterminant(-1).isEmpty());
    }
  }
}
