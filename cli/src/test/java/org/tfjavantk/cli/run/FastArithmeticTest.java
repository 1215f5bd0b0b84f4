package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.UserException;

class FastArithmeticTest {
  private static String refused(boolean wanted, boolean on) {
    return assertThrows(UserException.class, () -> FastArithmetic.require("here", wanted, on))
        .getMessage();
  }

  @Test
  void aProcessComputesWhatItWasStartedFor() {
    assertDoesNotThrow(() -> FastArithmetic.require("here", true, true));
    assertDoesNotThrow(() -> FastArithmetic.require("here", false, false));
    assertTrue(refused(true, false).startsWith("here: "));
    assertTrue(refused(true, false).contains("NTK_FAST=1 before the command"));
    assertTrue(refused(false, true).contains("start without it"));
  }
}
