package org.tfjavantk.infinite;

/**
 * A way to compute the kernels of some examples with others.
 *
 * @param <S> what is known of examples alone
 */
interface KernelRoute<S> extends AutoCloseable {
  /**
   * What is to be known of examples alone.
   *
   * @param x (count, size of an example)
   */
  S side(double[] x, int count);

  /**
   * The kernels of all pairs.
   *
   * @param alone whether rows and columns are the same examples; what is below the diagonal may
   *     then hold anything
   */
  void tile(S rows, S columns, boolean alone, KernelTarget target);

  @Override
  default void close() {
    // most hold nothing outside of Java's heap
  }
}
