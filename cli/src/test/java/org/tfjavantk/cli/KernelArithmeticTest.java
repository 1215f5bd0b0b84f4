package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.store.KernelStore;

/** Where a kernel is contracted, in which arithmetic, and how far it is from float64. */
class KernelArithmeticTest {
  private static final String CONFIG =
      """
      name: "arithmetic"
      output { plots: false }
      seed: 5
      dataset { stroke_digits {} train: 9 test: 3 preprocess { resize: 16 } }
      network { lenet {} }
      step { empirical_kernel { tile: 4 float64_sample: 3 } }
      """;

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config = folder.resolve("arithmetic.textproto");
    Files.writeString(config, CONFIG);
  }

  private KernelStore kernel(String... settings) {
    Path run = folder.resolve("run" + settings.length);
    Object[] arguments = new Object[4 + 2 * settings.length];
    arguments[0] = "run";
    arguments[1] = config;
    arguments[2] = "--out";
    arguments[3] = run;
    for (int k = 0; k < settings.length; k++) {
      arguments[4 + 2 * k] = "--set";
      arguments[5 + 2 * k] = "step[0].empirical_kernel." + settings[k];
    }
    commands.done(arguments);
    return KernelStore.open(run.resolve("kernel.zarr"));
  }

  private static double error(KernelStore store) {
    Map<?, ?> measured = (Map<?, ?>) store.attributes().get("measured");
    assertEquals(3L * 3 * 10 * 10, measured.get("float64_sample_entries"));
    return ((Number) measured.get("float64_relative_error")).doubleValue();
  }

  @Test
  void theErrorIsMeasuredAndTheDeviceAgreesWithTheProcessor() {
    KernelStore single = kernel();
    assertTrue(error(single) > 1e-9 && error(single) < 1e-5, "" + error(single));
    KernelStore exact = kernel("precision=FLOAT64");
    assertTrue(error(exact) < 1e-13, "" + error(exact));
    KernelStore device = kernel("precision=FLOAT64", "contraction=ON_DEVICE");
    double[] expected = exact.readTile(0, 1);
    assertArrayEquals(expected, device.readTile(0, 1), 1e-12 * Math.abs(exact.readTile(0, 0)[0]));
  }

  @Test
  void fastArithmeticMustBeSwitchedOnBefore() {
    String message =
        commands.refused(
            "run",
            config,
            "--out",
            folder.resolve("fast"),
            "--set",
            "step[0].empirical_kernel.precision=FAST");
    assertTrue(message.contains("step[0].empirical_kernel.precision"), message);
    assertTrue(message.contains("NTK_FAST=1"), message);
    assertTrue(Files.notExists(folder.resolve("fast")));
  }
}
