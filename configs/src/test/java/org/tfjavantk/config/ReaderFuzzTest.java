package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/** Whatever a file says, the answer is a run or an error that the user can read. */
class ReaderFuzzTest {
  private static final int MUTANTS = 20_000;
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "<",
          ">",
          ":",
          ",",
          ";",
          "\"",
          "'",
          "\\",
          "#",
          "-",
          ".",
          "=",
          "/",
          "\n",
          "\r",
          "\t",
          "\u0000",
          "\u2028",
          "\ud800",
          "\u00e9",
          "0",
          "9",
          "1e",
          "1e999",
          "0x1F",
          "007",
          "1.5f",
          "-inf",
          "nan",
          "null",
          "true",
          "seed",
          "step",
          "train",
          "sgd {}",
          "adam {}",
          "\"\"",
          "99999999999999999999",
          "[x.y]: 1",
          "2GiB");

  @Test
  void mutantsOfTheTextFormat() throws TextFormat.ParseException {
    SplittableRandom random = new SplittableRandom(1);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String mutant = mutate(Configs.VALID, random);
      Run run = readOrExplain("c.textproto", mutant);
      if (run != null) {
        accepted++;
        assertEquals(TextFormat.parse(mutant, Run.class), run, mutant);
      }
    }
    assertTrue(accepted > MUTANTS / 100 && accepted < MUTANTS / 2, accepted + " accepted");
  }

  @Test
  void mutantsOfJson() {
    SplittableRandom random = new SplittableRandom(2);
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      if (readOrExplain("c.json", mutate(JsonErrorsTest.VALID, random)) != null) {
        accepted++;
      }
    }
    assertTrue(accepted > MUTANTS / 100 && accepted < MUTANTS / 2, accepted + " accepted");
  }

  @Test
  void mutantsOfOverrides() {
    SplittableRandom random = new SplittableRandom(3);
    List<String> overrides =
        List.of(
            "step[0].train.epochs=3",
            "dataset.preprocess={resize: 32}",
            "sweep.axis[0].values=[1, 2]",
            "name='x'");
    int accepted = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String override = mutate(overrides.get(random.nextInt(overrides.size())), random);
      try {
        Configs.parse(Configs.VALID, override);
        accepted++;
      } catch (UserException e) {
        assertFalse(e.getMessage().isBlank());
      }
    }
    assertTrue(accepted > MUTANTS / 100 && accepted < MUTANTS / 2, accepted + " accepted");
  }

  private static Run readOrExplain(String name, String text) {
    try {
      return ConfigReader.parse(name, text, List.of());
    } catch (UserException e) {
      String first = e.getMessage().lines().findFirst().orElse("");
      assertTrue(first.matches("(?s)" + name + ":\\d+:\\d+: .+"), e.getMessage());
      return null;
    }
  }

  /** One to three deletions, insertions, copies or swaps. */
  private static String mutate(String text, SplittableRandom random) {
    StringBuilder out = new StringBuilder(text);
    for (int k = random.nextInt(1, 4); k > 0 && out.length() > 8; k--) {
      int at = random.nextInt(out.length() - 6);
      int length = random.nextInt(1, 6);
      switch (random.nextInt(4)) {
        case 0 -> out.delete(at, at + length);
        case 1 -> out.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> out.insert(random.nextInt(out.length()), out.substring(at, at + length));
        default -> out.replace(at, at + 1, PIECES.get(random.nextInt(PIECES.size())));
      }
    }
    return out.toString();
  }
}
