package org.tfjavantk.infinite;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * The coefficients a_k(v) = E f(sqrt(v) z) h_k(z), z ~ N(0, 1), of f in the orthonormal Hermite
 * polynomials h_k. By Mehler's formula, with rho = c / sqrt(v1 v2),
 *
 * <p>E f(u) f(v) = sum over k of a_k(v1) a_k(v2) rho^k.
 *
 * <p>What the terms from K on contribute is at most |rho|^K sqrt(R(v1) R(v2)), R = E f^2 - sum over
 * k < K of a_k^2.
 *
 * @param energy E f^2
 * @param rest R, but not less than rounding lets it be known
 */
record HermiteSeries(double[] coefficients, double energy, double rest) {
  private static final int TERMS = 256;
  private static final double ROUNDING = 1e-15;
  private static final double[] ROOTS =
      IntStream.rangeClosed(0, TERMS).mapToDouble(Math::sqrt).toArray();

  static HermiteSeries of(DoubleUnaryOperator f, double strip, double[] kinks, double variance) {
    double scale = Math.sqrt(variance);
    NormalRule rule = new NormalRule(1);
    double[] ends = NormalRule.ends(Arrays.stream(kinks).map(kink -> kink / scale).toArray());
    for (int i = 1; i < ends.length; i++) {
      rule.add(ends[i - 1], ends[i], NormalRule.spacing(strip / scale, TERMS));
    }
    double[] a = new double[TERMS];
    double energy = 0;
    for (int i = 0; i < rule.size(); i++) {
      double z = rule.point(i);
      double value = f.applyAsDouble(scale * z);
      double weighted = rule.weight(i) * value;
      energy += weighted * value;
      double last = 0;
      double h = 1;
      for (int k = 0; k < TERMS; k++) {
        a[k] += weighted * h;
        double next = (z * h - ROOTS[k] * last) / ROOTS[k + 1];
        last = h;
        h = next;
      }
    }
    double rest = energy - Arrays.stream(a).map(value -> value * value).sum();
    return new HermiteSeries(trimmed(a, energy), energy, Math.max(rest, ROUNDING * energy));
  }

  /** Without the last terms that are nothing but rounding. */
  private static double[] trimmed(double[] a, double energy) {
    int n = a.length;
    while (n > 0 && Math.abs(a[n - 1]) <= ROUNDING / 10 * Math.sqrt(energy)) {
      n--;
    }
    return Arrays.copyOf(a, n);
  }

  /** The largest error of {@link #expectation}, relative to sqrt(E f(u)^2 E f(v)^2). */
  double error(HermiteSeries other, double rho) {
    double left = Math.sqrt(rest * other.rest);
    return left == 0 ? 0 : Math.pow(Math.abs(rho), TERMS) * left / Math.sqrt(energy * other.energy);
  }

  /** E f(u) f(v). */
  double expectation(HermiteSeries other, double rho) {
    double sum = 0;
    for (int k = Math.min(coefficients.length, other.coefficients.length) - 1; k >= 0; k--) {
      sum = sum * rho + coefficients[k] * other.coefficients[k];
    }
    return sum;
  }
}
