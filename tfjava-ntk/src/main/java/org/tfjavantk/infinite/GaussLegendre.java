package org.tfjavantk.infinite;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The Gauss-Legendre rule of n points on [-1, 1]: exact for polynomials up to degree 2n - 1. The
 * points are the roots of the Legendre polynomial P_n, by Newton's method; the weights are 2 / ((1
 * - x^2) P_n'(x)^2).
 */
record GaussLegendre(double[] points, double[] weights) {
  private static final Map<Integer, GaussLegendre> RULES = new ConcurrentHashMap<>();

  static GaussLegendre of(int n) {
    return RULES.computeIfAbsent(n, GaussLegendre::compute);
  }

  private static GaussLegendre compute(int n) {
    double[] points = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double x = -Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
      double slope = 0;
      for (int step = 0; step < 8; step++) {
        double last = 0;
        double p = 1;
        for (int k = 0; k < n; k++) {
          double next = ((2 * k + 1) * x * p - k * last) / (k + 1);
          last = p;
          p = next;
        }
        slope = n * (last - x * p) / ((1 - x) * (1 + x));
        x -= p / slope;
      }
      points[i] = x;
      weights[i] = 2 / ((1 - x) * (1 + x) * slope * slope);
    }
    return new GaussLegendre(points, weights);
  }
}
