package org.tfjavantk.infinite;

/**
 * f(x) = the sum of a_n x^n. In Hermite polynomials of variance v, x^n is the sum over m of n! /
 * (2^m m! (n - 2m)!) v^m He_{n-2m}(x), and E He_j(u) He_j(v) = j! c^j, so that
 *
 * <p>E f(u) f(v) = sum over j of j! A_j(v1) A_j(v2) c^j, A_j(v) = sum over m of a_{j+2m} (j + 2m)!
 * / (2^m m! j!) v^m;
 *
 * <p>E f'(u) f'(v) is the same for the coefficients of f'.
 */
final class PolynomialDual implements Dual {
  private final Expansion value;
  private final Expansion derivative;

  private PolynomialDual(double[] coefficients) {
    value = Expansion.of(coefficients);
    double[] slopes = new double[Math.max(1, coefficients.length - 1)];
    for (int n = 1; n < coefficients.length; n++) {
      slopes[n - 1] = n * coefficients[n];
    }
    derivative = Expansion.of(slopes);
  }

  static Dual of(double[] coefficients) {
    return new PolynomialDual(coefficients);
  }

  static Dual monomial(int degree) {
    double[] coefficients = new double[degree + 1];
    coefficients[degree] = 1;
    return of(coefficients);
  }

  @Override
  public double nngp(double v1, double v2, double cov) {
    return value.at(v1, v2, cov);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return derivative.at(v1, v2, cov);
  }

  /** terms[j][m] = sqrt(j!) times the coefficient of v^m in A_j. */
  private record Expansion(double[][] terms) {
    static Expansion of(double[] coefficients) {
      int n = coefficients.length;
      double[][] terms = new double[n][];
      double first = 1; // sqrt(j!)
      for (int j = 0; j < n; j++) {
        first *= j == 0 ? 1 : Math.sqrt(j);
        double factor = first;
        terms[j] = new double[(n - j + 1) / 2];
        for (int m = 0; m < terms[j].length; m++) {
          int k = j + 2 * m;
          factor *= m == 0 ? 1 : k * (k - 1) / (2.0 * m);
          terms[j][m] = factor * coefficients[k];
        }
      }
      return new Expansion(terms);
    }

    double at(double v1, double v2, double cov) {
      double sum = 0;
      for (int j = terms.length - 1; j >= 0; j--) {
        sum = sum * cov + Horner.at(terms[j], v1) * Horner.at(terms[j], v2);
      }
      return sum;
    }
  }
}
