package org.tfjavantk.empirical;

import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/** Which pairs of outputs c, c' a kernel has. */
public enum Pairing {
  /** All: Θ[(x, c), (x', c')], n·o × n'·o. */
  FULL,
  /** Σ_c Θ[(x, c), (x', c)], n × n'. */
  TRACE,
  /** Θ[(x, c), (x', c)] for every c: o matrices n × n', one after the other. */
  DIAGONAL;

  /** Rows of a matrix for one example. */
  int rows(int outputs) {
    return this == FULL ? outputs : 1;
  }

  /** How many matrices there are. */
  int matrices(int outputs) {
    return this == DIAGONAL ? outputs : 1;
  }

  /** The entries of all matrices of n₁ x n₂ examples. */
  long entries(int n1, int n2, int outputs) {
    return (long) rows(outputs) * rows(outputs) * matrices(outputs) * n1 * n2;
  }

  /** Inner products of two rows for a pair of examples: o² or o. */
  double products(int outputs) {
    return this == FULL ? (double) outputs * outputs : outputs;
  }

  /**
   * Adds the inner products of the gradients of n₁ examples with those of n₂ to a block; where both
   * are the same, only what is on and above the diagonal.
   */
  void add(
      int n1, Rows rows, int n2, Rows columns, boolean symmetric, int outputs, NativeArray to) {
    if (this == FULL) {
      View into = new View(to, 0, n2 * outputs);
      product(
          n1 * outputs, rows.from(0), n2 * outputs, columns.from(0), rows.width(), symmetric, into);
      return;
    }
    for (int c = 0; c < outputs; c++) {
      product(
          n1,
          everyOther(rows.from(c), outputs),
          n2,
          everyOther(columns.from(c), outputs),
          rows.width(),
          symmetric,
          new View(to, this == TRACE ? 0 : (long) c * n1 * n2, n2));
    }
  }

  /** The rows of one output. */
  private static View everyOther(View view, int outputs) {
    return new View(view.array(), view.offset(), view.stride() * outputs);
  }

  private static void product(
      int height, View a, int width, View b, int size, boolean symmetric, View to) {
    if (symmetric) {
      NativeArray.addSquare(height, size, a, to);
    } else {
      NativeArray.timesTransposed(height, width, size, a, b, 1, to);
    }
  }
}
