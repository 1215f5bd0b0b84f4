package org.tfjavantk.infinite;

/**
 * f(x) = a exp(b x): E f(u) f(v) = a^2 exp(b^2 (v1 + v2 + 2 c) / 2), and E f'(u) f'(v) is b^2 times
 * that.
 */
record ExpDual(double a, double b) implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    return a * a * Math.exp(b * b * (v1 + v2 + 2 * cov) / 2);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return b * b * nngp(v1, v2, cov);
  }
}
