package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class Float16Test {
  @Test
  void everyBitPatternComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertTrue(Float.isNaN(Float16.toFloat(Float16.of(value))));
      } else {
        assertEquals((short) bits, Float16.of(value), "bits " + Integer.toHexString(bits));
      }
    }
  }

  @Test
  void knownValues() {
    assertEquals(1f, Float16.toFloat((short) 0x3C00));
    assertEquals(-0.5f, Float16.toFloat((short) 0xB800));
    assertEquals(65504f, Float16.toFloat((short) 0x7BFF));
    assertEquals(0x1p-24f, Float16.toFloat((short) 0x0001));
    assertEquals(Float.NEGATIVE_INFINITY, Float16.toFloat((short) 0xFC00));
    assertEquals((short) 0x8000, Float16.of(-0.0));
  }

  @Test
  void roundsToNearestTiesToEven() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      double low = Float16.toFloat((short) bits);
      double high = Float16.toFloat((short) (bits + 1));
      double middle = (low + high) / 2;
      assertEquals((short) (bits + (bits & 1)), Float16.of(middle));
      assertEquals((short) bits, Float16.of(Math.nextDown(middle)));
      assertEquals((short) (bits + 1), Float16.of(Math.nextUp(middle)));
    }
    assertEquals((short) 0x7BFF, Float16.of(Math.nextDown(65520.0)));
    assertEquals((short) 0x7C00, Float16.of(65520));
    assertEquals((short) 0xFC00, Float16.of(-1e300));
    assertEquals((short) 0, Float16.of(1e-300));
  }
}
