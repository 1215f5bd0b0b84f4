package org.tfjavantk.store;

/** Takes the rows of a kernel matrix in order. */
@FunctionalInterface
public interface RowConsumer {
  /**
   * Takes one row.
   *
   * @param row its index in the matrix
   * @param values all its values; the array is used again for the next row
   */
  void accept(long row, double[] values);
}
