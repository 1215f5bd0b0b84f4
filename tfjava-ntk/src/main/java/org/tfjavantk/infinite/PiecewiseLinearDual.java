package org.tfjavantk.infinite;

/**
 * f(x) = a min(x, 0) + b max(x, 0) = m x + h |x|, m = (a + b) / 2, h = (b - a) / 2 (ReLU, leaky
 * ReLU, |x|): the arc-cosine kernels of order 1 and 0 (Cho, Saul 2009). The odd and the even part
 * do not mix:
 *
 * <p>E f(u) f(v) = m^2 c + h^2 E|u v|, E|u v| = (2/pi) (r + c arcsin(c / s)), r = sqrt(v1 v2 -
 * c^2), s = sqrt(v1 v2);
 *
 * <p>E f'(u) f'(v) = m^2 + h^2 (2/pi) arcsin(c / s).
 */
record PiecewiseLinearDual(double a, double b) implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    double r = Math.sqrt(Bivariate.determinant(v1, v2, cov));
    return mean() * mean() * cov + half() * half() * 2 / Math.PI * (r + cov * Math.atan2(cov, r));
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return mean() * mean() + half() * half() * Bivariate.sign(v1, v2, cov);
  }

  @Override
  public double variance(double v) {
    return (a * a + b * b) / 2 * v;
  }

  @Override
  public double derivativeVariance(double v) {
    return v > 0 ? (a * a + b * b) / 2 : mean() * mean();
  }

  private double mean() {
    return (a + b) / 2;
  }

  private double half() {
    return (b - a) / 2;
  }
}
