package org.tfjavantk.linalg;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/** Eigenvalues of symmetric matrices, in the memory of the matrix (LAPACK's dsyevd). */
public final class SymmetricEigen {
  /** Beyond this size the work space that dsyevd needs for vectors has no 32-bit length. */
  static final int LARGEST_WITH_VECTORS = 32_000;

  private SymmetricEigen() {}

  /**
   * All eigenvalues of the symmetric matrix, ascending, in 4 n³/3 operations. Only the values on
   * and above the diagonal are read; all may be overwritten.
   *
   * @throws IllegalArgumentException when the matrix isn't square or holds NaN
   */
  public static double[] values(Matrix matrix) {
    return solve(matrix, (byte) 'N');
  }

  /**
   * All eigenvalues, ascending; row i of the matrix becomes the unit eigenvector of eigenvalue i.
   * It takes twice the memory of the matrix in addition.
   *
   * @throws IllegalArgumentException when the matrix isn't square, holds NaN or has more than
   *     32,000 rows
   */
  public static double[] valuesAndVectors(Matrix matrix) {
    if (matrix.rows() > LARGEST_WITH_VECTORS) {
      throw new IllegalArgumentException(
          matrix.rows() + " rows; eigenvectors are limited to " + LARGEST_WITH_VECTORS);
    }
    return solve(matrix, (byte) 'V');
  }

  private static double[] solve(Matrix matrix, byte job) {
    int n = matrix.rows();
    if (n != matrix.columns()) {
      throw new IllegalArgumentException(n + " x " + matrix.columns() + " is not square");
    }
    double[] eigenvalues = new double[n];
    if (n == 0) {
      return eigenvalues;
    }
    try (DoublePointer target = new DoublePointer(n)) {
      // Row-major upper is column-major lower; column-major eigenvectors are rows here.
      int info =
          openblas.LAPACKE_dsyevd(
              openblas.LAPACK_COL_MAJOR, job, (byte) 'L', n, matrix.pointer(), n, target);
      if (info < 0) {
        throw new IllegalArgumentException("the matrix holds NaN (LAPACKE_dsyevd: " + info + ")");
      }
      if (info > 0) {
        throw new ArithmeticException("the eigenvalues did not converge: dsyevd gave " + info);
      }
      target.get(eigenvalues);
    }
    return eigenvalues;
  }
}
