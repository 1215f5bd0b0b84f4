package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job on data so small that it takes a second or two. */
class MainJobTest {
  private static final String CONFIG =
      """
      name: "tiny"
      seed: 3
      dataset { stroke_digits {} classes: [0, 1, 7] train: 60 test: 30 preprocess { resize: 14 } }
      network { two_layer { width: 16 } }
      step { train { epochs: 6 batch_size: 10 adam { learning_rate: 0.01 } } }
      step { empirical_kernel { examples: 24 test_examples: 20 precision: FLOAT64 tile: 7 } }
      step { kernel_regression { ridge { from: 1e-4 to: 1e2 count: 5 } } }
      step { spectrum {} }
      """;

  /** Written again by every run. */
  private static final Set<String> ALWAYS_NEW =
      Set.of("", ".lock", "config.textproto", "environment.json", "progress.json", "report.html");

  @TempDir private Path folder;
  private final Commands commands = new Commands();

  @Test
  void theMainJobLeavesWhatTheDesignSaysAndIsDoneOnce() throws IOException {
    Path config = folder.resolve("tiny.textproto");
    Files.writeString(config, CONFIG);
    Path run = folder.resolve("runs/tiny");
    Workshop standard = Workshop.standard(Commands.display(new PrintWriter(commands.shown)));
    String[] command = {"run", config.toString(), "--out", run.toString()};
    int status =
        Ntk.execute(
            standard, new PrintWriter(commands.out), new PrintWriter(commands.err), command);
    assertEquals(0, status, commands.err::toString);
    assertEquals("", commands.err.toString());
    assertEquals(
        run.resolve("report.html").toString(), commands.out.toString().strip(), "last line");
    filesAreThere(run);
    reportIsWhole(run);
    metricsMakeSense(run);

    Map<String, String> before = Commands.snapshot(run);
    commands.done((Object[]) command);
    Map<String, String> after = Commands.snapshot(run);
    before.keySet().removeAll(ALWAYS_NEW);
    after.keySet().removeAll(ALWAYS_NEW);
    assertEquals(before, after);
    assertEquals(4, commands.shown.toString().split(": done before", -1).length - 1);
  }

  private static void filesAreThere(Path run) throws IOException {
    for (String file :
        List.of(
            "config.textproto",
            "environment.json",
            "progress.json",
            "checkpoint/1-train.npz",
            "kernel.zarr/zarr.json",
            "kernel.zarr/c/3/3",
            "kernel-test.zarr/c/2/3",
            "metrics.jsonl",
            "regression.csv",
            "predictions.npy",
            "coefficients.npy",
            "eigenvalues.csv",
            "report.html")) {
      assertTrue(Files.size(run.resolve(file)) > 0, file);
    }
    assertTrue(Files.notExists(run.resolve("kernel.zarr/c/3/2")), "only the upper triangle");
    String resolved = Files.readString(run.resolve("config.textproto"));
    assertTrue(resolved.contains("beta1: 0.9"), "defaults are written out");
    String environment = Files.readString(run.resolve("environment.json"));
    assertTrue(environment.contains("2.18") && environment.contains("CPU:0"), environment);
  }

  private static void reportIsWhole(Path run) throws IOException {
    String report = Files.readString(run.resolve("report.html"));
    int pictures = 0;
    try (var files = Files.list(run.resolve("plots"))) {
      for (Path plot : files.filter(f -> f.toString().endsWith(".png")).toList()) {
        Path svg = plot.resolveSibling(plot.getFileName().toString().replace(".png", ".svg"));
        assertTrue(Files.readString(svg).contains("</svg>"), svg::toString);
        pictures++;
      }
    }
    // Two learning curves, the kernel twice, accuracy and error against the ridge, the spectrum.
    assertEquals(7, pictures);
    int embedded = report.split("data:image/|<svg", -1).length - 1;
    assertTrue(embedded >= 7, () -> "only " + embedded + " pictures in the report");
    for (String title :
        List.of(
            "Training",
            "Empirical tangent kernel",
            "Performance",
            "Kernel ridge regression",
            "Spectrum")) {
      assertTrue(report.contains(title), title);
    }
    assertTrue(!report.contains("src=\"http") && !report.contains("src=\"plots"), "self-contained");
  }

  private static void performanceMakesSense(Map<String, Object> kernel) {
    for (String name :
        List.of(
            "predicted_seconds",
            "seconds",
            "factor_seconds",
            "contraction_seconds",
            "flops",
            "gemm_peak_gflops",
            "percent_of_peak",
            "contraction_percent_of_peak")) {
      assertTrue(Commands.number(kernel, name) > 0, () -> name + " in " + kernel);
    }
    assertEquals("peak", kernel.get("predicted_by"), "too short for a pilot");
    assertEquals(0, Commands.number(kernel, "pilot_seconds"));
    double rate = Commands.number(kernel, "flops") / Commands.number(kernel, "seconds") / 1e9;
    assertEquals(rate, Commands.number(kernel, "gflops"), 1e-9 * rate);
    double percent = 100 * rate / Commands.number(kernel, "gemm_peak_gflops");
    assertEquals(percent, Commands.number(kernel, "percent_of_peak"), 1e-9 * percent);
  }

  private static void metricsMakeSense(Path run) throws IOException {
    List<Map<String, Object>> epochs = Commands.metrics(run, "1-train");
    assertEquals(6, epochs.size());
    assertTrue(
        Commands.number(epochs.get(5), "train_loss")
            < Commands.number(epochs.get(0), "train_loss"));
    assertTrue(Commands.number(epochs.get(5), "test_accuracy") > 0.6, epochs::toString);

    Map<String, Object> kernel = Commands.metrics(run, "2-empirical_kernel").get(0);
    assertEquals(10 + 3 * 4, Commands.number(kernel, "tiles_computed"));
    performanceMakesSense(kernel);

    Map<String, Object> regression = Commands.metrics(run, "3-kernel_regression").get(0);
    assertTrue(Commands.number(regression, "test_accuracy") > 0.6, regression::toString);
    assertTrue(Commands.number(regression, "relative_residual") < 1e-12);
    assertEquals(1 + 5, Files.readAllLines(run.resolve("regression.csv")).size());

    Map<String, Object> spectrum = Commands.metrics(run, "4-spectrum").get(0);
    double[] eigenvalues =
        Files.readAllLines(run.resolve("eigenvalues.csv")).stream()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.split(",")[1]))
            .toArray();
    assertEquals(24 * 3, eigenvalues.length);
    double trace = Commands.number(spectrum, "trace");
    assertEquals(trace, java.util.Arrays.stream(eigenvalues).sum(), 1e-10 * trace);
    assertEquals(Commands.number(spectrum, "largest"), eigenvalues[0]);
    assertTrue(eigenvalues[71] > -1e-10 * eigenvalues[0], "positive semi-definite");
  }
}
