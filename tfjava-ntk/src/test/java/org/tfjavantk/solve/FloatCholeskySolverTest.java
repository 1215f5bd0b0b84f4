package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;

class FloatCholeskySolverTest extends SolverContract {
  @Override
  Solver solver(Matrix k) {
    return FloatCholeskySolver.of(new MatrixSource(k, "K"));
  }

  @Override
  double smallestError() {
    return 1e-2;
  }

  @Test
  void whatFloat32CannotFactorFloat64Would() {
    double[] eigenvalues = new double[100];
    Arrays.setAll(eigenvalues, i -> i == 0 ? 1 : 1e-11);
    try (Matrix k = Matrix.of(TestMatrices.withEigenvalues(eigenvalues));
        Matrix b = Matrix.of(TestMatrices.random(100, 1, "b"));
        Solver solver = solver(k)) {
      var failed = assertInstanceOf(Solution.Failed.class, solver.solve(0, b));
      assertTrue(failed.message().contains("factor in float64"), failed.message());
      solver.solve(failed.sufficientRidge(), b).orThrow().close();
    }
  }
}
