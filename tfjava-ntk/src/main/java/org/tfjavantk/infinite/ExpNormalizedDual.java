package org.tfjavantk.infinite;

/**
 * The kernel s exp(gamma (c / s + shift)), s = sqrt(v1 v2), of no finite network; its derivative by
 * c, which multiplies the NTK, is gamma exp(gamma (c / s + shift)). With s = 0 the cosine c / s
 * counts as 0.
 */
record ExpNormalizedDual(double gamma, double shift) implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    return Math.sqrt(v1 * v2) * exp(v1, v2, cov);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return gamma * exp(v1, v2, cov);
  }

  private double exp(double v1, double v2, double cov) {
    return Math.exp(gamma * (Bivariate.correlation(v1, v2, cov) + shift));
  }
}
