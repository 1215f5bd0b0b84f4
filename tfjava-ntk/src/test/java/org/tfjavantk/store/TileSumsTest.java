package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TileSumsTest {
  @Test
  void tilesAboveTheDiagonalCountTwice() {
    TileSums sums = new TileSums(new KernelLayout(3, 3, 1, 2, true, StorageType.FLOAT64));
    assertEquals(3, sums.unfinished().size());
    sums.write(0, 0, new double[] {1, 2, 2, 4});
    sums.write(0, 1, new float[] {3, 6});
    sums.write(1, 1, new double[] {9});
    assertEquals(1 + 2 + 3 + 2 + 4 + 6 + 3 + 6 + 9, sums.sum());
    assertEquals(14, sums.trace());
  }

  @Test
  void tilesOfARectangleCountOnce() {
    TileSums sums = new TileSums(new KernelLayout(1, 3, 1, 2, false, StorageType.FLOAT32));
    sums.write(0, 0, new float[] {1, 2});
    sums.write(0, 1, new float[] {3});
    assertEquals(6, sums.sum());
    assertEquals(1, sums.trace());
  }

  @Test
  void whatIsNoNumberIsRefused() {
    TileSums sums = new TileSums(new KernelLayout(2, 2, 1, 2, true, StorageType.FLOAT32));
    ArithmeticException e =
        assertThrows(
            ArithmeticException.class, () -> sums.write(0, 0, new float[] {1, Float.NaN, 0, 1}));
    assertTrue(e.getMessage().contains("tile (0, 0)"), e.getMessage());
  }
}
