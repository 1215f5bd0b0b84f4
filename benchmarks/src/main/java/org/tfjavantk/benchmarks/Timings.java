package org.tfjavantk.benchmarks;

import java.util.Arrays;

/**
 * How long one contestant took, round by round.
 *
 * @param name of the contestant
 * @param seconds of every round
 */
record Timings(String name, double[] seconds) {
  double median() {
    return quantile(0.5);
  }

  double least() {
    return quantile(0);
  }

  /** Linear interpolation between the order statistics. */
  double quantile(double q) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    double at = q * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }
}
