package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class Bfloat16Test {
  private static final int POSITIVE_INFINITY = 0x7F80;

  /** The definition, evaluated apart from the code. */
  private static double defined(int bits) {
    double sign = (bits & 0x8000) == 0 ? 1 : -1;
    int exponent = bits >> 7 & 255;
    int fraction = bits & 127;
    if (exponent == 255) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, -133)
        : sign * (1 + fraction / 128.0) * Math.pow(2, exponent - 127);
  }

  @Test
  void allBitPatternsReadAsDefinedAndComeBack() {
    for (int bits = 0; bits < 65536; bits++) {
      double value = Bfloat16.toDouble((short) bits);
      assertEquals(defined(bits), value, "bits " + bits);
      if (Double.isNaN(value)) {
        assertTrue(Double.isNaN(Bfloat16.toDouble(Bfloat16.fromDouble(value))));
      } else {
        assertEquals((short) bits, Bfloat16.fromDouble(value), "bits " + bits);
      }
    }
  }

  @Test
  void everyTieGoesToTheEvenNeighbourAndItsNeighboursToTheNearest() {
    for (int bits = 0; bits < POSITIVE_INFINITY; bits++) {
      double low = defined(bits);
      double high = bits + 1 == POSITIVE_INFINITY ? 0x1p128 : defined(bits + 1);
      double tie = (low + high) / 2;
      int even = (bits & 1) == 0 ? bits : bits + 1;
      assertEquals((short) even, Bfloat16.fromDouble(tie), "tie above " + bits);
      assertEquals((short) bits, Bfloat16.fromDouble(Math.nextDown(tie)), "below the tie " + bits);
      assertEquals(
          (short) (bits + 1), Bfloat16.fromDouble(Math.nextUp(tie)), "above the tie " + bits);
      assertEquals((short) (even | 0x8000), Bfloat16.fromDouble(-tie), "negative tie " + bits);
    }
  }

  /** By way of a float, this value becomes a tie and goes to the even neighbour below. */
  @Test
  void roundingHappensOnce() {
    double aboveTheTie = 1 + 0x1p-8 + 0x1p-40;
    assertEquals(1 + 0x1p-8, (float) aboveTheTie);
    assertEquals(1 + 0x1p-7, Bfloat16.toDouble(Bfloat16.fromDouble(aboveTheTie)));
  }

  @Test
  void largeValuesAreInfiniteAndZeroKeepsItsSign() {
    assertEquals(Bfloat16.LARGEST, defined(0x7F7F));
    assertEquals((short) 0x7F7F, Bfloat16.fromDouble(Math.nextDown(Bfloat16.OVERFLOW)));
    assertEquals((short) 0x7F80, Bfloat16.fromDouble(Bfloat16.OVERFLOW));
    assertEquals((short) 0xFF80, Bfloat16.fromDouble(-1e300));
    assertEquals((short) 0x7F80, Bfloat16.fromDouble(Double.POSITIVE_INFINITY));
    assertEquals((short) 0x8000, Bfloat16.fromDouble(-0.0));
    assertEquals((short) 0, Bfloat16.fromDouble(Double.MIN_VALUE));
  }
}
