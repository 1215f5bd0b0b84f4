package org.tfjavantk.infinite;

import java.util.function.DoubleUnaryOperator;

/**
 * E f(u) f(v) of one f for many pairs: by its Hermite series where that has converged, which costs
 * some hundred multiplications, else (for functions with kinks, or steep for their variance, at
 * correlations near +-1) by {@link Quadrature}, which costs ten thousand calls of f.
 *
 * <p>The series of the variances seen last are kept; what is kept does not change any result.
 */
final class Expectation {
  private static final double TOLERANCE = 1e-12;
  private static final int KEPT = 1 << 12;

  private final DoubleUnaryOperator f;
  private final double strip;
  private final double[] kinks;
  private final Quadrature quadrature;
  // Threads may overwrite each other's entries, which are immutable and worth the same.
  private final Entry[] kept = new Entry[KEPT];

  private record Entry(double variance, HermiteSeries series) {}

  /** As for {@link Quadrature}. */
  Expectation(DoubleUnaryOperator f, double strip, double... kinks) {
    this.f = f;
    this.strip = strip;
    this.kinks = kinks.clone();
    this.quadrature = new Quadrature(f, strip, kinks);
  }

  double at(double v1, double v2, double cov) {
    if (!Bivariate.finite(v1, v2, cov)) {
      return Double.NaN;
    }
    HermiteSeries first = series(v1);
    if (v1 == v2 && cov >= v1) {
      return first.energy();
    }
    double rho = Bivariate.correlation(v1, v2, cov);
    HermiteSeries second = series(v2);
    return first.error(second, rho) <= TOLERANCE
        ? first.expectation(second, rho)
        : quadrature.expectation(v1, v2, cov);
  }

  private HermiteSeries series(double variance) {
    int place = (Double.hashCode(variance) * 0x9E3779B9) >>> 20; // the highest 12 bits
    Entry entry = kept[place];
    if (entry == null || entry.variance != variance) {
      entry = new Entry(variance, HermiteSeries.of(f, strip, kinks, variance));
      kept[place] = entry;
    }
    return entry.series;
  }
}
