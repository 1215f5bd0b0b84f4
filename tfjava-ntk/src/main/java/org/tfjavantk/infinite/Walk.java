package org.tfjavantk.infinite;

import java.util.HashMap;
import java.util.Map;

/**
 * One walk of some pairs through the network. First every example walks with itself, and the rules
 * that need variances leave them behind; then pairs of different examples walk and find them.
 */
final class Walk {
  /** What some examples left behind at each rule. */
  static final class Trail {
    private final int examples;
    private final Map<Object, double[]> values = new HashMap<>();

    /**
     * @param examples how many there are
     */
    Trail(int examples) {
      this.examples = examples;
    }

    private synchronized void put(Object rule, int first, int count, double[] some) {
      int size = some.length / count;
      double[] all = values.computeIfAbsent(rule, r -> new double[examples * size]);
      System.arraycopy(some, 0, all, first * size, some.length);
    }

    private synchronized double[] at(Object rule) {
      return values.get(rule);
    }
  }

  private final Trail left;
  private final int firstLeft;
  private final Trail right;
  private final int firstRight;
  private final int count;
  private final boolean self;
  private final boolean alone;

  private Walk(
      Trail left,
      int firstLeft,
      Trail right,
      int firstRight,
      int count,
      boolean self,
      boolean alone) {
    this.left = left;
    this.firstLeft = firstLeft;
    this.right = right;
    this.firstRight = firstRight;
    this.count = count;
    this.self = self;
    this.alone = alone;
  }

  /** Pair b is example first + b with itself. */
  static Walk alone(Trail trail, int first, int count) {
    return new Walk(trail, first, trail, first, count, true, true);
  }

  /**
   * Pair b is one example with the other first + b.
   *
   * @param alone whether the other examples are the same ones, in the same order
   */
  static Walk of(Trail left, int example, Trail right, int first, int count, boolean alone) {
    return new Walk(left, example, right, first, count, false, alone);
  }

  boolean isSelf() {
    return self;
  }

  /** The number of a pair's left example. */
  int left(int pair) {
    return self ? firstLeft + pair : firstLeft;
  }

  /** The number of a pair's right example. */
  int right(int pair) {
    return firstRight + pair;
  }

  /** Whether the pair is an example with itself. */
  boolean same(int pair) {
    return alone && left(pair) == right(pair);
  }

  /** Leaves values behind for every pair, on a walk of single examples. */
  void leave(Object rule, double[] values) {
    left.put(rule, firstLeft, count, values);
  }

  /** What all left examples left behind. */
  double[] ofLeft(Object rule) {
    return left.at(rule);
  }

  /** What all right examples left behind. */
  double[] ofRight(Object rule) {
    return right.at(rule);
  }
}
