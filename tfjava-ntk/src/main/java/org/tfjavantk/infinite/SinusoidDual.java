package org.tfjavantk.infinite;

/**
 * Sinusoids of amplitude a and frequency b, with m = b^2 E(u - v)^2 / 2 and p = b^2 E(u + v)^2 / 2:
 *
 * <p>E f(u) f(v) = a^2/2 (exp(-m) - k exp(-p)), E f'(u) f'(v) = a^2 b^2/2 (exp(-m) + k exp(-p)),
 *
 * <p>where k is cos(2 phase) for a sine and -cos(2 phase) for a cosine. A phase of pi/4 leaves the
 * radial kernel exp(-m) (Rahimi, Recht 2007). The record holds 1 - k, so that small variances lose
 * nothing: exp(-m) - k exp(-p) = exp(-m) - exp(-p) + (1 - k) exp(-p).
 */
record SinusoidDual(double amplitude, double frequency, double oneMinusK) implements Dual {
  /** a sin(b x + phase): 1 - cos(2 phase) = 2 sin(phase)^2. */
  static Dual sine(double a, double b, double phase) {
    return new SinusoidDual(a, b, 2 * Math.sin(phase) * Math.sin(phase));
  }

  /** a cos(b x + phase). */
  static Dual cosine(double a, double b, double phase) {
    return new SinusoidDual(a, b, 2 * Math.cos(phase) * Math.cos(phase));
  }

  /** sqrt(2) sin(sqrt(2 gamma) x + pi/4). */
  static Dual rbf(double gamma) {
    return new SinusoidDual(Math.sqrt(2), Math.sqrt(2 * gamma), 1);
  }

  @Override
  public double nngp(double v1, double v2, double cov) {
    return amplitude * amplitude / 2 * difference(oneMinusK, v1, v2, cov);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    double slope = amplitude * frequency;
    return slope * slope / 2 * difference(2 - oneMinusK, v1, v2, cov);
  }

  private double difference(double oneMinusK, double v1, double v2, double cov) {
    double b2 = frequency * frequency;
    double m = b2 * (v1 + v2 - 2 * cov) / 2;
    double p = b2 * (v1 + v2 + 2 * cov) / 2;
    return Bivariate.exponentials(m, p, 2 * b2 * cov) + oneMinusK * Math.exp(-p);
  }
}
