package org.tfjavantk.spectrum;

import java.util.Arrays;
import java.util.Locale;

/**
 * A mean of independent draws and its 95% confidence interval {@code value ± margin} by Student's t
 * distribution.
 */
public record Estimate(double value, double margin) {
  /** Two-sided 95% quantiles for 1, 2, … 30 degrees of freedom. */
  private static final double[] QUANTILES = {
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042
  };

  /** Of two draws or more. */
  static Estimate of(double[] draws) {
    int count = draws.length;
    double mean = Arrays.stream(draws).average().orElseThrow();
    double squares = Arrays.stream(draws).map(x -> (x - mean) * (x - mean)).sum();
    double error = Math.sqrt(squares / (count - 1) / count);
    int degrees = count - 1;
    // Beyond the table, the first terms of the expansion in 1 / degrees.
    double quantile =
        degrees <= QUANTILES.length ? QUANTILES[degrees - 1] : 1.95996 + 2.3722 / degrees;
    return new Estimate(mean, quantile * error);
  }

  /** Whether a value lies in the interval. */
  public boolean covers(double truth) {
    return Math.abs(truth - value) <= margin;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.6g ± %.2g", value, margin);
  }
}
