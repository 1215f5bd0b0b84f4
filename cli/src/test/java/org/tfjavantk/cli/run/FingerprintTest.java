package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void equalPartsGiveEqualHashes() {
    assertEquals(
        new Fingerprint().add("seed", 1).add("net", Fixture.config().getNetwork()).hex(),
        new Fingerprint().add("seed", "1").add("net", Fixture.config().getNetwork()).hex());
  }

  @Test
  void boundariesCount() {
    assertNotEquals(new Fingerprint().add("a", "bc").hex(), new Fingerprint().add("ab", "c").hex());
    assertNotEquals(
        new Fingerprint().add("a", "b").add("c", "d").hex(),
        new Fingerprint().add("a", "bcd").hex());
  }
}
