package org.tfjavantk.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Solves {@code (A + shift I) x = b} for a symmetric A and many shifts by one reduction {@code A =
 * Q B Qᵀ} to a band matrix B: {@code x = Q (B + shift I)⁻¹ Qᵀ b}, where every shift costs O(m w²)
 * for the bandwidth w.
 *
 * <p>The reduction takes 4 m³/3 operations, all of them in products of matrices; a reduction to
 * tridiagonal form takes as many, half of them in products of a matrix and a vector, and is many
 * times slower. Each panel of w columns below the band is factored by Householder's reflections,
 * {@code P = (I − V T Vᵀ) R}, and the rest becomes {@code A − V Yᵀ − Y Vᵀ} with {@code W = A V T},
 * {@code Y = W − V Tᵀ Vᵀ W / 2}. See Bischof, Lang and Sun, "A framework for symmetric band
 * reduction", ACM TOMS 26 (2000).
 *
 * <p>The reflections take the room above the diagonal of a {@link SymmetricHalf}; they are gone
 * when another factorization takes it.
 */
public final class ShiftedBand implements AutoCloseable {
  private static final int BANDWIDTH = 64;
  private static final byte LOWER = 'L';
  private static final byte LEFT = 'L';

  /** Iterations for the smallest and the largest eigenvalue, of O(m w) each. */
  private static final int ITERATIONS = 30;

  private final Matrix matrix;
  private final int m;

  /** Row j holds {@code B[j .. j + w, j]}: LAPACK's lower band, column by column. */
  private final Matrix band;

  private final DoublePointer tau;

  private ShiftedBand(Matrix matrix, int m) {
    this.matrix = matrix;
    this.m = m;
    this.band = new Matrix(m, BANDWIDTH + 1);
    this.tau = new DoublePointer(Math.max(1, m));
  }

  /**
   * Reduces the leading m x m block.
   *
   * @throws IllegalArgumentException when A holds NaN
   */
  public static ShiftedBand reduce(SymmetricHalf half, int m) {
    ShiftedBand reduction = new ShiftedBand(half.take(m, 0), m);
    try {
      reduction.reduce();
      return reduction;
    } catch (RuntimeException | Error e) {
      reduction.close();
      throw e;
    }
  }

  /** In terms of columns: what is above the diagonal of rows lies below that of columns. */
  private void reduce() {
    try (Matrix v = new Matrix(BANDWIDTH, m);
        Matrix w = new Matrix(BANDWIDTH, m);
        Matrix t = new Matrix(BANDWIDTH, BANDWIDTH);
        Matrix product = new Matrix(BANDWIDTH, BANDWIDTH)) {
      for (int k = 0; k + BANDWIDTH < m; k += BANDWIDTH) {
        reducePanel(k, v, w, t, product);
      }
    }
    double[] column = new double[BANDWIDTH + 1];
    for (int j = 0; j < m; j++) {
      int count = Math.min(BANDWIDTH + 1, m - j);
      matrix.getRow(j, j, column, 0, count);
      band.setRow(j, 0, column, 0, count);
    }
  }

  private void reducePanel(int k, Matrix v, Matrix w, Matrix t, Matrix product) {
    int first = k + BANDWIDTH;
    int p = m - first;
    int reflections = Math.min(BANDWIDTH, p);
    DoublePointer panelTau = tau.getPointer(k);
    check(
        "dgeqrf",
        openblas.LAPACKE_dgeqrf(
            openblas.LAPACK_COL_MAJOR,
            p,
            BANDWIDTH,
            matrix.at(k, first),
            matrix.stride(),
            panelTau));
    double[] reflection = new double[p];
    for (int c = 0; c < reflections; c++) {
      java.util.Arrays.fill(reflection, 0, c, 0);
      reflection[c] = 1;
      matrix.getRow(k + c, first + c + 1, reflection, c + 1, p - c - 1);
      v.setRow(c, 0, reflection, 0, p);
    }
    check(
        "dlarft",
        openblas.LAPACKE_dlarft(
            openblas.LAPACK_COL_MAJOR,
            (byte) 'F',
            (byte) 'C',
            p,
            reflections,
            v.pointer(),
            v.stride(),
            panelTau,
            t.pointer(),
            BANDWIDTH));
    // W = A V T
    openblas.cblas_dsymm(
        openblas.CblasColMajor,
        openblas.CblasLeft,
        openblas.CblasLower,
        p,
        reflections,
        1,
        matrix.at(first, first),
        matrix.stride(),
        v.pointer(),
        v.stride(),
        0,
        w.pointer(),
        w.stride());
    triangular(openblas.CblasRight, openblas.CblasNoTrans, p, reflections, t, w);
    // W = W - V (Tᵀ Vᵀ W) / 2
    openblas.cblas_dgemm(
        openblas.CblasColMajor,
        openblas.CblasTrans,
        openblas.CblasNoTrans,
        reflections,
        reflections,
        p,
        1,
        v.pointer(),
        v.stride(),
        w.pointer(),
        w.stride(),
        0,
        product.pointer(),
        BANDWIDTH);
    triangular(openblas.CblasLeft, openblas.CblasTrans, reflections, reflections, t, product);
    openblas.cblas_dgemm(
        openblas.CblasColMajor,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        p,
        reflections,
        reflections,
        -0.5,
        v.pointer(),
        v.stride(),
        product.pointer(),
        BANDWIDTH,
        1,
        w.pointer(),
        w.stride());
    openblas.cblas_dsyr2k(
        openblas.CblasColMajor,
        openblas.CblasLower,
        openblas.CblasNoTrans,
        p,
        reflections,
        -1,
        v.pointer(),
        v.stride(),
        w.pointer(),
        w.stride(),
        1,
        matrix.at(first, first),
        matrix.stride());
  }

