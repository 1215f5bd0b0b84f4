package org.tfjavantk.linalg;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * The factor {@code A = Uᵀ U} of a symmetric matrix in float32: half the memory and half the time
 * of float64, and seven digits. Rows are given one by one and rounded once.
 */
public final class FloatCholesky implements AutoCloseable {
  static {
    Blas.load();
  }

  private final int n;
  private final FloatPointer values;
  private boolean factored;

  /** Room for an n x n matrix. */
  public FloatCholesky(int n) {
    this.n = n;
    this.values = new FloatPointer(Math.max(1, (long) n * n));
  }

  /** Bytes that the factor of an n x n matrix takes. */
  public static long bytes(long n) {
    return Math.multiplyExact(Math.multiplyExact(n, n), (long) Float.BYTES);
  }

  /** Row i of A; only what is on and right of the diagonal counts. */
  public void setRow(int i, double[] row) {
    float[] rounded = new float[n - i];
    for (int j = i; j < n; j++) {
      rounded[j - i] = (float) row[j];
    }
    values.getPointer((long) i * n + i).put(rounded);
  }

  /**
   * Factors {@code A + shift I}, once.
   *
   * @return -1, or the index of the first pivot that isn't positive
   * @throws IllegalArgumentException when A holds NaN
   */
  public int factor(double shift) {
    for (int i = 0; i < n; i++) {
      long at = (long) i * n + i;
      values.put(at, (float) (values.get(at) + shift));
    }
    int info =
        n == 0 ? 0 : openblas.LAPACKE_spotrf(openblas.LAPACK_COL_MAJOR, (byte) 'L', n, values, n);
    if (info < 0) {
      throw new IllegalArgumentException("the matrix holds NaN (LAPACKE_spotrf: " + info + ")");
    }
    factored = info == 0;
    return info - 1;
  }

  /** The pivot at an index, after {@link #factor}. */
  public double pivot(int i) {
    float value = values.get((long) i * n + i);
    return factored ? (double) value * value : value;
  }

  /**
   * {@code x = x + alpha (Uᵀ U)⁻¹ b}, in float64 but for the solution itself.
   *
   * @throws IllegalStateException when there is no factor
   */
  public void addSolution(double alpha, Matrix b, Matrix x) {
    if (!factored) {
      throw new IllegalStateException("there is no factor");
    }
    int r = b.columns();
    double[] scales = b.columnNorms();
    double[] row = new double[r];
    float[] rounded = new float[r];
    try (FloatPointer y = new FloatPointer(Math.max(1, (long) n * r))) {
      for (int i = 0; i < n; i++) {
        b.getRow(i, 0, row, 0, r);
        for (int c = 0; c < r; c++) {
          // Scaled, so that the residuals of a refinement don't vanish in float32.
          rounded[c] = scales[c] > 0 ? (float) (row[c] / scales[c]) : 0;
        }
        y.getPointer((long) i * r).put(rounded);
      }
      triangular(openblas.CblasTrans, r, y);
      triangular(openblas.CblasNoTrans, r, y);
      for (int i = 0; i < n; i++) {
        y.getPointer((long) i * r).get(rounded);
        x.getRow(i, 0, row, 0, r);
        for (int c = 0; c < r; c++) {
          row[c] += alpha * scales[c] * rounded[c];
        }
        x.setRow(i, row);
      }
    }
  }

  private void triangular(int transposition, int r, FloatPointer y) {
    if (n > 0 && r > 0) {
      openblas.cblas_strsm(
          openblas.CblasRowMajor,
          openblas.CblasLeft,
          openblas.CblasUpper,
          transposition,
          openblas.CblasNonUnit,
          n,
          r,
          1,
          values,
          n,
          y,
          r);
    }
  }

  @Override
  public void close() {
    values.close();
  }
}
