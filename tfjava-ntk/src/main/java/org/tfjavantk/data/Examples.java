package org.tfjavantk.data;

/**
 * Labelled examples, decoded on demand. Implementations are immutable and safe for concurrent use.
 */
public interface Examples {
  /** The number of examples n. */
  int count();

  /** The shape of one example: {@code {height, width, channels}} or {@code {features}}. */
  int[] shape();

  /** The number of values of one example, the product of {@link #shape}. */
  default int size() {
    int size = 1;
    for (int d : shape()) {
      size = Math.multiplyExact(size, d);
    }
    return size;
  }

  /** The number of classes; every label lies in 0 .. classes-1. */
  int classes();

  /**
   * The label of example {@code i}.
   *
   * @throws IndexOutOfBoundsException unless 0 <= i < count
   */
  int label(int i);

  /**
   * Writes the {@link #size} preprocessed values of example {@code i}, row-major (channels last),
   * to {@code into[offset ..]}.
   *
   * @throws IndexOutOfBoundsException unless 0 <= i < count and the values fit
   */
  void read(int i, double[] into, int offset);
}
