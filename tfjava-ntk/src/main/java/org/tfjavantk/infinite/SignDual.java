package org.tfjavantk.infinite;

/**
 * f(x) = sign(x): E f(u) f(v) = (2/pi) arcsin(c / sqrt(v1 v2)). Its derivative counts as 0, as it
 * does in a finite network, so that there is no NTK from below.
 */
record SignDual() implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    return Bivariate.sign(v1, v2, cov);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return 0;
  }

  @Override
  public double variance(double v) {
    return v > 0 ? 1 : 0;
  }
}
