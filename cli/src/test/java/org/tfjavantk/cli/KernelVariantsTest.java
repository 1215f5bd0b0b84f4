package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.Json;

/** Kernels before and after training, in other types, in sweeps, and in little memory. */
class KernelVariantsTest {
  private static final String TWICE =
      """
      name: "twice"
      output { plots: false }
      seed: 2
      dataset { gaussian_mixture { dimension: 5 classes: 3 } train: 30 validation: 9 test: 12 }
      network { two_layer { width: 10 activation: TANH } }
      step { empirical_kernel { examples: 15 precision: FLOAT64 } }
      step { train { epochs: 3 batch_size: 6 sgd {} } }
      step { empirical_kernel {
        examples: 15 precision: FLOAT32 storage: STORE_FLOAT16 normalization: SQRT_PARAMETERS tile: 4
      } }
      step { kernel_regression { ridge { values: [0.01, 1] } } }
      step { spectrum {} }
      """;

  @TempDir private Path folder;
  private final Commands commands = new Commands();

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("config.textproto"), text);
  }

  private double[][] exported(Path store) throws IOException {
    Path npy = folder.resolve(store.getFileName() + ".npy");
    commands.done("kernel", "export", store, npy, "--force");
    return Npy.read(npy);
  }

  private static Map<String, Object> attributes(Path store) throws IOException {
    Map<String, Object> about = Json.object(Files.readString(store.resolve("zarr.json")));
    @SuppressWarnings("unchecked")
    Map<String, Object> attributes = (Map<String, Object>) about.get("attributes");
    return attributes;
  }

  @Test
  void theKernelBeforeAndAfterTraining() throws IOException {
    Path run = folder.resolve("run");
    commands.done("run", write(TWICE), "--out", run);
    Map<String, Object> before = attributes(run.resolve("kernel.zarr"));
    Map<String, Object> after = attributes(run.resolve("kernel2.zarr"));
    assertNotEquals(before.get("parameters_sha256"), after.get("parameters_sha256"));
    assertEquals(before.get("rows_sha256"), after.get("rows_sha256"));
    assertEquals("FLOAT32", after.get("arithmetic"));
    assertEquals("SQRT_PARAMETERS", after.get("normalization"));
    double p = 5 * 10 + 10 + 10 * 3 + 3;
    assertEquals(p, ((Number) after.get("parameters")).doubleValue());
    assertEquals(Math.sqrt(p), ((Number) after.get("divisor")).doubleValue());
    for (String part : List.of("", "-validation", "-test")) {
      assertTrue(Files.exists(run.resolve("kernel2" + part + ".zarr/zarr.json")), part);
    }
    // The same kernel again, after the same training, without rounding to float16 and unscaled.
    Path plain = folder.resolve("plain");
    commands.done(
        "run",
        folder.resolve("config.textproto"),
        "--out",
        plain,
        "--set",
        "step[2].empirical_kernel.storage=STORE_FLOAT64",
        "--set",
        "step[2].empirical_kernel.precision=FLOAT64",
        "--set",
        "step[2].empirical_kernel.normalization=NONE",
        "--set",
        "step[2].empirical_kernel.tile=0");
    double[][] first = exported(run.resolve("kernel.zarr"));
    double moved = 0;
    for (String part : List.of("", "-validation", "-test")) {
      double[][] half = exported(run.resolve("kernel2" + part + ".zarr"));
      double[][] exact = exported(plain.resolve("kernel2" + part + ".zarr"));
      assertEquals(exact.length, half.length);
      double largest = 0;
      double error = 0;
      for (int r = 0; r < half.length; r++) {
        for (int c = 0; c < half[r].length; c++) {
          largest = Math.max(largest, Math.abs(exact[r][c]) / Math.sqrt(p));
          error = Math.max(error, Math.abs(half[r][c] - exact[r][c] / Math.sqrt(p)));
          if (part.isEmpty()) {
            moved = Math.max(moved, Math.abs(exact[r][c] - first[r][c]));
          }
        }
      }
      assertTrue(error < 0x1p-11 * largest * 1.01, part + " " + error / largest);
      assertTrue(error > 0, "was it stored in float16?");
    }
    assertTrue(moved > 0.01, "training moves the kernel of a narrow network");
    // Both runs regress on the second kernel.
    assertNotEquals(
        Commands.metrics(run, "4-kernel_regression"),
        Commands.metrics(plain, "4-kernel_regression"));
  }

  @Test
  void aSecondTrainingGoesOnFromTheFirst() throws IOException {
    String step =
        "step { train { epochs: %d batch_size: 30 sgd { momentum: 0 schedule: CONSTANT } } }\n";
    String head = TWICE.substring(0, TWICE.indexOf("step {"));
    Path twice = folder.resolve("twice");
    commands.done("run", write(head + step.formatted(2) + step.formatted(3)), "--out", twice);
    Path once = folder.resolve("once");
    commands.done("run", write(head + step.formatted(5)), "--out", once);
    List<Map<String, Object>> expected = Commands.metrics(once, "1-train");
    List<Map<String, Object>> first = Commands.metrics(twice, "1-train");
    List<Map<String, Object>> second = Commands.metrics(twice, "2-train");
    // The whole set is one batch, so that nothing but the parameters tells the epochs apart.
    for (int epoch = 0; epoch < 5; epoch++) {
      Map<String, Object> found = epoch < 2 ? first.get(epoch) : second.get(epoch - 2);
      assertEquals(
          Commands.number(expected.get(epoch), "test_loss"),
          Commands.number(found, "test_loss"),
          1e-5,
          "epoch " + epoch);
    }
    assertNotEquals(
        Commands.number(first.get(0), "test_loss"), Commands.number(second.get(0), "test_loss"));
  }

  @Test
  void noEpochsLeaveTheParametersAsTheyWereDrawn() throws IOException {
    String train = "step { train { epochs: 0 precision: FLOAT64 sgd {} } }\n";
    String kernel = TWICE.lines().filter(l -> l.contains("FLOAT64")).findFirst().orElseThrow();
    String head = TWICE.substring(0, TWICE.indexOf("step {"));
    Path run = folder.resolve("zero");
    commands.done("run", write(head + kernel + "\n" + train + kernel), "--out", run);
    Map<String, String> files = Commands.contents(run);
    assertEquals(files.get("kernel.zarr/c/0/0"), files.get("kernel2.zarr/c/0/0"));
  }

  @Test
  void aSweepOfTwoValuesGivesOneTable() throws IOException {
    Path run = folder.resolve("sweep");
    String sweep =
        TWICE + "sweep { axis { field: \"network.two_layer.width\" values: [\"4\", \"8\"] } }\n";
    commands.done("run", write(sweep), "--out", run);
    List<String> table = Files.readAllLines(run.resolve("sweep.csv"));
    assertEquals(3, table.size());
    assertTrue(table.get(0).startsWith("network.two_layer.width,"), table.get(0));
    assertTrue(table.get(1).startsWith("4,") && table.get(2).startsWith("8,"), table::toString);
    assertTrue(table.get(0).contains("Kernel ridge regression: test_accuracy"), table.get(0));
    try (var folders = Files.list(run)) {
      List<Path> runs = folders.filter(f -> Files.exists(f.resolve("kernel2.zarr"))).toList();
      assertEquals(2, runs.size());
      assertNotEquals(
          attributes(runs.get(0).resolve("kernel2.zarr")).get("parameters"),
          attributes(runs.get(1).resolve("kernel2.zarr")).get("parameters"));
    }
    commands.done("run", folder.resolve("config.textproto"), "--out", run);
    assertTrue(!commands.shown.toString().contains(": done in"), "all was done before");
  }

  /** Other parameters, other training; the same examples in the same order, the same split. */
  @Test
  void repeatsDifferInTheNetworkAndShareTheData() throws IOException {
    Path run = folder.resolve("repeats");
    String config = TWICE.replace("validation: 9", "draw: STRATIFIED");
    commands.done("run", write(config), "--out", run, "--set", "repeats=3");
    List<Map<String, Object>> first = new ArrayList<>();
    List<Map<String, Object>> trained = new ArrayList<>();
    for (int repeat = 1; repeat <= 3; repeat++) {
      Path place = run.resolve("repeat=" + repeat);
      first.add(attributes(place.resolve("kernel.zarr")));
      trained.add(attributes(place.resolve("kernel2.zarr")));
    }
    for (String same : List.of("rows_sha256", "columns_sha256")) {
      assertEquals(1, first.stream().map(a -> a.get(same)).distinct().count(), same);
    }
    String parameters = "parameters_sha256";
    assertEquals(3, first.stream().map(a -> a.get(parameters)).distinct().count());
    assertEquals(3, trained.stream().map(a -> a.get(parameters)).distinct().count());
    List<String> means = Files.readAllLines(run.resolve("repeats.csv"));
    assertEquals(2, means.size());
    assertTrue(means.get(1).startsWith("3,"), means.get(1));
    String report = Files.readString(run.resolve("repeat=2/report.html"));
    assertTrue(
        report.contains("made by gaussian_mixture with seed 2, as many of each class"), report);
    // The first is the run that is not repeated, and any can be made alone.
    Path alone = folder.resolve("alone");
    commands.done("run", folder.resolve("config.textproto"), "--out", alone);
    assertEquals(first.get(0).get(parameters), parametersOf(alone));
    commands.done(
        "run", folder.resolve("config.textproto"), "--out", alone, "--fresh", "--set", "repeat=3");
    assertEquals(first.get(2).get(parameters), parametersOf(alone));
  }

  private static Object parametersOf(Path run) throws IOException {
    return attributes(run.resolve("kernel.zarr")).get("parameters_sha256");
  }

  @Test
  void lessMemoryMeansSmallerTilesAndTheSameKernel() throws IOException {
    String config =
        """
        name: "memory"
        output { plots: false }
        dataset { stroke_digits {} classes: [0, 1] train: 40 test: 1 preprocess { resize: 32 channels: 3 } }
        network { lenet {} }
        step { empirical_kernel { precision: FLOAT64 memory: "%s" } }
        """;
    long previous = Long.MAX_VALUE;
    int tiles = 0;
    double[][] whole = null;
    for (int mebibytes : new int[] {512, 24, 2}) {
      Path run = folder.resolve("run" + mebibytes);
      commands.done("run", write(config.formatted(mebibytes + "MiB")), "--out", run);
      Map<String, Object> found = Commands.metrics(run, "1-empirical_kernel").get(0);
      long planned = (long) Commands.number(found, "planned_bytes");
      assertTrue(planned > 0 && planned <= (long) mebibytes << 20, () -> planned + " planned");
      assertTrue(planned <= previous);
      previous = planned;
      int computed = (int) Commands.number(found, "tiles_computed");
      assertTrue(computed >= tiles);
      tiles = computed;
      double[][] kernel = exported(run.resolve("kernel.zarr"));
      whole = whole == null ? kernel : whole;
      double norm = 0;
      double difference = 0;
      for (int r = 0; r < 80; r++) {
        for (int c = 0; c < 80; c++) {
          norm += whole[r][c] * whole[r][c];
          difference += Math.pow(whole[r][c] - kernel[r][c], 2);
        }
      }
      assertTrue(Math.sqrt(difference / norm) < 1e-13, mebibytes + " MiB");
    }
    assertTrue(tiles > 2, "2 MiB take more than the two tiles of train and test");
    assertTrue(
        commands
            .refused("run", write(config.formatted("256KiB")), "--out", folder.resolve("refused"))
            .contains("empirical_kernel.memory is too small"));
    assertTrue(Files.notExists(folder.resolve("refused")));
  }
}
