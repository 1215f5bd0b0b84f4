package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.Json;

/** {@code ntk plan}. */
class PlanTest {
  private static final String SMALL = "--set=dataset.train=500";

  private final Commands commands = new Commands();
  @TempDir private Path folder;

  @Test
  void theQuickstartIsPlannedAndNothingIsWritten() {
    commands.done("plan", "quickstart", "--out", folder.resolve("r"));
    String text = commands.out.toString();
    for (String part :
        List.of(
            "step[1].empirical_kernel",
            "lenet, 62,006 parameters, 10 outputs",
            "kernel.zarr",
            "400 x 400 examples, 4,000 x 4,000 values, symmetric",
            "kernel-test.zarr",
            "of 1GiB allowed",
            "GFLOP/s",
            "of which",
            "conv0/kernel   5 x 5 x 3 x 6",
            "gram")) {
      assertTrue(text.contains(part), () -> "lacks '" + part + "': " + text);
    }
    assertFalse(Files.exists(folder.resolve("r")));
  }

  @Test
  void thePlanIsWhatTheRunDoes() throws IOException {
    Path config = folder.resolve("small.textproto");
    Files.writeString(
        config,
        """
        name: "small"
        dataset { circle { classes: 2 } train: 12 test: 4 }
        network { two_layer { width: 3 } }
        step { empirical_kernel { tile: 4 } }
        """);
    Path run = folder.resolve("r");
    commands.done("plan", config, "--out", run, "--json");
    Map<String, Object> plan = Json.object(commands.out.toString());
    assertEquals(4L, plan.get("tile"));
    assertEquals(12L, plan.get("n"));
    assertEquals(2L, plan.get("outputs"));
    // 6 tiles on and above the diagonal of 3 x 3, 3 of the test examples.
    assertEquals(9L, plan.get("tiles"));
    // Multiply-adds of 2 inputs, 3 hidden units, 2 outputs: 12 examples once, then 12 and 4.
    assertEquals(2 * 12 * 28.0, Commands.number(plan, "flops_forward"));
    assertEquals(5, ((List<?>) plan.get("routes")).size() + 1);
    // Factors of all three rows of tiles are kept, but gradients are formed again for every tile.
    assertTrue(Commands.number(plan, "flops_with_recomputation") > Commands.number(plan, "flops"));
    assertEquals(
        Commands.number(plan, "seconds"),
        Commands.number(plan, "flops_with_recomputation")
            / (1e9 * Commands.number(plan, "gemm_peak_gflops"))
            / Commands.number(plan, "share_of_peak"),
        1e-12);
    timeIsTheSumOfItsParts(plan);
    assertFalse(Files.exists(run), "a pilot leaves nothing");
    commands.done(
        "plan",
        config,
        "--out",
        run,
        "--json",
        "--quick",
        "--set",
        "step[0].empirical_kernel.tile=12");
    Map<String, Object> whole = Json.object(commands.out.toString());
    assertEquals(
        Commands.number(whole, "flops"), Commands.number(whole, "flops_with_recomputation"), 1e-6);
    assertEquals("peak", whole.get("predicted_by"));
    assertEquals(0.6, Commands.number(whole, "share_of_peak"), 1e-12);
    assertFalse(whole.containsKey("factor_seconds"), whole::toString);
    commands.done("run", config, "--out", run);
    long stored = 0;
    for (String name : List.of("kernel.zarr", "kernel-test.zarr")) {
      try (var files = Files.walk(run.resolve(name).resolve("c"))) {
        stored += files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
      }
    }
    assertEquals(stored, plan.get("disk_bytes"));
  }

  @Test
  void kernelsInClosedFormArePlannedToo() throws IOException {
    Path config = folder.resolve("closed.textproto");
    Files.writeString(
        config,
        """
        name: "closed"
        dataset { circle { classes: 2 } train: 12 test: 4 }
        network { two_layer { width: 3 } parametrization: NTK }
        step { infinite_kernel { kind: [NTK, NNGP] tile: 4 } }
        step { analytic_kernel { rbf { length: 1 } } }
        """);
    Path run = folder.resolve("r");
    commands.done("plan", config, "--out", run, "--json");
    List<Map<String, Object>> plans = commands.out.toString().lines().map(Json::object).toList();
    Map<String, Object> infinite = plans.get(0);
    assertEquals("infinite_kernel", infinite.get("runner"));
    assertEquals(4L, infinite.get("tile"));
    assertEquals(9L, infinite.get("tiles"));
    assertEquals(12L * 13 / 2 + 4 * 12, infinite.get("pairs"));
    assertEquals(4, ((List<?>) infinite.get("kernels")).size());
    assertEquals(
        Commands.number(infinite, "seconds"),
        1e-3 * Commands.number(infinite, "ms_per_pair") * (12 * 13 / 2 + 4 * 12),
        1e-12);
    assertEquals("analytic_kernel", plans.get(1).get("runner"));
    assertFalse(Files.exists(run), "nothing is written");
    commands.done("plan", config, "--out", run, "--quick");
    String text = commands.out.toString();
    assertTrue(text.contains("step[0].infinite_kernel"), text);
    assertTrue(text.contains("kernel-nngp-test.zarr"), text);
    assertFalse(text.contains("ms a pair"), text);
  }

  private static void timeIsTheSumOfItsParts(Map<String, Object> plan) {
    assertEquals("pilot", plan.get("predicted_by"));
    double sum = 0;
    for (String part :
        List.of("setup_seconds", "factor_seconds", "contraction_seconds", "tile_seconds")) {
      assertTrue(Commands.number(plan, part) >= 0, part);
      sum += Commands.number(plan, part);
    }
    assertEquals(Commands.number(plan, "seconds"), sum, 1e-9 * sum);
    assertTrue(sum > 0);
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    Path run = folder.resolve("r");
    String memory = "--set=step[1].empirical_kernel.memory=";
    assertTrue(
        commands
            .refused("plan", "quickstart", SMALL, "--out", run, memory + "1MiB")
            .contains("empirical_kernel.memory is too small"));
    Path config = folder.resolve("large.textproto");
    // 3,600,000 examples and 2 outputs: some 100 TB of kernel.
    Files.writeString(
        config,
        """
        name: "large"
        dataset { circle { classes: 2 } train: 3600000 test: 1 }
        network { two_layer { width: 3 } }
        step { empirical_kernel { } }
        """);
    for (String command : List.of("plan", "run", "check")) {
      String refused = commands.refused(command, config, "--out", run);
      assertTrue(refused.contains("TiB on disk"), refused);
      assertTrue(refused.contains("--out"), refused);
    }
    assertFalse(Files.exists(run));
  }

  @Test
  void aConfigWithoutAKernelHasNoPlan() throws IOException {
    Path config = folder.resolve("none.textproto");
    Files.writeString(
        config,
        """
        name: "none"
        dataset { circle { classes: 2 } train: 12 test: 4 }
        network { two_layer { width: 3 } }
        step { train { epochs: 1 sgd { } } }
        """);
    String refused = commands.refused("plan", config, "--out", folder.resolve("r"));
    assertTrue(refused.contains("nothing to plan"), refused);
  }
}
