package org.tfjavantk.graphs;

import java.util.List;

/** What a window sees beyond the edges of its input. */
public sealed interface Padding {
  /** Nothing: the window stays inside. */
  record Valid() implements Padding {}

  /**
   * Zeros, so that the output has ceil(length / stride) positions; where their number is odd, the
   * last goes to the end, as in TensorFlow.
   */
  record Same() implements Padding {}

  /** As many positions as {@link Same}, taken from the other end of the input. */
  record Circular() implements Padding {}

  /** Zeros before and after every axis. */
  record Zeros(List<Integer> before, List<Integer> after) implements Padding {
    public Zeros {
      before = List.copyOf(before);
      after = List.copyOf(after);
    }
  }

  /** {@link Valid}. */
  Padding VALID = new Valid();

  /** {@link Same}. */
  Padding SAME = new Same();

  /** {@link Circular}. */
  Padding CIRCULAR = new Circular();
}
