package org.tfjavantk.infinite;

import java.util.HashMap;
import java.util.Map;

/**
 * One walk of some pairs through the network. First every example walks with itself, and the rules
 * that need variances leave them behind; then pairs of different examples walk and find them.
 */
final class Walk {
  /** What examples left behind at each rule, example after example. */
  static final class Trail {
    private final Map<Object, double[]> values = new HashMap<>();
  }

  private final boolean self;
  private final Trail left;
  private final Trail right;
  private final int columns;
  private final int diagonal;

  private Walk(boolean self, Trail left, Trail right, int columns, int diagonal) {
    this.self = self;
    this.left = left;
    this.right = right;
    this.columns = columns;
    this.diagonal = diagonal;
  }

  /** Pair b is example b with itself. */
  static Walk alone(Trail trail) {
    return new Walk(true, trail, trail, 1, 0);
  }

  /**
   * Pair b is example b / columns of the left with example b % columns of the right.
   *
   * @param diagonal where the two examples are one: those whose left number plus this is the right
   *     one; a number beyond all where there are none
   */
  static Walk of(Trail left, Trail right, int columns, int diagonal) {
    return new Walk(false, left, right, columns, diagonal);
  }

  boolean isSelf() {
    return self;
  }

  int left(int pair) {
    return self ? pair : pair / columns;
  }

  int right(int pair) {
    return self ? pair : pair % columns;
  }

  /** Whether the pair is an example with itself. */
  boolean same(int pair) {
    return self || pair / columns + diagonal == pair % columns;
  }

  void leave(Object rule, double[] values) {
    left.values.put(rule, values);
  }

  double[] ofLeft(Object rule) {
    return left.values.get(rule);
  }

  double[] ofRight(Object rule) {
    return right.values.get(rule);
  }
}
