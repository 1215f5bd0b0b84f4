package org.tfjavantk.infinite;

/**
 * The arithmetic of slabs in one precision. Every operation goes over {@code n} values, a multiple
 * of 16, of flat arrays, from the indices given.
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

  /** out_i = Σ_c x_{c,i} z_{c,i}; a channel of x is so many values long, one of z so many. */
  void products(
      int channels, A x, int xAt, int xLength, A z, int zAt, int zLength, A out, int outAt, int n);

  /** out_i = scale · Σ_{|j| ≤ radius} in_{i + j · step}. {@code out} is not {@code in}. */
  void box(A in, int inAt, A out, int outAt, int n, int step, int radius, double scale);

  /**
   * What comes after the sums of a convolution: with k ← (K + b) m and t ← Θ m + k, where the mask
   * m is 1 or 0, s = σ_p σ_q, and u = |s - |k|| · σ_p⁻¹ σ_q⁻¹ = 1 - |cos θ|, so that an angle of 0
   * is exact where the inverses say 0,
   *
   * <pre>
   *   r = (π - θ) / 2π      K ← r k + s sin θ / 2π      Θ ← r t
   * </pre>
   */
  void relu(
      A k, A theta, int at, int n, A mask, double bias, Spread<A> p, int pAt, Spread<A> q, int qAt);

  /** Adds rows: out_{r · outStride + i} += in_{r · inStride + i} for i below {@code width}. */
  void addRows(A in, int inAt, int inStride, A out, int outAt, int outStride, int width, int rows);

  /** out_{to_j} += scale · in_{from_j} for all j. */
  void scatter(A in, int inAt, int[] from, A out, int outAt, int[] to, double scale);

  /** Σ values. */
  double sum(A in, int at, int n);

  /**
   * Standard deviations before a ReLU and their inverses, 0 for 0.
   *
   * @param deviation σ
   * @param inverse 1 / σ
   */
  record Spread<A>(A deviation, A inverse) {}
}
