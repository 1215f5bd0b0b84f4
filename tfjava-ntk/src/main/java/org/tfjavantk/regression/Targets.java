package org.tfjavantk.regression;

import org.tfjavantk.linalg.Matrix;

/**
 * One-hot labels minus 1 / classes. As examples x classes, row-major, they are the right-hand sides
 * of a kernel with one output; the same values as one column are that of a kernel with all outputs.
 */
final class Targets {
  private Targets() {}

  /** The target of class {@code c} for an example with this label. */
  static double value(int label, int c, int classes) {
    return (label == c ? 1 : 0) - 1.0 / classes;
  }

  static double[] of(int[] labels, int classes) {
    double[] values = new double[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      for (int c = 0; c < classes; c++) {
        values[i * classes + c] = value(labels[i], c, classes);
      }
    }
    return values;
  }

  /** The values, row-major, as a matrix of {@code columns} columns. */
  static Matrix asMatrix(double[] values, int columns) {
    Matrix matrix = new Matrix(values.length / columns, columns);
    for (int r = 0; r < matrix.rows(); r++) {
      matrix.setRow(r, 0, values, r * columns, columns);
    }
    return matrix;
  }

  /** The values of the matrix, row-major. */
  static double[] values(Matrix matrix) {
    double[] values = new double[Math.multiplyExact(matrix.rows(), matrix.columns())];
    for (int r = 0; r < matrix.rows(); r++) {
      matrix.getRow(r, 0, values, r * matrix.columns(), matrix.columns());
    }
    return values;
  }
}
