package org.tfjavantk.infinite;

/**
 * f(x) = He_n(x) / sqrt(n!): the kernel c^n and its derivative n c^(n-1), which are E f(u) f(v) and
 * E f'(u) f'(v) for variances of 1. They are used as they stand for other variances, too.
 */
record HermiteDual(int degree) implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    return Math.pow(cov, degree);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return degree == 0 ? 0 : degree * Math.pow(cov, degree - 1);
  }
}
