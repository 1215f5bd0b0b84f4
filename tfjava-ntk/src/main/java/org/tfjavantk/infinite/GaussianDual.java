package org.tfjavantk.infinite;

/**
 * f(x) = a exp(b x^2), with D = det(I - 2 b K):
 *
 * <p>E f(u) f(v) = a^2 D^(-1/2), E f'(u) f'(v) = 4 a^2 b^2 c D^(-3/2).
 *
 * <p>For b > 0 both exist while I - 2 b K is positive definite; beyond, the first is infinite and
 * the second not a number.
 */
record GaussianDual(double a, double b) implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    return converges(v1, v2, cov) ? a * a / Math.sqrt(det(v1, v2, cov)) : Double.POSITIVE_INFINITY;
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    double det = det(v1, v2, cov);
    return converges(v1, v2, cov) ? 4 * a * a * b * b * cov / (det * Math.sqrt(det)) : Double.NaN;
  }

  private boolean converges(double v1, double v2, double cov) {
    return 2 * b * Math.max(v1, v2) < 1 && det(v1, v2, cov) > 0;
  }

  private double det(double v1, double v2, double cov) {
    return Bivariate.determinant(-2 * b, v1, v2, cov);
  }
}
