package org.tfjavantk.cli.report;

import java.util.ArrayList;
import java.util.List;

/** Round numbers for an axis. */
final class Ticks {
  private Ticks() {}

  /**
   * The multiples of 1, 2 or 5 times a power of ten in [low, high], about {@code wanted} of them.
   */
  static List<Double> linear(double low, double high, int wanted) {
    if (!(high > low)) {
      return List.of(low);
    }
    double step = step((high - low) / wanted);
    List<Double> ticks = new ArrayList<>();
    for (long k = (long) Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
      ticks.add(k * step);
    }
    return ticks;
  }

  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    for (double factor : new double[] {1, 2, 5}) {
      if (factor * power >= least * (1 - 1e-9)) {
        return factor * power;
      }
    }
    return 10 * power;
  }
}
