package org.tfjavantk.sampling;

import java.util.Arrays;
import org.tfjavantk.graphs.Precision;

/**
 * An estimate of one kernel matrix of n examples with themselves.
 *
 * @param moments over the draws, (n, n)
 * @param precision of the arithmetic
 */
public record Estimate(Moments moments, Precision precision) {
  /**
   * How far the mean is from a closed form, in standard errors, for every entry. Rounding of the
   * arithmetic, 1e-5 of the largest entry in float32 and 1e-12 in float64, counts as an error, too,
   * so that entries without randomness are not far from anything.
   *
   * @param expected (n, n)
   */
  public double[] zScores(double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    double rounding = precision == Precision.FLOAT64 ? 1e-12 : 1e-5;
    return moments.zScores(expected, rounding * largest);
  }

  /** The largest |z| of {@link #zScores}; NaN if an entry is no number. */
  public double maxZ(double[] expected) {
    return Arrays.stream(zScores(expected)).map(Math::abs).reduce(0, Math::max);
  }

  /** ‖mean - expected‖ / ‖expected‖, Frobenius. */
  public double distance(double[] expected) {
    return distance(moments.mean(), expected);
  }

  /** ‖found - expected‖ / ‖expected‖, Frobenius. */
  public static double distance(double[] found, double[] expected) {
    double[] difference = new double[expected.length];
    Arrays.setAll(difference, i -> found[i] - expected[i]);
    return Moments.norm(difference) / Moments.norm(expected);
  }
}
