package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.tfjavantk.random.RandomStream;

class Float16Test {
  private static final int POSITIVE_INFINITY = 0x7C00;

  /** The definition, evaluated apart from the code: sign, exponent and fraction as IEEE 754 has. */
  private static double defined(int bits) {
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    int exponent = bits >> 10 & 31;
    int fraction = bits & 1023;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, -24)
        : sign * (1 + fraction / 1024.0) * Math.pow(2, exponent - 15);
  }

  @Test
  void allBitPatternsReadAsDefinedAndComeBack() {
    for (int bits = 0; bits < 65536; bits++) {
      double value = Float16.toDouble((short) bits);
      assertEquals(defined(bits), value, "bits " + bits);
      if (Double.isNaN(value)) {
        assertTrue(Double.isNaN(Float16.toDouble(Float16.fromDouble(value))));
      } else {
        assertEquals((short) bits, Float16.fromDouble(value), "bits " + bits);
      }
    }
  }

  @Test
  void everyTieGoesToTheEvenNeighbourAndItsNeighboursToTheNearest() {
    for (int bits = 0; bits < POSITIVE_INFINITY; bits++) {
      double low = defined(bits);
      double high = bits + 1 == POSITIVE_INFINITY ? 65536 : defined(bits + 1);
      double tie = (low + high) / 2;
      int even = (bits & 1) == 0 ? bits : bits + 1;
      assertEquals((short) even, Float16.fromDouble(tie), "tie above " + bits);
      assertEquals((short) bits, Float16.fromDouble(Math.nextDown(tie)), "below the tie " + bits);
      assertEquals(
          (short) (bits + 1), Float16.fromDouble(Math.nextUp(tie)), "above the tie " + bits);
      assertEquals((short) (even | 0x8000), Float16.fromDouble(-tie), "negative tie " + bits);
    }
  }

  @Test
  void randomValuesGoToTheNearestHalf() {
    RandomStream random = RandomStream.of(3, "half");
    for (int i = 0; i < 100_000; i++) {
      double value = Math.scalb(random.normal(2 * i), random.integer(2 * i + 1, 44) - 28);
      if (Math.abs(value) >= Float16.OVERFLOW) {
        continue;
      }
      short half = Float16.fromDouble(value);
      double error = Math.abs(defined(half & 0xFFFF) - value);
      int magnitude = half & 0x7FFF;
      double above = magnitude + 1 == POSITIVE_INFINITY ? 65536 : defined(magnitude + 1);
      double below = magnitude == 0 ? -defined(1) : defined(magnitude - 1);
      assertTrue(error <= Math.abs(above - Math.abs(value)), () -> "value " + value);
      assertTrue(error <= Math.abs(below - Math.abs(value)), () -> "value " + value);
    }
  }

  @Test
  void largeValuesAreInfiniteAndZeroKeepsItsSign() {
    assertEquals((short) 0x7BFF, Float16.fromDouble(Math.nextDown(65520.0)));
    assertEquals((short) 0x7C00, Float16.fromDouble(65520.0));
    assertEquals((short) 0xFC00, Float16.fromDouble(-1e300));
    assertEquals((short) 0x7C00, Float16.fromDouble(Double.POSITIVE_INFINITY));
    assertEquals((short) 0x8000, Float16.fromDouble(-0.0));
    assertEquals((short) 0, Float16.fromDouble(Double.MIN_VALUE));
  }
}
