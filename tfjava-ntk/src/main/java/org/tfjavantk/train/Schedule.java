package org.tfjavantk.train;

/** How the learning rate moves over the T batches of a training. */
public enum Schedule {
  /** η_t = η. */
  CONSTANT,
  /**
   * η_t = η (1 + cos(π t / T)) / 2 (Loshchilov and Hutter, "SGDR", ICLR 2017, without restarts).
   */
  COSINE;

  /** The learning rate of batch {@code t} of {@code total}. */
  public double rate(double rate, long t, long total) {
    return this == CONSTANT ? rate : rate * (1 + Math.cos(Math.PI * t / total)) / 2;
  }
}
