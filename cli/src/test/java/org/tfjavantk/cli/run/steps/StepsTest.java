package org.tfjavantk.cli.run.steps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.run.Fixture;
import org.tfjavantk.cli.run.RunExecutor;
import org.tfjavantk.config.ConfigReader;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.train.Checkpoint;

/** The real steps on a tiny problem. */
class StepsTest {
  private static final String CONFIG =
      """
      name: "steps"
      dataset { circle {} train: 12 test: 4 }
      network { two_layer { width: 3 } }
      """;
  private static final String TRAIN =
      "step { train { epochs: 1 batch_size: 4 sgd { schedule: CONSTANT momentum: 0 } } }\n";
  private static final String KERNEL = "step { empirical_kernel { precision: FLOAT64 tile: 4 } }\n";

  private final Fixture fixture = new Fixture();
  @TempDir private Path folder;

  private Path execute(String name, String steps, String... overrides) throws IOException {
    Run run =
        Defaults.resolve(ConfigReader.parse("steps.textproto", CONFIG + steps, List.of(overrides)));
    Path directory = folder.resolve(name);
    new RunExecutor(StepRunners.all(), StepRunners.checks(), Fixture::environment, fixture.display)
        .execute(run, directory, false);
    return directory;
  }

  private static double[] weights(Path directory, String step) throws IOException {
    return Checkpoint.read(directory.resolve("checkpoint/" + step + ".npz"))
        .orElseThrow()
        .variables()
        .get("dense0/kernel");
  }

  @Test
  void trainingGoesOnWhereAnEarlierStepLeftTheNetwork() throws IOException {
    Path directory = execute("on", TRAIN + TRAIN);
    assertNotEquals(
        List.of(box(weights(directory, "1-train"))), List.of(box(weights(directory, "2-train"))));
    String nothing = TRAIN.replace("epochs: 1", "epochs: 0");
    Path still = execute("still", TRAIN + nothing);
    assertArrayEquals(weights(still, "1-train"), weights(still, "2-train"));
    assertArrayEquals(weights(directory, "1-train"), weights(still, "2-train"));
  }

  private static List<Double> box(double[] values) {
    return java.util.Arrays.stream(values).boxed().toList();
  }

  @Test
  void aKernelWhoseDescriptionIsDamagedIsComputedAgain() throws IOException {
    Path directory = execute("damaged", KERNEL);
    Path description = directory.resolve("kernel.zarr/zarr.json");
    byte[] tile = Files.readAllBytes(directory.resolve("kernel.zarr/c/0/1"));
    String whole = Files.readString(description);
    for (String damage : List.of("{", "", whole.replace("24", "20"))) {
      Files.writeString(description, damage);
      execute("damaged", KERNEL);
      assertEquals(whole, Files.readString(description));
      assertArrayEquals(tile, Files.readAllBytes(directory.resolve("kernel.zarr/c/0/1")));
    }
    Files.delete(description);
    execute("damaged", KERNEL);
    assertEquals(whole, Files.readString(description));
    assertTrue(fixture.shown.toString().contains("all of its tiles are computed again"));
  }

  @Test
  void whatCannotBeDoneIsRefusedBeforeTheWork() {
    for (String field : List.of("examples", "test_examples", "validation_examples")) {
      refused("asks for 13 examples", KERNEL, "step[0].empirical_kernel." + field + "=13");
    }
    refused(
        "is not one example of any class",
        TRAIN + KERNEL + "step { kernel_regression {} }",
        "step[1].empirical_kernel.examples=2");
  }

  private void refused(String words, String steps, String override) {
    UserException e = assertThrows(UserException.class, () -> execute("refused", steps, override));
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertFalse(Files.exists(folder.resolve("refused")));
  }
}
