package org.tfjavantk.infinite;

import java.util.List;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * Where the values of a tile go: a matrix for each kind that is wanted, one after the other.
 *
 * @param values the matrices
 * @param kinds of each
 * @param rows of a matrix
 * @param columns of a matrix
 */
record KernelTarget(NativeArray values, List<KernelKind> kinds, int rows, int columns) {
  boolean wants(KernelKind kind) {
    return kinds.contains(kind);
  }

  /** Stores part of a row, rounded to its precision; nothing where nobody wants the kind. */
  void put(KernelKind kind, int row, int column, double[] from, int at, int count) {
    if (!wants(kind)) {
      return;
    }
    if (values.precision() == Precision.FLOAT64) {
      values.put(place(kind, row, column), from, at, count);
      return;
    }
    float[] rounded = new float[count];
    for (int i = 0; i < count; i++) {
      rounded[i] = (float) from[at + i];
    }
    values.put(place(kind, row, column), rounded, 0, count);
  }

  /** Stores part of a row; nothing where nobody wants the kind. */
  void put(KernelKind kind, int row, int column, float[] from, int at, int count) {
    if (wants(kind)) {
      values.put(place(kind, row, column), from, at, count);
    }
  }

  private long place(KernelKind kind, int row, int column) {
    return ((long) kinds.indexOf(kind) * rows + row) * columns + column;
  }
}
