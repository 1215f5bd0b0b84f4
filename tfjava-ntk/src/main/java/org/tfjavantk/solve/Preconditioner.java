package org.tfjavantk.solve;

import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.ThinSvd;

/**
 * {@code K ≈ U M Uᵀ} with k orthonormal columns U and M diagonal, as a preconditioner of {@code K +
 * λ I}: {@code P⁻¹ = I + U ((μ_k + λ) (M + λ I)⁻¹ − I) Uᵀ} with μ_k the smallest of M. Where the
 * approximation holds, the eigenvalues of {@code P⁻¹ (K + λ I)} are {@code μ_k + λ} and those that
 * were left out. See Frangella, Tropp and Udell, "Randomized Nyström preconditioning", SIAM J.
 * Matrix Anal. Appl. 44 (2023), equation 1.3.
 */
public final class Preconditioner implements AutoCloseable {
  /** Row i is column i of U. */
  private final Matrix vectors;

  private final double[] values;

  private Preconditioner(Matrix vectors, double[] values) {
    this.vectors = vectors;
    this.values = values;
  }

  /** None: P = I. */
  static Preconditioner none(int n) {
    return new Preconditioner(new Matrix(0, n), new double[0]);
  }

  /**
   * Of {@code K ≈ L Lᵀ − shift I}.
   *
   * @param transposed Lᵀ, k x n; becomes part of the result
   */
  static Preconditioner of(Matrix transposed, double shift) {
    ThinSvd svd = ThinSvd.of(transposed);
    double[] values = new double[svd.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(0, svd.values()[i] * svd.values()[i] - shift);
    }
    return new Preconditioner(svd.vectors(), values);
  }

  /** k. */
  public int rank() {
    return values.length;
  }

  /** M: the approximation's eigenvalues, descending. */
  public double[] eigenvalues() {
    return values.clone();
  }

  /** {@code z = P⁻¹ r} for n x m vectors. */
  void apply(double ridge, Matrix r, Matrix z) {
    z.set(r);
    if (values.length == 0) {
      return;
    }
    double smallest = values[values.length - 1] + ridge;
    try (Matrix coefficients = new Matrix(values.length, r.columns())) {
      Matrix.product(1, vectors, false, r, false, 0, coefficients);
      double[] row = new double[r.columns()];
      for (int i = 0; i < values.length; i++) {
        // Where both are 0 the vector isn't known to be in the range of K: it stays.
        double factor = values[i] + ridge == 0 ? 0 : smallest / (values[i] + ridge) - 1;
        coefficients.getRow(i, 0, row, 0, row.length);
        for (int c = 0; c < row.length; c++) {
          row[c] *= factor;
        }
        coefficients.setRow(i, row);
      }
      Matrix.product(1, vectors, true, coefficients, false, 1, z);
    }
  }

  @Override
  public void close() {
    vectors.close();
  }
}
