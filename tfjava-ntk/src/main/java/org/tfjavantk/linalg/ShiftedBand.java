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

  /** Iterations for the smallest and the largest eigenvalue, of O(m w) each. */
  private static final int ITERATIONS = 30;

  private final Matrix matrix;
  private final int m;

  /** Row j holds {@code B[j .. j + w, j]}: LAPACK's lower band, column by column. */
  private final Matrix band;

  /** T of every panel, one below the other. */
  private final Matrix triangles;

  private ShiftedBand(Matrix matrix, int m) {
    this.matrix = matrix;
    this.m = m;
    this.band = new Matrix(m, BANDWIDTH + 1);
    this.triangles = new Matrix(BANDWIDTH * panels(), BANDWIDTH);
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

  private int panels() {
    return (Math.max(0, m - BANDWIDTH) + BANDWIDTH - 1) / BANDWIDTH;
  }

  /** In terms of columns: what is above the diagonal of rows lies below that of columns. */
  private void reduce() {
    try (Matrix v = new Matrix(BANDWIDTH, m);
        Matrix w = new Matrix(BANDWIDTH, m);
        Matrix product = new Matrix(BANDWIDTH, BANDWIDTH);
        DoublePointer tau = new DoublePointer(BANDWIDTH)) {
      for (int panel = 0; panel < panels(); panel++) {
        reducePanel(panel, v, w, product, tau);
      }
    }
    double[] column = new double[BANDWIDTH + 1];
    for (int j = 0; j < m; j++) {
      int count = Math.min(BANDWIDTH + 1, m - j);
      matrix.getRow(j, j, column, 0, count);
      band.setRow(j, 0, column, 0, count);
    }
  }

  private int first(int panel) {
    return (panel + 1) * BANDWIDTH;
  }

  private void reducePanel(int panel, Matrix v, Matrix w, Matrix product, DoublePointer tau) {
    int first = first(panel);
    int p = m - first;
    int count = Math.min(BANDWIDTH, p);
    // Of thin panels one thread is faster than all.
    Blas.alone(
        () ->
            check(
                "dgeqrf",
                openblas.LAPACKE_dgeqrf(
                    openblas.LAPACK_COL_MAJOR,
                    p,
                    BANDWIDTH,
                    matrix.at(first - BANDWIDTH, first),
                    matrix.stride(),
                    tau)));
    Block reflections = reflections(panel, v);
    Block vv = product.block(0, 0, count, count);
    Block.product(1, reflections, false, reflections, true, 0, vv);
    Block t = triangle(panel);
    makeTriangle(tau, vv, t);
    // The columns of A V T are the rows of Tᵀ Vᵀ A.
    Block rows = w.block(0, 0, count, p);
    openblas.cblas_dsymm(
        openblas.CblasRowMajor,
        openblas.CblasRight,
        openblas.CblasUpper,
        count,
        p,
        1,
        matrix.at(first, first),
        matrix.stride(),
        v.pointer(),
        v.stride(),
        0,
        w.pointer(),
        w.stride());
    multiply(t, rows);
    // Those of W − V (Tᵀ Vᵀ W) / 2.
    Block.product(1, reflections, false, rows, true, 0, vv);
    multiply(t, vv);
    Block.product(-0.5, vv, true, reflections, false, 1, rows);
    openblas.cblas_dsyr2k(
        openblas.CblasRowMajor,
        openblas.CblasUpper,
        openblas.CblasTrans,
        p,
        count,
        -1,
        v.pointer(),
        v.stride(),
        w.pointer(),
        w.stride(),
        1,
        matrix.at(first, first),
        matrix.stride());
  }

  /** {@code b = tᵀ b} for the upper triangle t. */
  private static void multiply(Block t, Block b) {
    openblas.cblas_dtrmm(
        openblas.CblasRowMajor,
        openblas.CblasLeft,
        openblas.CblasUpper,
        openblas.CblasTrans,
        openblas.CblasNonUnit,
        b.rows(),
        b.columns(),
        1,
        t.matrix().at(t.row(), t.column()),
        t.matrix().stride(),
        b.matrix().at(b.row(), b.column()),
        b.matrix().stride());
  }

  /** The vectors of a panel as rows: 0, then 1, then what lies outside of the band. */
  private Block reflections(int panel, Matrix v) {
    int first = first(panel);
    int p = m - first;
    int count = Math.min(BANDWIDTH, p);
    double[] reflection = new double[p];
    for (int c = 0; c < count; c++) {
      java.util.Arrays.fill(reflection, 0, c, 0);
      reflection[c] = 1;
      matrix.getRow(first - BANDWIDTH + c, first + c + 1, reflection, c + 1, p - c - 1);
      v.setRow(c, 0, reflection, 0, p);
    }
    return v.block(0, 0, count, p);
  }

  private Block triangle(int panel) {
    int count = Math.min(BANDWIDTH, m - first(panel));
    return triangles.block(panel * BANDWIDTH, 0, count, count);
  }

  /**
   * The upper triangle T with {@code H_1 … H_b = I − V T Vᵀ}: {@code T_jj = τ_j} and above it
   * {@code −τ_j T (Vᵀ V)_j} (LAPACK's dlarft).
   */
  private static void makeTriangle(DoublePointer tau, Block vv, Block t) {
    int count = vv.rows();
    double[][] values = new double[count][count];
    for (int j = 0; j < count; j++) {
      double factor = tau.get(j);
      for (int i = 0; i < j; i++) {
        double sum = 0;
        for (int k = i; k < j; k++) {
          sum += values[i][k] * vv.matrix().get(vv.row() + k, vv.column() + j);
        }
        values[i][j] = -factor * sum;
      }
      values[j][j] = factor;
    }
    for (int i = 0; i < count; i++) {
      t.matrix().setRow(t.row() + i, t.column(), values[i], 0, count);
    }
  }

  private static void check(String routine, int info) {
    if (info != 0) {
      throw new IllegalArgumentException(
          "the matrix holds NaN or infinity (LAPACKE_" + routine + ": " + info + ")");
    }
  }

  /**
   * {@code Qᵀ x} or {@code Q x} in place for every row x: {@code x − V Tᵀ Vᵀ x}, panel after panel,
   * or {@code x − V T Vᵀ x}, backwards.
   */
  private void rotate(Matrix x, boolean transposed) {
    try (Matrix v = new Matrix(BANDWIDTH, m);
        Matrix inner = new Matrix(x.rows(), BANDWIDTH);
        Matrix turned = new Matrix(x.rows(), BANDWIDTH)) {
      for (int step = 0; step < panels(); step++) {
        int panel = transposed ? step : panels() - 1 - step;
        Block reflections = reflections(panel, v);
        Block part = x.block(0, first(panel), x.rows(), m - first(panel));
        Block a = inner.block(0, 0, x.rows(), reflections.rows());
        Block b = turned.block(0, 0, x.rows(), reflections.rows());
        Block.product(1, part, false, reflections, true, 0, a);
        Block.product(1, a, false, triangle(panel), !transposed, 0, b);
        Block.product(-1, b, false, reflections, false, 1, part);
      }
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
    boolean[] solved = new boolean[shifts.length];
    List<Optional<Matrix>> solutions = new ArrayList<>();
    try (Matrix rotated = b.transposed();
        Matrix all = new Matrix(shifts.length * r, m)) {
      rotate(rotated, true);
      for (int k = 0; k < shifts.length; k++) {
        Block target = all.block(k * r, 0, r, m);
        solved[k] = solveRotated(shifts[k], rotated, target);
      }
      // One rotation of all: each reads the reflections once.
      rotate(all, false);
      for (int k = 0; k < shifts.length; k++) {
        solutions.add(
            solved[k] ? Optional.of(all.block(k * r, 0, r, m).transposed()) : Optional.empty());
      }
    }
    return solutions;
  }

  private boolean solveRotated(double shift, Matrix rotated, Block target) {
    try (Matrix factor = band.copy();
        Matrix x = rotated.copy()) {
      if (!factorBand(factor, shift)) {
        return false;
      }
      solveBand(factor, x);
      for (int c = 0; c < x.rows(); c++) {
        target.matrix().setRow(target.row() + c, x.getRow(c));
      }
      return true;
    }
  }

  private boolean factorBand(Matrix factor, double shift) {
    for (int j = 0; j < m; j++) {
      factor.set(j, 0, band.get(j, 0) + shift);
    }
    int[] info = {0};
    if (m > 0) {
      Blas.alone(
          () ->
              info[0] =
                  openblas.LAPACKE_dpbtrf(
                      openblas.LAPACK_COL_MAJOR,
                      LOWER,
                      m,
                      Math.min(BANDWIDTH, m - 1),
                      factor.pointer(),
                      BANDWIDTH + 1));
    }
    return info[0] == 0;
  }

  private void solveBand(Matrix factor, Matrix columns) {
    if (m > 0 && columns.rows() > 0) {
      Blas.alone(
          () ->
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
                      columns.stride())));
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
    triangles.close();
  }
}
