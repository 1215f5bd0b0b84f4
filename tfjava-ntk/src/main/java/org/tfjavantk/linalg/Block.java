package org.tfjavantk.linalg;

import org.bytedeco.openblas.global.openblas;

/**
 * A block of a matrix where it lies, and the products, factors and triangular solves of which
 * algorithms on blocks consist.
 *
 * @param matrix what it is a part of
 * @param row its first row
 * @param column its first column
 * @param rows its height
 * @param columns its width
 */
public record Block(Matrix matrix, int row, int column, int rows, int columns) {
  /** A sum of squares above this has lost no square that matters. */
  private static final double SAFE_SQUARE = 1e-250;

  private static final int TRANSPOSED_AT_ONCE = 64;
  private static final int FACTORED_AT_ONCE = 512;
  private static final int ALIGNMENT = 64;

  /**
   * @throws IllegalArgumentException when it isn't inside the matrix
   */
  public Block {
    if (row < 0
        || column < 0
        || rows < 0
        || columns < 0
        || rows > matrix.rows() - row
        || columns > matrix.columns() - column) {
      throw new IllegalArgumentException(
          "%d x %d at (%d, %d) of %d x %d"
              .formatted(rows, columns, row, column, matrix.rows(), matrix.columns()));
    }
  }

  /**
   * {@code c = alpha op(a) op(b) + beta c}, where op transposes or not.
   *
   * @throws IllegalArgumentException when the sizes don't fit
   */
  public static void product(
      double alpha,
      Block a,
      boolean transposeA,
      Block b,
      boolean transposeB,
      double beta,
      Block c) {
    int m = transposeA ? a.columns : a.rows;
    int k = transposeA ? a.rows : a.columns;
    int n = transposeB ? b.rows : b.columns;
    if (k != (transposeB ? b.columns : b.rows) || m != c.rows || n != c.columns) {
      throw new IllegalArgumentException(
          "%d x %d%s by %d x %d%s into %d x %d"
              .formatted(
                  a.rows,
                  a.columns,
                  transposeA ? "ᵀ" : "",
                  b.rows,
                  b.columns,
                  transposeB ? "ᵀ" : "",
                  c.rows,
                  c.columns));
    }
    if (m > 0 && n > 0) {
      openblas.cblas_dgemm(
          openblas.CblasRowMajor,
          transposeA ? openblas.CblasTrans : openblas.CblasNoTrans,
          transposeB ? openblas.CblasTrans : openblas.CblasNoTrans,
          m,
          n,
          k,
          alpha,
          a.matrix.at(a.row, a.column),
          a.matrix.stride(),
          b.matrix.at(b.row, b.column),
          b.matrix.stride(),
          beta,
          c.matrix.at(c.row, c.column),
          c.matrix.stride());
    }
  }

  /**
   * Replaces what lies on and above the diagonal by U with {@code A = Uᵀ U}, by halves, so that
   * most of the work is in large products: on few cores that is faster than LAPACK's dpotrf.
   *
   * @return -1, or the index of the first pivot that isn't positive, at its place on the diagonal
   * @throws IllegalArgumentException when the block isn't square
   */
  public int factor() {
    if (rows != columns) {
      throw new IllegalArgumentException(rows + " x " + columns);
    }
    if (rows <= FACTORED_AT_ONCE) {
      return factorAtOnce();
    }
    int half = (rows / 2 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    Block first = matrix.block(row, column, half, half);
    int failed = first.factor();
    if (failed >= 0) {
      return failed;
    }
    Block right = matrix.block(row, column + half, half, columns - half);
    first.solve(true, right);
    Block rest = matrix.block(row + half, column + half, rows - half, columns - half);
    openblas.cblas_dsyrk(
        openblas.CblasRowMajor,
        openblas.CblasUpper,
        openblas.CblasTrans,
        rest.rows,
        half,
        -1,
        matrix.at(right.row, right.column),
        matrix.stride(),
        1,
        matrix.at(rest.row, rest.column),
        matrix.stride());
    int later = rest.factor();
    return later < 0 ? later : half + later;
  }

  private int factorAtOnce() {
    int info =
        rows == 0
            ? 0
            : openblas.LAPACKE_dpotrf_work(
                openblas.LAPACK_COL_MAJOR,
                (byte) 'L',
                rows,
                matrix.at(row, column),
                matrix.stride());
    return info - 1;
  }

  /** {@code b = U⁻¹ b}, or {@code U⁻ᵀ b}, for the upper triangle U of this block. */
  public void solve(boolean transposed, Block b) {
    if (rows != columns || b.rows != rows) {
      throw new IllegalArgumentException("%d x %d and %d rows".formatted(rows, columns, b.rows));
    }
    if (rows > 0 && b.columns > 0) {
      openblas.cblas_dtrsm(
          openblas.CblasRowMajor,
          openblas.CblasLeft,
          openblas.CblasUpper,
          transposed ? openblas.CblasTrans : openblas.CblasNoTrans,
          openblas.CblasNonUnit,
          rows,
          b.columns,
          1,
          matrix.at(row, column),
          matrix.stride(),
          b.matrix.at(b.row, b.column),
          b.matrix.stride());
    }
  }

  /** The square root of the sum of the squares of the values, safe from overflow. */
  public double frobeniusNorm() {
    double squares = 0;
    for (int r = 0; r < rows && columns > 0; r++) {
      var values = matrix.at(row + r, column);
      squares += openblas.cblas_ddot(columns, values, 1, values, 1);
    }
    if (squares > SAFE_SQUARE && squares < 1 / SAFE_SQUARE) {
      return Math.sqrt(squares);
    }
    double norm = 0;
    double[] values = new double[columns];
    for (int r = 0; r < rows; r++) {
      matrix.getRow(row + r, column, values, 0, columns);
      norm = Math.hypot(norm, Matrix.norm(values));
    }
    return norm;
  }

  /** The transposed block in memory of its own. */
  public Matrix transposed() {
    Matrix transposed = new Matrix(columns, rows);
    double[][] some = new double[TRANSPOSED_AT_ONCE][columns];
    double[] target = new double[TRANSPOSED_AT_ONCE];
    for (int i = 0; i < rows; i += TRANSPOSED_AT_ONCE) {
      int height = Math.min(TRANSPOSED_AT_ONCE, rows - i);
      for (int r = 0; r < height; r++) {
        matrix.getRow(row + i + r, column, some[r], 0, columns);
      }
      for (int c = 0; c < columns; c++) {
        for (int r = 0; r < height; r++) {
          target[r] = some[r][c];
        }
        transposed.setRow(c, i, target, 0, height);
      }
    }
    return transposed;
  }
}