  private static void triangular(
      int side, int transposition, int rows, int columns, Matrix t, Matrix b) {
    openblas.cblas_dtrmm(
        openblas.CblasColMajor,
        side,
        openblas.CblasUpper,
        transposition,
        openblas.CblasNonUnit,
        rows,
        columns,
        1,
        t.pointer(),
        BANDWIDTH,
        b.pointer(),
        b.stride());
  }

  private static void check(String routine, int info) {
    if (info != 0) {
      throw new IllegalArgumentException(
          "the matrix holds NaN or infinity (LAPACKE_" + routine + ": " + info + ")");
    }
  }

  /** {@code Qᵀ b} or {@code Q b} in place, for b whose rows are columns of m values. */
  private void rotate(Matrix columns, boolean transposed) {
    int panels = (Math.max(0, m - BANDWIDTH) + BANDWIDTH - 1) / BANDWIDTH;
    for (int step = 0; step < panels && columns.rows() > 0; step++) {
      int k = BANDWIDTH * (transposed ? step : panels - 1 - step);
      int first = k + BANDWIDTH;
      check(
          "dormqr",
          openblas.LAPACKE_dormqr(
              openblas.LAPACK_COL_MAJOR,
              LEFT,
              (byte) (transposed ? 'T' : 'N'),
              m - first,
              columns.rows(),
              Math.min(BANDWIDTH, m - first),
              matrix.at(k, first),
              matrix.stride(),
              tau.getPointer(k),
              columns.at(0, first),
              columns.stride()));
    }
  }

  /**
   * {@code (A + shift I)⁻¹ b} for every shift; empty where {@code A + shift I} is not positive
   * definite.
   *
   * @param b m x r
   */
  public List<Optional<Matrix>> solve(double[] shifts, Matrix b) {
    if (b.rows() != m) {
      throw new IllegalArgumentException(b.rows() + " rows for a matrix of size " + m);
    }
    int r = b.columns();
    List<Optional<Matrix>> solutions = new ArrayList<>();
    try (Matrix rotated = b.transposed()) {
      rotate(rotated, true);
      for (double shift : shifts) {
        solutions.add(solveRotated(shift, rotated).map(x -> back(x, r)));
      }
    }
    return solutions;
  }

  private Matrix back(Matrix columns, int r) {
    try (columns) {
      rotate(columns, false);
      return columns.transposed();
    }
  }

  private Optional<Matrix> solveRotated(double shift, Matrix rotated) {
    try (Matrix factor = band.copy()) {
      if (!factorBand(factor, shift)) {
        return Optional.empty();
      }
      Matrix x = rotated.copy();
      solveBand(factor, x);
      return Optional.of(x);
    }
  }

  private boolean factorBand(Matrix factor, double shift) {
    for (int j = 0; j < m; j++) {
      factor.set(j, 0, band.get(j, 0) + shift);
    }
    int info =
        m == 0
            ? 0
            : openblas.LAPACKE_dpbtrf(
                openblas.LAPACK_COL_MAJOR,
                LOWER,
                m,
                Math.min(BANDWIDTH, m - 1),
                factor.pointer(),
                BANDWIDTH + 1);
    return info == 0;
  }

  private void solveBand(Matrix factor, Matrix columns) {
    if (m > 0 && columns.rows() > 0) {
      check(
          "dpbtrs",
          openblas.LAPACKE_dpbtrs(
              openblas.LAPACK_COL_MAJOR,
              LOWER,
              m,
              Math.min(BANDWIDTH, m - 1),
              columns.rows(),
              factor.pointer(),
              BANDWIDTH + 1,
              columns.pointer(),
              columns.stride()));
    }
  }

  /**
   * The smallest eigenvalue of A by inverse iteration with {@code A + shift I}; it is never below
   * the true one but for rounding. Empty when {@code A + shift I} is not positive definite or m is
   * 0.
   */
  public Optional<Double> smallestEigenvalue(double shift) {
    try (Matrix factor = band.copy();
        Matrix x = start()) {
      if (m == 0 || !factorBand(factor, shift)) {
        return Optional.empty();
      }
      double growth = 0;
      for (int k = 0; k < ITERATIONS; k++) {
        normalize(x);
        solveBand(factor, x);
        growth = x.frobeniusNorm();
      }
      return Optional.of(1 / growth - shift);
    }
  }

  /** The largest absolute eigenvalue of A, by power iteration; never above the true one. */
  public double largestEigenvalue() {
    double growth = 0;
    try (Matrix x = start();
        Matrix y = new Matrix(1, m)) {
      for (int k = 0; k < ITERATIONS && m > 0; k++) {
        normalize(x);
        openblas.cblas_dsbmv(
            openblas.CblasColMajor,
            openblas.CblasLower,
            m,
            Math.min(BANDWIDTH, m - 1),
            1,
            band.pointer(),
            BANDWIDTH + 1,
            x.pointer(),
            1,
            0,
            y.pointer(),
            1);
        growth = y.frobeniusNorm();
        x.setRow(0, y.getRow(0));
      }
    }
    return growth;
  }

  /** Nothing in particular: no eigenvector of a kernel is orthogonal to it. */
  private Matrix start() {
    Matrix x = new Matrix(1, m);
    double[] values = new double[m];
    for (int i = 0; i < m; i++) {
      values[i] = 1 + 0.5 * Math.cos(1.7 * i * i);
    }
    x.setRow(0, values);
    return x;
  }

  private void normalize(Matrix x) {
    double norm = x.frobeniusNorm();
    double[] values = x.getRow(0);
    for (int i = 0; i < m && norm > 0; i++) {
      values[i] /= norm;
    }
    x.setRow(0, values);
  }

  @Override
  public void close() {
    band.close();
    tau.close();
  }
}
