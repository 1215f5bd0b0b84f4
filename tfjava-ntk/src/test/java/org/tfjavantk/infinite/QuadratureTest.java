package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.graphs.Activation;

class QuadratureTest {
  @ParameterizedTest
  @ValueSource(ints = {4, 12, 60, 256})
  void rulesAreExactForPolynomials(int n) {
    GaussLegendre rule = GaussLegendre.of(n);
    for (int degree = 0; degree < 2 * n; degree += Math.max(1, n / 7)) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += rule.weights()[i] * Math.pow(rule.points()[i], degree);
      }
      assertEquals(degree % 2 == 0 ? 2.0 / (degree + 1) : 0, sum, 1e-14, "x^" + degree);
    }
  }

  /** E |u v| = 2/pi (sqrt(1 - rho^2) + rho arcsin rho). */
  @Test
  void theErrorIsHonest() {
    double expected = 2 / Math.PI * (0.8 + 0.6 * Math.asin(0.6));
    Quadrature.Estimate known =
        new Quadrature(Math::abs, Double.POSITIVE_INFINITY, 0).estimate(1, 1, 0.6);
    assertEquals(expected, known.value(), 1e-14);
    assertTrue(known.error() < 1e-13, known.toString());
    Quadrature.Estimate unknown = new Quadrature(Math::abs, 1).estimate(1, 1, 0.6);
    assertTrue(unknown.error() > 1e-7, unknown.toString());
    assertEquals(expected, unknown.value(), 10 * unknown.error());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-4, 0.5, 1, 10, 100})
  void smoothFunctionsAreResolvedAtEveryVariance(double v) {
    Quadrature tanh = new Quadrature(Math::tanh, Math.PI / 2);
    for (double rho : new double[] {0.3, -0.9, 0.9999, 1}) {
      Quadrature.Estimate estimate = tanh.estimate(v, v, rho * v);
      assertTrue(estimate.error() < 1e-13 * Math.min(1, v), v + " " + rho + " " + estimate);
    }
  }

  /** E tanh(u)^2 by adaptive quadrature in 30 digits (mpmath). */
  @Test
  void tanhIsKnownToAllDigits() {
    Dual tanh = Dual.of(Activation.TANH);
    assertEquals(0.52671948006056777, tanh.variance(2.0778923334606985), 1e-14);
    assertEquals(0.58168513562288818, tanh.variance(2.862787889547692), 1e-14);
  }
}
