package org.tfjavantk.random;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
  /** The known answers of the Random123 distribution. */
  @Test
  void philoxGivesTheKnownAnswers() {
    int[] out = new int[4];
    Philox.block(0, 0, 0, 0, 0, 0, out);
    assertArrayEquals(new int[] {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}, out);
    Philox.block(-1, -1, -1, -1, -1, -1, out);
    assertArrayEquals(new int[] {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}, out);
    Philox.block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, out);
    assertArrayEquals(new int[] {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}, out);
  }

  @Test
  void momentsLieWithinFiveStandardErrors() {
    int n = 200_000;
    RandomStream stream = RandomStream.of(7, "moments");
    double uniform = 0;
    double normal = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      uniform += stream.uniform(i);
      double z = stream.normal(i);
      normal += z;
      square += z * z;
    }
    assertEquals(0.5, uniform / n, 5 * Math.sqrt(1.0 / 12 / n));
    assertEquals(0, normal / n, 5 / Math.sqrt(n));
    assertEquals(1, square / n, 5 * Math.sqrt(2.0 / n));
  }

  @Test
  void aStreamIsAFunctionOfSeedNameAndIndex() {
    assertEquals(RandomStream.of(1, "a").uniform(9), RandomStream.of(1, "a").uniform(9));
    assertNotEquals(RandomStream.of(1, "a").uniform(9), RandomStream.of(1, "b").uniform(9));
    assertNotEquals(RandomStream.of(1, "a").uniform(9), RandomStream.of(2, "a").uniform(9));
  }

  @Test
  void everyBitIsSetHalfOfTheTime() {
    int n = 20_000;
    RandomStream stream = RandomStream.of(5, "bits");
    int[] set = new int[64];
    for (int i = 0; i < n; i++) {
      long bits = stream.bits(i);
      for (int b = 0; b < 64; b++) {
        set[b] += (int) (bits >>> b & 1);
      }
    }
    for (int b = 0; b < 64; b++) {
      assertEquals(0.5, set[b] / (double) n, 5 * 0.5 / Math.sqrt(n), "bit " + b);
    }
  }

  @Test
  void permutationsHoldEveryIndexOnce() {
    int[] order = RandomStream.of(3, "order").permutation(1000);
    assertTrue(order[0] != 0 || order[1] != 1 || order[2] != 2);
    Arrays.sort(order);
    for (int i = 0; i < order.length; i++) {
      assertEquals(i, order[i]);
    }
  }
}
