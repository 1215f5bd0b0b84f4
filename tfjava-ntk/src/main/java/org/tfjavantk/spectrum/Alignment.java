package org.tfjavantk.spectrum;

import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.KernelSource;

/** How a kernel fits targets Y, n x r. */
public final class Alignment {
  private Alignment() {}

  /**
   * Kernel-target alignment {@code ⟨K, Y Yᵀ⟩ / (‖K‖ ‖Y Yᵀ‖)}, at most 1 (Cristianini et al., "On
   * kernel-target alignment", NIPS 2001); 0 for K = 0 or Y = 0.
   */
  public static double withTarget(KernelSource source, Matrix y) {
    int r = y.columns();
    try (Matrix product = new Matrix(y.rows(), r);
        Matrix inner = new Matrix(r, r);
        Matrix gram = new Matrix(r, r)) {
      source.times(y, product);
      Matrix.product(1, y, true, product, false, 0, inner);
      // ‖Y Yᵀ‖ = ‖Yᵀ Y‖.
      Matrix.product(1, y, true, y, false, 0, gram);
      double trace = 0;
      for (int c = 0; c < r; c++) {
        trace += inner.get(c, c);
      }
      double scale = source.frobeniusNorm() * gram.frobeniusNorm();
      return scale == 0 ? 0 : trace / scale;
    }
  }

  /**
   * The part of the targets in the span of the first eigenvectors: {@code Σ_{i ≤ k} ‖v_iᵀ Y‖² /
   * ‖Y‖²} for k = 1, 2, …
   *
   * @param vectors row i is unit eigenvector i
   */
  public static double[] withEigenvectors(Matrix vectors, Matrix y) {
    try (Matrix coefficients = new Matrix(vectors.rows(), y.columns())) {
      Matrix.product(1, vectors, false, y, false, 0, coefficients);
      double all = y.frobeniusNorm();
      double[] cumulative = new double[vectors.rows()];
      double sum = 0;
      double[] row = new double[y.columns()];
      for (int i = 0; i < cumulative.length; i++) {
        coefficients.getRow(i, 0, row, 0, row.length);
        for (double value : row) {
          sum += value / all * (value / all);
        }
        cumulative[i] = all == 0 ? 0 : sum;
      }
      return cumulative;
    }
  }

  /** {@code (tr K)² / ‖K‖²}, the participation ratio of the eigenvalues, without them. */
  public static double participationRatio(double trace, double frobeniusNorm) {
    double ratio = frobeniusNorm == 0 ? 0 : trace / frobeniusNorm;
    return ratio * ratio;
  }
}
