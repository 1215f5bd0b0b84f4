package org.tfjavantk.solve;

import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.store.RowConsumer;

/**
 * A symmetric matrix K of size n as solvers see it. Only products are needed; what else a solver
 * asks for comes from products with unit vectors unless there is a better way.
 */
public interface KernelSource {
  /** Unit vectors of one product. */
  int UNITS = 64;

  /** Rows and columns of K. */
  int size();

  /** {@code result = K x}, both n x r. */
  void times(Matrix x, Matrix result);

  /** What messages call it. */
  String name();

  /** Whether K lies in memory as a matrix. */
  default boolean inMemory() {
    return false;
  }

  /** Reads all rows, in order. */
  default void readRows(RowConsumer consumer) {
    int n = size();
    for (int first = 0; first < n; first += UNITS) {
      int count = Math.min(UNITS, n - first);
      try (Matrix units = new Matrix(n, count);
          Matrix columns = new Matrix(n, count)) {
        for (int k = 0; k < count; k++) {
          units.set(first + k, k, 1);
        }
        times(units, columns);
        try (Matrix rows = columns.transposed()) {
          for (int k = 0; k < count; k++) {
            consumer.accept(first + k, rows.getRow(k));
          }
        }
      }
    }
  }

  /** One row. */
  default double[] row(int i) {
    try (Matrix unit = new Matrix(size(), 1);
        Matrix column = new Matrix(size(), 1)) {
      unit.set(i, 0, 1);
      times(unit, column);
      try (Matrix row = column.transposed()) {
        return row.getRow(0);
      }
    }
  }

  /** The diagonal. */
  default double[] diagonal() {
    double[] diagonal = new double[size()];
    readRows((row, values) -> diagonal[(int) row] = values[(int) row]);
    return diagonal;
  }

  /** {@code ‖K‖}, the square root of the sum of all squares, or an estimate of it. */
  double frobeniusNorm();

  /** A copy of K in memory of its own: 8 n² bytes. */
  default Matrix dense() {
    Matrix matrix = new Matrix(size(), size());
    try {
      readRows((row, values) -> matrix.setRow((int) row, values));
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }
}
