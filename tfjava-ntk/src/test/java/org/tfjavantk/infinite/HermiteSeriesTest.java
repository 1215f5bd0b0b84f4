package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HermiteSeriesTest {
  private static final double ENTIRE = Double.POSITIVE_INFINITY;

  /** |x|: a_0 = sqrt(2/pi), a_2 = a_0 / sqrt 2, a_4 = -a_0 / sqrt 24, odd ones 0. */
  @Test
  void coefficientsAreKnown() {
    HermiteSeries abs = HermiteSeries.of(Math::abs, ENTIRE, new double[] {0}, 4);
    double a0 = 2 * Math.sqrt(2 / Math.PI);
    double[] expected = {a0, 0, a0 / Math.sqrt(2), 0, -a0 / Math.sqrt(24)};
    for (int k = 0; k < expected.length; k++) {
      assertEquals(expected[k], abs.coefficients()[k], 1e-14, "a_" + k);
    }
    assertEquals(4, abs.energy(), 1e-14);
  }

  /** E |u v| = 2/pi (sqrt(1 - rho^2) + rho arcsin rho). */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 0.9, -0.97, 0.99, 0.999})
  void theErrorIsABound(double rho) {
    HermiteSeries abs = HermiteSeries.of(Math::abs, ENTIRE, new double[] {0}, 1);
    double expected = 2 / Math.PI * (Math.sqrt((1 - rho) * (1 + rho)) + rho * Math.asin(rho));
    double error = Math.abs(abs.expectation(abs, rho) - expected);
    assertTrue(error <= abs.error(abs, rho) + 1e-15, rho + ": " + error);
    assertEquals(Math.abs(rho) <= 0.9, abs.error(abs, rho) < 1e-12);
  }

  @Test
  void whatWasAskedBeforeDoesNotMatter() {
    Expectation used = new Expectation(Math::tanh, Math.PI / 2);
    double first = used.at(0.7, 1.1, 0.4);
    for (int i = 1; i < 3000; i++) {
      used.at(0.001 * i, 0.7, 0.0005 * i);
    }
    assertEquals(first, used.at(0.7, 1.1, 0.4), 0);
    assertEquals(first, new Expectation(Math::tanh, Math.PI / 2).at(0.7, 1.1, 0.4), 0);
  }
}
