package org.tfjavantk.linalg;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;

/**
 * A dense matrix of float64 in native memory, row-major, zero at first. It may have more than 2^31
 * values, but no more than 2^31 - 1 rows or columns. {@link #close} frees the memory.
 */
public final class Matrix implements AutoCloseable {
  private static final int BLOCK = 64;

  static {
    Blas.load();
  }

  private final int rows;
  private final int columns;
  private final DoublePointer values;

  /** A zero matrix. */
  public Matrix(int rows, int columns) {
    this(rows, columns, true);
  }

  private Matrix(int rows, int columns, boolean zero) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException(rows + " x " + columns);
    }
    this.rows = rows;
    this.columns = columns;
    // One value more, so that an empty matrix has an address.
    this.values = new DoublePointer(Math.max(1, (long) rows * columns));
    if (zero) {
      clear();
    }
  }

  /** A copy of the rows of {@code source}. */
  public static Matrix of(double[][] source) {
    Matrix matrix = new Matrix(source.length, source.length == 0 ? 0 : source[0].length);
    for (int r = 0; r < source.length; r++) {
      matrix.setRow(r, source[r]);
    }
    return matrix;
  }

  /** Bytes that a matrix of this size takes. */
  public static long bytes(long rows, long columns) {
    return Math.multiplyExact(Math.multiplyExact(rows, columns), (long) Double.BYTES);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  public double get(int row, int column) {
    return values.get(index(row, column));
  }

  public void set(int row, int column, double value) {
    values.put(index(row, column), value);
  }

  private long index(int row, int column) {
    if (row < 0 || row >= rows || column < 0 || column >= columns) {
      throw new IndexOutOfBoundsException(
          "(%d, %d) of %d x %d".formatted(row, column, rows, columns));
    }
    return (long) row * columns + column;
  }

  /** Copies a whole row in. */
  public void setRow(int row, double[] source) {
    if (source.length != columns) {
      throw new IllegalArgumentException(source.length + " values for " + columns + " columns");
    }
    setRow(row, 0, source, 0, columns);
  }

  /** Copies {@code source[from .. from + count)} to the row, from {@code column} on. */
  public void setRow(int row, int column, double[] source, int from, int count) {
    if (count > 0) {
      requireSegment(row, column, count);
      at(row, column).put(source, from, count);
    }
  }

  /** Copies a whole row out. */
  public double[] getRow(int row) {
    double[] target = new double[columns];
    getRow(row, 0, target, 0, columns);
    return target;
  }

  /** Copies {@code count} values of the row, from {@code column} on, to {@code target[to ..)}. */
  public void getRow(int row, int column, double[] target, int to, int count) {
    if (count > 0) {
      requireSegment(row, column, count);
      at(row, column).get(target, to, count);
    }
  }

  private void requireSegment(int row, int column, int count) {
    index(row, column);
    if (count > columns - column) {
      throw new IndexOutOfBoundsException(
          "%d values from column %d of %d".formatted(count, column, columns));
    }
  }

  /** The rows as Java arrays. */
  public double[][] toArrays() {
    double[][] target = new double[rows][];
    for (int r = 0; r < rows; r++) {
      target[r] = getRow(r);
    }
    return target;
  }

  /** Copies the values of a matrix of the same size in. */
  public void set(Matrix source) {
    if (source.rows != rows || source.columns != columns) {
      throw new IllegalArgumentException(
          "%d x %d into %d x %d".formatted(source.rows, source.columns, rows, columns));
    }
    Pointer.memcpy(pointer(), source.pointer(), bytes(rows, columns));
  }

  /** The columns as Java arrays. */
  public double[][] columnsToArrays() {
    double[][] target = new double[columns][rows];
    double[] row = new double[columns];
    for (int r = 0; r < rows; r++) {
      getRow(r, 0, row, 0, columns);
      for (int c = 0; c < columns; c++) {
        target[c][r] = row[c];
      }
    }
    return target;
  }

  /** A matrix of n rows with these columns. */
  public static Matrix ofColumns(int n, double[][] source) {
    Matrix matrix = new Matrix(n, source.length);
    double[] row = new double[source.length];
    for (int r = 0; r < n; r++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = source[c][r];
      }
      matrix.setRow(r, row);
    }
    return matrix;
  }

  /** A pointer to a value, which lives no longer than the matrix. */
  DoublePointer at(int row, int column) {
    return values.getPointer((long) row * columns + column);
  }

  DoublePointer pointer() {
    if (values.isNull()) {
      throw new IllegalStateException("the matrix is closed");
    }
    return values;
  }

  /** The distance between rows as BLAS wants it: at least 1. */
  int stride() {
    return Math.max(1, columns);
  }

  /**
   * {@code result[0..m, :] = alpha this[firstRow .. firstRow + m, 0..k] x + beta result[0..m, :]}
   * where {@code k = x.rows()}.
   *
   * @param m rows of the product
   */
  public void multiply(int firstRow, int m, double alpha, Matrix x, double beta, Matrix result) {
    if (m == 0 || x.columns == 0) {
      return;
    }
    if (firstRow < 0
        || m > rows - firstRow
        || x.rows > columns
        || m > result.rows
        || x.columns != result.columns) {
      throw new IllegalArgumentException(
          "rows %d .. %d of %d x %d by %d x %d into %d x %d"
              .formatted(
                  firstRow,
                  firstRow + m - 1,
                  rows,
                  columns,
                  x.rows,
                  x.columns,
                  result.rows,
                  result.columns));
    }
    openblas.cblas_dgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasNoTrans,
        m,
        x.columns,
        x.rows,
        alpha,
        at(firstRow, 0),
        stride(),
        x.pointer(),
        x.stride(),
        beta,
        result.pointer(),
        result.stride());
  }

  /**
   * {@code c = alpha op(a) op(b) + beta c}, where op transposes or not.
   *
   * @throws IllegalArgumentException when the sizes don't fit
   */
  public static void product(
      double alpha,
      Matrix a,
      boolean transposeA,
      Matrix b,
      boolean transposeB,
      double beta,
      Matrix c) {
    Block.product(alpha, a.block(), transposeA, b.block(), transposeB, beta, c.block());
  }

  /** The whole matrix as a block. */
  public Block block() {
    return block(0, 0, rows, columns);
  }

  /** A block, which lives no longer than the matrix. */
  public Block block(int row, int column, int height, int width) {
    return new Block(this, row, column, height, width);
  }

  /** A matrix of the same values in memory of its own. */
  public Matrix copy() {
    Matrix copy = new Matrix(rows, columns, false);
    Pointer.memcpy(copy.values, pointer(), bytes(rows, columns));
    return copy;
  }

  /** The transposed matrix in memory of its own. */
  public Matrix transposed() {
    return block().transposed();
  }

  /** The Euclidean norm of every column, safe from overflow. */
  public double[] columnNorms() {
    double[] largest = new double[columns];
    double[] row = new double[columns];
    for (int r = 0; r < rows; r++) {
      getRow(r, 0, row, 0, columns);
      for (int c = 0; c < columns; c++) {
        // Math.max keeps NaN.
        largest[c] = Math.max(largest[c], Math.abs(row[c]));
      }
    }
    double[] sums = new double[columns];
    for (int r = 0; r < rows; r++) {
      getRow(r, 0, row, 0, columns);
      for (int c = 0; c < columns; c++) {
        double scaled = largest[c] > 0 ? row[c] / largest[c] : 0;
        sums[c] += scaled * scaled;
      }
    }
    for (int c = 0; c < columns; c++) {
      boolean plain = largest[c] > 0 && largest[c] <= Double.MAX_VALUE;
      sums[c] = plain ? largest[c] * Math.sqrt(sums[c]) : largest[c];
    }
    return sums;
  }

  /** Copies the values below the diagonal of the leading n x n block to their mirror images. */
  void mirrorLowerToUpper(int n) {
    double[][] block = new double[BLOCK][BLOCK];
    double[] column = new double[BLOCK];
    for (int i = 0; i < n; i += BLOCK) {
      int height = Math.min(BLOCK, n - i);
      for (int j = 0; j <= i; j += BLOCK) {
        int width = Math.min(BLOCK, n - j);
        for (int r = 0; r < height; r++) {
          getRow(i + r, j, block[r], 0, width);
        }
        for (int c = 0; c < width; c++) {
          // In a block on the diagonal, only what lies below it.
          int from = i == j ? c + 1 : 0;
          for (int r = from; r < height; r++) {
            column[r] = block[r][c];
          }
          setRow(j + c, i + from, column, from, height - from);
        }
      }
    }
  }

  /** The square root of the sum of the squares of the values, safe from overflow. */
  public double frobeniusNorm() {
    return block().frobeniusNorm();
  }

  /** Makes all values zero. */
  public void clear() {
    double[] zeros = new double[columns];
    for (int r = 0; r < rows; r++) {
      setRow(r, zeros);
    }
  }

  /** The Euclidean norm of the values, scaled so that squares neither overflow nor vanish. */
  static double norm(double[] values) {
    double largest = Arrays.stream(values).map(Math::abs).max().orElse(0);
    if (largest == 0 || Double.isInfinite(largest) || Double.isNaN(largest)) {
      return largest;
    }
    double sum = 0;
    for (double value : values) {
      double scaled = value / largest;
      sum += scaled * scaled;
    }
    return largest * Math.sqrt(sum);
  }

  /** Frees the memory; the matrix can't be used afterwards. */
  @Override
  public void close() {
    values.close();
  }
}
