package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;

/**
 * Seconds of a piece of work that grows with a size: c₀ + c₁ s + c₂ s², no coefficient negative.
 *
 * <p>c₂ is what a pair takes in large products. Small products are slower: with the rate r N / (N +
 * N₀) of products of N rows, N² pairs take (N² + N₀ N) / r, so that what they lose is in c₁, with
 * what is done for every row alone.
 *
 * @param constant c₀
 * @param linear c₁
 * @param square c₂
 */
record CostCurve(double constant, double linear, double square) {
  /** Work that takes no time. */
  static final CostCurve NONE = new CostCurve(0, 0, 0);

  private static final int TERMS = 3;

  /** Other coefficients must fit so much better to be preferred to those that were tried before. */
  private static final double BETTER = 1e-9;

  /**
   * One measurement.
   *
   * @param size s
   * @param seconds what it took
   */
  record Sample(double size, double seconds) {}

  /** A square of the size. */
  double at(double size) {
    return at(size, size);
  }

  /** What lies between two sizes: c₀ + c₁ (s + t) / 2 + c₂ s t. */
  double at(double one, double other) {
    return constant + linear * (one + other) / 2 + square * one * other;
  }

  /**
   * The curve with the least squares of the relative errors. Of those that fit as well it is the
   * one with higher powers, so that a single measurement is taken to grow with the highest.
   *
   * @param degree 1 where the work does not grow with the square
   */
  static CostCurve fit(List<Sample> samples, int degree) {
    CostCurve best = NONE;
    double least = Double.POSITIVE_INFINITY;
    for (List<Integer> powers : choices(degree)) {
      double[] c = solve(samples, powers);
      if (c == null) {
        continue;
      }
      CostCurve curve = new CostCurve(c[0], c[1], c[2]);
      double error = 0;
      for (Sample sample : samples) {
        double off = curve.at(sample.size()) / sample.seconds() - 1;
        error += off * off;
      }
      if (error < least - BETTER) {
        best = curve;
        least = error;
      }
    }
    return best;
  }

  /** Sets of powers, fewer first, higher first. */
  private static List<List<Integer>> choices(int degree) {
    return degree == 1
        ? List.of(List.of(1), List.of(0), List.of(1, 0))
        : List.of(
            List.of(2),
            List.of(1),
            List.of(0),
            List.of(2, 1),
            List.of(2, 0),
            List.of(1, 0),
            List.of(2, 1, 0));
  }

  /** The coefficients of these powers; null if they are not determined, or one is negative. */
  private static double[] solve(List<Sample> samples, List<Integer> powers) {
    if (samples.size() < powers.size()) {
      return null;
    }
    int n = powers.size();
    double[][] a = new double[n][n + 1];
    // Sizes are taken relative to the largest, so that the equations are well scaled.
    double scale = samples.stream().mapToDouble(Sample::size).max().orElse(1);
    for (Sample sample : samples) {
      List<Double> row = new ArrayList<>();
      powers.forEach(power -> row.add(Math.pow(sample.size() / scale, power) / sample.seconds()));
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          a[i][j] += row.get(i) * row.get(j);
        }
        a[i][n] += row.get(i);
      }
    }
    double[] found = eliminate(a, n);
    if (found == null) {
      return null;
    }
    double[] c = new double[TERMS];
    for (int i = 0; i < n; i++) {
      if (!(found[i] >= 0)) {
        return null;
      }
      c[powers.get(i)] = found[i] / Math.pow(scale, powers.get(i));
    }
    return c;
  }

  /** Of a positive semi-definite system; null where it is singular. */
  private static double[] eliminate(double[][] a, int n) {
    for (int k = 0; k < n; k++) {
      double before = a[k][k];
      for (int j = 0; j < k; j++) {
        double factor = a[k][j] / a[j][j];
        for (int i = j; i <= n; i++) {
          a[k][i] -= factor * a[j][i];
        }
      }
      if (!(a[k][k] > 1e-12 * before)) {
        return null;
      }
    }
    double[] x = new double[n];
    for (int k = n - 1; k >= 0; k--) {
      double sum = a[k][n];
      for (int i = k + 1; i < n; i++) {
        sum -= a[k][i] * x[i];
      }
      x[k] = sum / a[k][k];
    }
    return x;
  }
}
