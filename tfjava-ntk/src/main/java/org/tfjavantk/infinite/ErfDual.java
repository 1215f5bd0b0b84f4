package org.tfjavantk.infinite;

/**
 * f(x) = a erf(b x) + c0 (Williams 1997), with t = 2 b^2:
 *
 * <p>E f(u) f(v) = a^2 (2/pi) arcsin(t c / sqrt((1 + t v1)(1 + t v2))) + c0^2;
 *
 * <p>E f'(u) f'(v) = a^2 b^2 (4/pi) / sqrt(det(I + t K)).
 */
record ErfDual(double a, double b, double offset) implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    return a * a * Bivariate.erf(2 * b * b, v1, v2, cov) + offset * offset;
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    double det = Bivariate.determinant(2 * b * b, v1, v2, cov);
    return a * a * b * b * 4 / (Math.PI * Math.sqrt(det));
  }
}
