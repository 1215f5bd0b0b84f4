package org.tfjavantk.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/**
 * The left half of a singular value decomposition {@code L = U Σ Vᵀ} of a tall matrix: n x k, k not
 * above n.
 *
 * @param vectors the rows are the columns of U: k x n
 * @param values Σ, descending
 */
public record ThinSvd(Matrix vectors, double[] values) implements AutoCloseable {

  /**
   * By LAPACK's dgesdd in some 6 n k² operations.
   *
   * @param transposed Lᵀ, k x n; overwritten by the vectors and owned by the result
   * @throws IllegalArgumentException when it holds NaN
   */
  public static ThinSvd of(Matrix transposed) {
    int k = transposed.rows();
    int n = transposed.columns();
    if (k > n) {
      throw new IllegalArgumentException("rank " + k + " of a matrix with " + n + " rows");
    }
    double[] values = new double[k];
    if (k > 0) {
      try (DoublePointer sigma = new DoublePointer(k);
          Matrix right = new Matrix(k, k);
          DoublePointer none = new DoublePointer(1)) {
        int info =
            openblas.LAPACKE_dgesdd(
                openblas.LAPACK_COL_MAJOR,
                (byte) 'O',
                n,
                k,
                transposed.pointer(),
                transposed.stride(),
                sigma,
                none,
                n,
                right.pointer(),
                k);
        if (info < 0) {
          throw new IllegalArgumentException("the matrix holds NaN (LAPACKE_dgesdd: " + info + ")");
        }
        if (info > 0) {
          throw new ArithmeticException("the singular values did not converge: dgesdd " + info);
        }
        sigma.get(values);
      }
    }
    return new ThinSvd(transposed, values);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
