package org.tfjavantk.infinite;

/**
 * f(x) = x (1 + g(x)) / 2, g(x) = erf(x / sqrt 2). As g is odd, E f(u) f(v) = (c + E u v g(u) g(v))
 * / 4, and integration by parts (Stein's lemma), with A = E g(u) g(v) = (2/pi) arcsin(c / sqrt((1 +
 * v1)(1 + v2))) and B = E g'(u) g'(v) = (2/pi) / sqrt(D), D = det(I + K), gives
 *
 * <p>E f(u) f(v) = (c + c A + B (v1 v2 - c^2 + c^2 (1/(1 + v1) + 1/(1 + v2)))) / 4;
 *
 * <p>E f'(u) f'(v) = (1 + A + c B (1/(1 + v1) + 1/(1 + v2) + 1/D)) / 4.
 *
 * <p>Tsuchida, Pearce, van der Heide, Roosta, Gallagher 2021 have it in another form.
 */
record GeluDual() implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    double even = Bivariate.determinant(v1, v2, cov) + cov * cov * inverses(v1, v2);
    double b = b(Bivariate.determinant(1, v1, v2, cov));
    return (cov * (1 + Bivariate.erf(1, v1, v2, cov)) + b * even) / 4;
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    double det = Bivariate.determinant(1, v1, v2, cov);
    double odd = cov * b(det) * (inverses(v1, v2) + 1 / det);
    return (1 + Bivariate.erf(1, v1, v2, cov) + odd) / 4;
  }

  private static double b(double det) {
    return 2 / (Math.PI * Math.sqrt(det));
  }

  private static double inverses(double v1, double v2) {
    return 1 / (1 + v1) + 1 / (1 + v2);
  }
}
