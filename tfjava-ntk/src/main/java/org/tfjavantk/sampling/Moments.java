package org.tfjavantk.sampling;

/**
 * Mean and variance of every entry of an array over independent draws, by Welford's recursion
 * (Technometrics 1962).
 */
public final class Moments {
  private final double[] mean;
  private final double[] squares;
  private int count;

  Moments(int size) {
    mean = new double[size];
    squares = new double[size];
  }

  void add(double[] draw) {
    count++;
    for (int i = 0; i < mean.length; i++) {
      double before = draw[i] - mean[i];
      mean[i] += before / count;
      squares[i] += before * (draw[i] - mean[i]);
    }
  }

  /** How many draws there were. */
  public int count() {
    return count;
  }

  /** The mean of every entry. */
  public double[] mean() {
    return mean.clone();
  }

  /** The standard error of every mean, sqrt(variance / count); infinite for less than two draws. */
  public double[] standardErrors() {
    double[] errors = new double[mean.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] =
          count < 2 ? Double.POSITIVE_INFINITY : Math.sqrt(squares[i] / (count - 1.0) / count);
    }
    return errors;
  }

  /** The Frobenius norm of the standard errors over that of the means. */
  public double relativeStandardError() {
    return norm(standardErrors()) / norm(mean);
  }

  /**
   * (mean - expected) / sqrt(standard error² + rounding²) of every entry: about N(0, 1) for many
   * draws, if the expectation is the expected value.
   *
   * @param rounding error of a mean that no number of draws makes smaller
   */
  public double[] zScores(double[] expected, double rounding) {
    double[] errors = standardErrors();
    double[] scores = new double[mean.length];
    for (int i = 0; i < scores.length; i++) {
      double difference = mean[i] - expected[i];
      scores[i] = difference == 0 ? 0 : difference / Math.hypot(errors[i], rounding);
    }
    return scores;
  }

  /** The Frobenius norm. */
  static double norm(double[] matrix) {
    double scale = 0;
    for (double entry : matrix) {
      scale = Math.hypot(scale, entry);
    }
    return scale;
  }
}
