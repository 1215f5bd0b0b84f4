package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finite networks against infinite width, from the command line. */
class MonteCarloRunTest {
  private static final String CONFIG =
      """
      name: "sampled"
      seed: 3
      dataset { gaussian_mixture { dimension: 4 classes: 2 } train: 12 test: 2 }
      network { mlp { hidden: [7, 5] activation: RELU } parametrization: NTK bias_std: 0.2 }
      step { monte_carlo { width: [256, 16, 64] draws: 30 examples: 4 } }
      """;

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;
  private Path run;

  @BeforeEach
  void place() throws IOException {
    config = folder.resolve("sampled.textproto");
    run = folder.resolve("run");
    Files.writeString(config, CONFIG);
  }

  /** The columns of the table by their names, but for the times. */
  private static Map<String, double[]> table(Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("monte-carlo.csv"));
    String[] names = lines.get(0).split(",");
    Map<String, double[]> columns = new LinkedHashMap<>();
    for (int k = 0; k < names.length - 1; k++) {
      int column = k;
      columns.put(
          names[k],
          lines.stream()
              .skip(1)
              .mapToDouble(line -> Double.parseDouble(line.split(",")[column]))
              .toArray());
    }
    assertEquals("seconds", names[names.length - 1]);
    return columns;
  }

  private static String text(Map<String, double[]> table) {
    List<String> words = new ArrayList<>();
    table.forEach((name, values) -> words.add(name + Arrays.toString(values)));
    return words.toString();
  }

  @Test
  void kernelsComeNearWithTheWidth() throws IOException {
    commands.done("run", config, "--out", run);
    Map<String, double[]> table = table(run);
    assertEquals("[16.0, 64.0, 256.0]", Arrays.toString(table.get("width")));
    assertEquals("[30.0, 30.0, 30.0]", Arrays.toString(table.get("draws")));
    double parameters = 5 * 16 + 17 * 16 + 17 * 2;
    assertEquals(parameters, table.get("parameters")[0]);
    for (String kind : List.of("nngp", "ntk")) {
      double[] one = table.get(kind + "_distance_of_one");
      double[] mean = table.get(kind + "_distance");
      double[] error = table.get(kind + "_standard_error");
      for (int k = 0; k < 3; k++) {
        assertTrue(mean[k] < one[k] / 2, kind);
        assertEquals(Math.sqrt(30), one[k] / error[k], 3, kind);
      }
      // A sixteenth of the variance, a fourth of the distance.
      assertEquals(4, one[0] / one[2], 2, kind);
      assertTrue(table.get(kind + "_max_z")[2] < 4, kind);
    }
    String report = Files.readString(run.resolve("report.html"));
    assertTrue(report.contains("Finite networks against infinite width"));
    assertTrue(Files.exists(run.resolve("plots/1-monte_carlo.svg")));
  }

  @Test
  void goesOnWithTheWidthsThatAreMissing() throws Exception {
    commands.done("run", config, "--out", run, "--set", "output.plots=false");
    Path stopped = folder.resolve("stopped");
    Process process =
        ResumeTest.start(
            "width 64",
            "run",
            config.toString(),
            "--out",
            stopped.toString(),
            "--set",
            "output.plots=false");
    assertEquals(ResumeTest.KILLED, process.waitFor());
    List<String> before = Files.readAllLines(stopped.resolve("metrics.jsonl"));
    assertEquals(2, before.size());
    assertFalse(Files.exists(stopped.resolve("monte-carlo.csv")));
    commands.done("run", config, "--out", stopped, "--set", "output.plots=false");
    assertEquals(before, Files.readAllLines(stopped.resolve("metrics.jsonl")).subList(0, 2));
    assertEquals(text(table(run)), text(table(stopped)));
  }

  @Test
  void fewerNetworksDoWhereTheErrorIsSmallEnough() throws IOException {
    commands.done(
        "run",
        config,
        "--out",
        run,
        "--set",
        "step[0].monte_carlo.epsilon=0.1",
        "--set",
        "output.plots=false");
    double[] draws = table(run).get("draws");
    assertEquals(30, draws[0]);
    assertTrue(draws[2] >= 10 && draws[2] < 30, Arrays.toString(draws));
    assertTrue(table(run).get("ntk_standard_error")[2] <= 0.1);
  }

  @Test
  void refusesWhatHasNoClosedFormAndWidthsGivenTwice() throws IOException {
    Files.writeString(
        config,
        """
        name: "sampled"
        dataset { stroke_digits {} train: 4 test: 2 preprocess { resize: 32 channels: 3 } }
        network { lenet {} }
        step { monte_carlo { width: [8, 16] } }
        """);
    String message = commands.refused("run", config, "--out", run);
    assertTrue(message.contains("MaxPool") && message.contains("AveragePool"), message);
    assertFalse(Files.exists(run));
    Files.writeString(config, CONFIG.replace("[256, 16, 64]", "[256, 16, 256]"));
    message = commands.refused("run", config, "--out", run);
    assertTrue(message.contains("every width once"), message);
  }
}
