package org.tfjavantk.solve;

import org.tfjavantk.linalg.FloatCholesky;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.solve.Certificate.Meaning;

/**
 * Cholesky's factorization in float32, half the memory and half the time of float64, and iterative
 * refinement with residuals in float64: {@code x ← x + (Uᵀ U)⁻¹ (b − A x)}. Up to condition numbers
 * of some 10⁶ the solution is as good as that in float64 (Higham, "Accuracy and stability of
 * numerical algorithms", chapter 12).
 */
public final class FloatCholeskySolver implements Solver {
  private static final int MOST_REFINEMENTS = 20;
  private static final double GOOD = 4 * 0x1p-53;
  private static final int INVERSE_ITERATIONS = 3;

  private final KernelSource source;
  private final Certifier certifier;

  private FloatCholeskySolver(KernelSource source) {
    this.source = source;
    this.certifier = Certifier.float32(source, "Cholesky in float32, refined in float64");
  }

  /**
   * @throws org.tfjavantk.graphs.UserException when the factor doesn't fit into memory
   */
  public static FloatCholeskySolver of(KernelSource source) {
    Memory.require(
        FloatCholesky.bytes(source.size()),
        source.name() + ": Cholesky's factorization in float32",
        "use the solver OUT_OF_CORE or CONJUGATE_GRADIENTS, or fewer examples");
    return new FloatCholeskySolver(source);
  }

  @Override
  public Solution solve(double ridge, Matrix b) {
    int n = source.size();
    try (FloatCholesky factor = new FloatCholesky(n)) {
      // The scale keeps what float32 can't hold within its range.
      double scale = certifier.norm(ridge) > 0 ? certifier.norm(ridge) : 1;
      double[] scaled = new double[n];
      source.readRows(
          (row, values) -> {
            for (int j = (int) row; j < n; j++) {
              scaled[j] = values[j] / scale;
            }
            factor.setRow((int) row, scaled);
          });
      int failed = factor.factor(ridge / scale);
      if (failed >= 0) {
        return certifier.indefinite(
            ridge, factor.pivot(failed) * scale, Meaning.PIVOT, " in row " + failed);
      }
      double smallest =
          InverseIteration.smallest(n, INVERSE_ITERATIONS, x -> replace(factor, x)) * scale;
      return refine(factor, scale, ridge, b, smallest);
    }
  }

  private static void replace(FloatCholesky factor, Matrix x) {
    try (Matrix b = x.copy()) {
      x.clear();
      factor.addSolution(1, b, x);
    }
  }

  private Solution refine(
      FloatCholesky factor, double scale, double ridge, Matrix b, double smallest) {
    Matrix x = new Matrix(b.rows(), b.columns());
    Matrix residual = b.copy();
    try {
      Certificate best = null;
      for (int step = 0; step < MOST_REFINEMENTS; step++) {
        Matrix next = x.copy();
        factor.addSolution(1 / scale, residual, next);
        Matrix product = new Matrix(b.rows(), b.columns());
        source.times(next, product);
        Certificate found =
            certifier.certify(ridge, b, next, product, smallest, Meaning.ESTIMATE, step);
        residual.close();
        residual = product;
        boolean better = best == null || found.backwardError() < best.backwardError();
        boolean enough =
            found.backwardError() < GOOD
                || best != null && found.backwardError() > best.backwardError() / 2;
        (better ? x : next).close();
        x = better ? next : x;
        best = better ? found : best;
        if (enough) {
          break;
        }
      }
      return new Solution.Solved(x, best);
    } finally {
      residual.close();
    }
  }

  @Override
  public void close() {
    // A factor lives as long as its solve.
  }
}
