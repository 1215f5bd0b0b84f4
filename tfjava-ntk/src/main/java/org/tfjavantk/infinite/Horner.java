package org.tfjavantk.infinite;

/** Polynomials by their coefficients, from the constant on. */
final class Horner {
  private Horner() {}

  static double at(double[] coefficients, double x) {
    double sum = 0;
    for (int k = coefficients.length - 1; k >= 0; k--) {
      sum = sum * x + coefficients[k];
    }
    return sum;
  }
}
