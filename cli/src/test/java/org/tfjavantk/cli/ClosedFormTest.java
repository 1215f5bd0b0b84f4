package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.cli.files.Json;

/** Runs with kernels in closed form: of infinite networks and of the examples alone. */
class ClosedFormTest {
  private static final String CONFIG =
      """
      name: "closed"
      output { plots: false }
      seed: 3
      dataset { gaussian_mixture { dimension: 6 classes: 3 } train: 30 validation: 7 test: 11 }
      network { two_layer {} parametrization: NTK weight_std: 1 }
      """;

  private static final String USES =
      "step { kernel_regression { ridge { values: [0.01, 1] } } } step { spectrum {} }";

  @TempDir private Path folder;
  private final Commands commands = new Commands();

  private Path write(String steps) throws IOException {
    return Files.writeString(folder.resolve("config.textproto"), CONFIG + steps);
  }

  private Path run(String steps, String name) throws IOException {
    Path run = folder.resolve(name);
    commands.done("run", write(steps), "--out", run);
    return run;
  }

  private double[][] exported(Path store) throws IOException {
    Path npy = folder.resolve("exported.npy");
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
  void theMedianDistanceIsTheLengthOfBothKernels() throws IOException {
    Path run =
        run(
            "step { analytic_kernel { rbf {} precision: FLOAT64 tile: 8 } }"
                + USES
                + "step { analytic_kernel { laplace {} precision: FLOAT64 } }",
            "run");
    Map<String, Object> rbf = attributes(run.resolve("kernel-test.zarr"));
    double length = ((Number) rbf.get("length")).doubleValue();
    assertEquals(true, rbf.get("length_is_median_distance"));
    assertEquals("FLOAT64", rbf.get("arithmetic"));
    assertEquals(length, attributes(run.resolve("kernel2.zarr")).get("length"));
    assertTrue(
        Files.readString(run.resolve("report.html")).contains("exp(-|x - z|² / (2 · " + length));
    double[][] gauss = exported(run.resolve("kernel.zarr"));
    double[][] laplace = exported(run.resolve("kernel2.zarr"));
    int nearer = 0;
    for (int i = 0; i < 30; i++) {
      assertEquals(1, gauss[i][i]);
      assertEquals(1, laplace[i][i]);
      for (int j = 0; j < i; j++) {
        double distance = -Math.log(laplace[i][j]);
        assertEquals(distance * distance / 2, -Math.log(gauss[i][j]), 1e-12);
        nearer += distance < 1 ? 1 : 0;
      }
    }
    assertEquals(30 * 29 / 4, nearer, 1);
    assertEquals(11, exported(run.resolve("kernel-test.zarr")).length);
    Map<String, Object> regression = Commands.metrics(run, "2-kernel_regression").get(0);
    assertTrue(Commands.number(regression, "test_accuracy") > 0.6);
    assertEquals(30, Commands.number(Commands.metrics(run, "3-spectrum").get(0), "trace"), 1e-10);
  }

  @Test
  void theTwoLayerKernelIsThatOfTheInfiniteNetwork() throws IOException {
    Path run =
        run(
            """
            step { infinite_kernel { kind: [NTK, NNGP] precision: FLOAT64 tile: 8 } }
            step { analytic_kernel { deep_ntk { depth: 2 } precision: FLOAT64 } }
            step { analytic_kernel { random_features {} precision: FLOAT64 storage: STORE_FLOAT32 } }
            step { kernel_regression { kernel: "random_features" } }
            """,
            "run");
    double[][] ntk = exported(run.resolve("kernel-ntk-test.zarr"));
    double[][] nngp = exported(run.resolve("kernel-nngp-test.zarr"));
    double[][] deep = exported(run.resolve("kernel2-test.zarr"));
    double[][] features = exported(run.resolve("kernel3-test.zarr"));
    for (int i = 0; i < 11; i++) {
      for (int j = 0; j < 30; j++) {
        assertEquals(ntk[i][j], deep[i][j], 1e-12);
        assertEquals(6 * nngp[i][j], features[i][j], 1e-5);
      }
    }
    assertEquals(
        "neural tangent kernel of infinite width",
        attributes(run.resolve("kernel-ntk.zarr")).get("what"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "step { infinite_kernel { kind: [NTK, NNGP] tile: 8 } }",
        "step { analytic_kernel { neural_tangent {} tile: 8 } }"
      })
  void shardsAndStopsLeaveTheSameBytes(String step) throws IOException {
    Map<String, String> alone = ResumeTest.chunks(Commands.contents(run(step, "alone")));
    Path run = folder.resolve("shared");
    commands.done("run", write(step), "--out", run, "--shard", "2/3");
    Map<String, String> part = ResumeTest.chunks(Commands.contents(run));
    assertTrue(!part.isEmpty() && part.size() < alone.size(), () -> part.size() + " chunks");
    commands.done("run", write(step), "--out", run);
    assertEquals(alone, ResumeTest.chunks(Commands.contents(run)));
    commands.done("run", write(step), "--out", run);
    assertTrue(!commands.shown.toString().contains(": done in"), "all was done before");
  }

  @Test
  void aMedianOfNothingIsRefused() throws IOException {
    String config =
        CONFIG.replaceFirst("dataset.*", "dataset { circle {} train: 1 test: 1 }")
            + "step { analytic_kernel { laplace {} } }";
    Path file = Files.writeString(folder.resolve("config.textproto"), config);
    String message = commands.refused("run", file, "--out", folder.resolve("run"));
    assertTrue(message.contains("step[0].analytic_kernel: a length of 0"), message);
    assertTrue(message.contains("give a length above 0"), message);
    assertTrue(Files.notExists(folder.resolve("run")));
    commands.done(
        "run",
        file,
        "--out",
        folder.resolve("run"),
        "--set=step[0].analytic_kernel.laplace.length=2");
  }

  @Test
  void aSweepOfLengths() throws IOException {
    Path run =
        run(
            """
            step { analytic_kernel { rbf { length: 1 } } }
            sweep { axis { field: "step[0].analytic_kernel.rbf.length" values: ["1", "4"] } }
            """,
            "run");
    try (var folders = Files.list(run)) {
      assertEquals(2, folders.filter(place -> Files.exists(place.resolve("kernel.zarr"))).count());
    }
  }
}
