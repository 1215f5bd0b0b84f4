package org.tfjavantk.data;

import org.tfjavantk.random.RandomStream;

/** The random numbers of one example, one block of its stream after the other. */
final class Draws {
  /** Blocks of the stream that belong to one example. */
  static final long PER_EXAMPLE = 1L << 24;

  private final RandomStream stream;
  private long next;

  Draws(RandomStream stream, long example) {
    this.stream = stream;
    next = example * PER_EXAMPLE;
  }

  double uniform(double low, double high) {
    return low + (high - low) * stream.uniform(next++);
  }

  double normal() {
    return stream.normal(next++);
  }

  int integer(int bound) {
    return stream.integer(next++, bound);
  }
}
