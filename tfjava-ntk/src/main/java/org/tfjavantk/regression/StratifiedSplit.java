package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/** Training examples in two parts, both ascending. */
record StratifiedSplit(int[] fit, int[] heldOut) {
  private static final String STREAM = "regression/held-out";

  /**
   * Holds out {@code round(fraction * count)} examples of each class, drawn with the seed, but
   * leaves one of each class.
   *
   * @throws UserException when none would be held out
   */
  static StratifiedSplit draw(int[] labels, int classes, double fraction, long seed) {
    int[] toHoldOut = new int[classes];
    for (int label : labels) {
      toHoldOut[label]++;
    }
    for (int c = 0; c < classes; c++) {
      long wanted = Math.round(fraction * toHoldOut[c]);
      toHoldOut[c] = (int) Math.max(0, Math.min(wanted, toHoldOut[c] - 1));
    }
    boolean[] held = new boolean[labels.length];
    for (int example : RandomStream.of(seed, STREAM).permutation(labels.length)) {
      if (toHoldOut[labels[example]] > 0) {
        toHoldOut[labels[example]]--;
        held[example] = true;
      }
    }
    List<Integer> fit = new ArrayList<>();
    List<Integer> heldOut = new ArrayList<>();
    for (int example = 0; example < held.length; example++) {
      (held[example] ? heldOut : fit).add(example);
    }
    if (heldOut.isEmpty()) {
      throw new UserException(
          "kernel_regression.validation_fraction: %s of %d training examples in %d classes is not one example of any class; use more examples, a larger fraction, or a data set with validation examples"
              .formatted(fraction, labels.length, classes));
    }
    return new StratifiedSplit(toArray(fit), toArray(heldOut));
  }

  /** Everything in the fit. */
  static StratifiedSplit none(int n) {
    return new StratifiedSplit(RidgeSystem.range(n), new int[0]);
  }

  /** The fit, then those held out. */
  int[] order() {
    int[] order = java.util.Arrays.copyOf(fit, fit.length + heldOut.length);
    System.arraycopy(heldOut, 0, order, fit.length, heldOut.length);
    return order;
  }

  private static int[] toArray(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }
}
