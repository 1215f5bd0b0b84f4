package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;

class EigenSolverTest extends SolverContract {
  @Override
  Solver solver(Matrix k) {
    return EigenSolver.of(new MatrixSource(k, "K"));
  }

  @Test
  void diagonalAndTraceOfTheInverse() {
    double[][] a = TestMatrices.positiveDefinite().get("spread 65");
    try (Matrix k = Matrix.of(a);
        Matrix units = new Matrix(65, 65);
        EigenSolver solver = EigenSolver.of(new MatrixSource(k, "K"))) {
      for (int i = 0; i < 65; i++) {
        units.set(i, i, 1);
      }
      try (Solution.Solved inverse = solver.solve(0.3, units).orThrow()) {
        double[] diagonal = solver.inverseDiagonal(0.3);
        double trace = 0;
        for (int i = 0; i < 65; i++) {
          assertEquals(inverse.x().get(i, i), diagonal[i], 1e-13);
          trace += diagonal[i];
        }
        assertEquals(trace, solver.inverseTrace(0.3), 1e-12);
      }
    }
  }
}
