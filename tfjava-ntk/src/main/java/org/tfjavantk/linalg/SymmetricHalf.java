package org.tfjavantk.linalg;

import org.bytedeco.openblas.global.openblas;

/**
 * A symmetric matrix A in the triangle below the diagonal of a square matrix, its diagonal in an
 * array. The diagonal and the triangle above it are room for a factorization of the leading block,
 * so that A is there for residuals and for the next factorization in the memory of A alone.
 */
public final class SymmetricHalf {
  private final Matrix matrix;
  private final double[] diagonal;

  /** Rows and columns of the leading block in whose room a factorization lies. */
  private int taken;

  /**
   * Takes over the matrix, both of whose triangles hold A; closing it stays with the caller.
   *
   * @throws IllegalArgumentException when it isn't square
   */
  public SymmetricHalf(Matrix matrix) {
    if (matrix.rows() != matrix.columns()) {
      throw new IllegalArgumentException(matrix.rows() + " x " + matrix.columns());
    }
    this.matrix = matrix;
    this.diagonal = new double[matrix.rows()];
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = matrix.get(i, i);
    }
  }

  /** Rows and columns of A. */
  public int size() {
    return diagonal.length;
  }

  /** {@code A[i, i]}. */
  public double diagonal(int i) {
    return diagonal[i];
  }

  /**
   * The matrix with {@code A + shift I} on and above the diagonal of the leading m x m block, to be
   * overwritten there.
   */
  Matrix take(int m, double shift) {
    matrix.mirrorLowerToUpper(taken);
    for (int i = 0; i < taken; i++) {
      matrix.set(i, i, diagonal[i]);
    }
    for (int i = 0; i < m; i++) {
      matrix.set(i, i, diagonal[i] + shift);
    }
    taken = m;
    return matrix;
  }

  /** {@code A x} for the leading block of A, of the size of x. */
  public Matrix multiply(Matrix x) {
    int m = x.rows();
    Matrix product = new Matrix(m, x.columns());
    if (m == 0 || x.columns() == 0) {
      return product;
    }
    // The diagonal of the factor makes room for that of A during the product.
    double[] kept = swapDiagonal(diagonal, m);
    openblas.cblas_dsymm(
        openblas.CblasRowMajor,
        openblas.CblasLeft,
        openblas.CblasLower,
        m,
        x.columns(),
        1,
        matrix.pointer(),
        matrix.stride(),
        x.pointer(),
        x.stride(),
        0,
        product.pointer(),
        product.stride());
    swapDiagonal(kept, m);
    return product;
  }

  private double[] swapDiagonal(double[] values, int m) {
    double[] before = new double[m];
    for (int i = 0; i < m; i++) {
      before[i] = matrix.get(i, i);
      matrix.set(i, i, values[i]);
    }
    return before;
  }

  /** {@code A[m.., 0..m] x} for x with m rows: the block below the leading one. */
  public Matrix multiplyBelow(Matrix x) {
    int m = x.rows();
    Matrix product = new Matrix(matrix.rows() - m, x.columns());
    matrix.multiply(m, matrix.rows() - m, 1, x, 0, product);
    return product;
  }

  /** {@code ‖A‖} of the leading m x m block, the square root of the sum of all squares. */
  public double frobeniusNorm(int m) {
    double norm = 0;
    for (int i = 0; i < m; i++) {
      double below = matrix.block(i, 0, 1, i).frobeniusNorm();
      norm = Math.hypot(norm, Math.hypot(diagonal[i], Math.sqrt(2) * below));
    }
    return norm;
  }

  /** {@code ‖A + shift I‖₁} of the leading block. */
  double oneNorm(int m, double shift) {
    double[] sums = new double[m];
    double[] row = new double[m];
    for (int i = 0; i < m; i++) {
      matrix.getRow(i, 0, row, 0, i);
      for (int j = 0; j < i; j++) {
        double magnitude = Math.abs(row[j]);
        sums[i] += magnitude;
        sums[j] += magnitude;
      }
      sums[i] += Math.abs(diagonal[i] + shift);
    }
    double largest = 0;
    for (double sum : sums) {
      largest = Math.max(largest, sum);
    }
    return largest;
  }
}
