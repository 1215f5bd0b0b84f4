package org.tfjavantk.infinite;

/**
 * The arithmetic of slabs in one precision, for one thread. An operation on arrays goes over the
 * {@code n} values from the index {@code from}, which is the same in all of them unless said
 * otherwise.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
interface SlabMath<A> {
  /** An array of zeros. */
  A zeros(int length);

  /** An array of these values, rounded. */
  A of(double[] values);

  /** Sets values to zero. */
  void clear(A array, int from, int n);

  /**
   * out_i = Σ_c x_{c,i} z_{c,i+shift}.
   *
   * @param length of a channel of x
   * @param zLength of a channel of z
   */
  void products(int channels, A x, int length, A z, int shift, int zLength, A out, int from, int n);

  /** out_i = scale · Σ_{|j| ≤ radius} in_{i + j · step}. {@code out} is not {@code in}. */
  void box(A in, A out, int step, int radius, double scale, int from, int n);

  /** What is known of the angles θ. */
  enum Angles {
    /** They are 0. */
    ZERO,
    /** None is above π/2: so it is behind every ReLU, and need not be looked at. */
    ACUTE,
    /** Nothing. */
    ANY
  }

  /**
   * The sums of a convolution along the columns, and ReLU. With k = (K_{i-step} + K_i + K_{i+step}
   * + b) m and t likewise the sum of three Θ, times m, plus k, where the mask m is 1 or 0; s = σ_p
   * σ_q and |s - |k|| / s = 1 - |cos θ|, which is 0 for s = 0:
   *
   * <pre>
   *   K ← (s sin θ + (π - θ) k) / 2π      Θ ← t (π - θ) / 2π
   * </pre>
   *
   * σ_q lies {@code shift} further on.
   */
  void relu(
      Pair<A> sums,
      int step,
      A mask,
      double bias,
      A p,
      A q,
      int shift,
      Angles angles,
      Pair<A> slab,
      int from,
      int n);

  /**
   * Adds a block: out_{r · outStride + i} += scale · in_{r · inStride + i · step} for r below
   * {@code rows} and i below {@code width}.
   */
  void add(
      A in,
      int inAt,
      int inStride,
      int step,
      double scale,
      A out,
      int outAt,
      int outStride,
      int width,
      int rows);

  /** Σ_i in_i. */
  double sum(A in, int from, int n);

  /** K and Θ. */
  record Pair<A>(A k, A theta) {}
}
