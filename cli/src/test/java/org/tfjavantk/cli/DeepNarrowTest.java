package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs of deep narrow networks, and what the published program gets wrong. */
class DeepNarrowTest {
  private static final String CIRCLE =
      """
      name: "circle"
      output { plots: false }
      seed: 4
      step {
        deep_narrow_convergence {
          depth: [12, 40, 12] scale: [5, 50, 6.5] learning_rate: [8e-4, 2.5e-6, 4e-4]
          trials: 2 iterations: 60 every: 20
        }
      }
      """;

  private static final String DIGITS =
      """
      name: "digits"
      output { plots: false }
      seed: 4
      dataset { stroke_digits {} train: 81 test: 40 classes: [0, 1] preprocess { resize: 8 } }
      step {
        deep_narrow_mnist {
          architecture: DENSE pool: 2 depth: 12 scale: 20 learning_rate: 8e-6
          epochs: 4 batch_size: 20 eval_every: 2 initialization: [CUSTOM, DEFAULT]
          precision: FLOAT64
        }
      }
      """;

  private static final String STEP = "step[0].deep_narrow_convergence.";
  private static final String TRAIN = "step[0].deep_narrow_mnist.";

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path circle;
  private Path digits;

  @BeforeEach
  void writeConfigs() throws IOException {
    circle = Files.writeString(folder.resolve("circle.textproto"), CIRCLE);
    digits = Files.writeString(folder.resolve("digits.textproto"), DIGITS);
  }

  private static List<double[]> csv(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .skip(1)
        .map(line -> Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray())
        .toList();
  }

  /** Scales need not be whole numbers, depths may be the same, there are as many as one likes. */
  @Test
  void theCircleLeavesKernelsLossesAndOutputs() throws IOException {
    Path run = folder.resolve("run");
    commands.done("run", circle, "--out", run);
    assertTrue(commands.shown.toString().contains("of the largest stable one"));
    List<double[]> losses = csv(run.resolve("1-deep_narrow_convergence-losses.csv"));
    assertEquals(3 * 2 * 61, losses.size());
    List<double[]> kernels = csv(run.resolve("1-deep_narrow_convergence-kernels.csv"));
    assertEquals(3 * 2 * 4 * 201, kernels.size());
    assertEquals(3 * 2 * 200, csv(run.resolve("1-deep_narrow_convergence-outputs.csv")).size());
    List<Map<String, Object>> metrics = Commands.metrics(run, "1-deep_narrow_convergence");
    assertEquals(3 * 4, metrics.size());
    for (int i = 0; i < 3; i++) {
      double before = Commands.number(metrics.get(4 * i), "mean_loss");
      assertEquals(0.136728919072934, before, 1e-12, "the output begins at 0");
      assertTrue(Commands.number(metrics.get(4 * i + 3), "mean_loss") < before / 5);
      assertEquals(0, Commands.number(metrics.get(4 * i), "mean_kernel_change"), 0);
      assertTrue(Commands.number(metrics.get(4 * i + 3), "mean_kernel_change") > 0);
    }
  }

  /** The defaults of lists are lists; the control can be run. */
  @Test
  void theDefaultsRunAndSoDoesTheControl() throws IOException {
    Path config = folder.resolve("defaults.textproto");
    Files.writeString(
        config,
        "name: \"defaults\" output { plots: false } step { deep_narrow_convergence { iterations: 2 } }");
    commands.done("run", config, "--out", folder.resolve("a"));
    Path control = folder.resolve("b");
    commands.done(
        "run",
        config,
        "--out",
        control,
        "--set",
        STEP + "initialization=DEFAULT",
        "--set",
        STEP + "scale=[1]",
        "--set",
        STEP + "learning_rate=[0.05]");
    double[] first = csv(control.resolve("1-deep_narrow_convergence-outputs.csv")).get(0);
    for (double[] row :
        csv(control.resolve("1-deep_narrow_convergence-outputs.csv")).subList(0, 200)) {
      assertEquals(first[5], row[5], 0, "no output depends on the input");
    }
  }

  @Test
  void refusesWhatCannotWork() {
    Path run = folder.resolve("refused");
    assertTrue(refused(circle, run, STEP + "scale=[5, 50]").contains("as many as depths, 3"));
    assertTrue(refused(circle, run, STEP + "grid.to=-1").contains("less than to"));
    String unstable = refused(circle, run, STEP + "learning_rate=[8e-4, 1e-4, 4e-4]");
    assertTrue(unstable.contains("learning_rate[1]: dimensionless step η L C² = 10.00"), unstable);
    assertTrue(
        refused(circle, run, STEP + "depth=[2000000000, 40, 12]").contains("of Java's memory"));
    assertTrue(
        refused(circle, run, STEP + "grid.to=3").contains("not negative"),
        "of the second quadrant");
    String coarse =
        refused(
            circle,
            run,
            STEP + "precision=FLOAT32",
            STEP + "scale=[5, 5e4, 5]",
            STEP + "learning_rate=[8e-4, 1e-12, 4e-4]");
    assertTrue(coarse.contains("float32 cannot resolve this training at scale 5.000e+04"), coarse);
    assertTrue(refused(digits, run, TRAIN + "learning_rate=1").contains("the loss would grow"));
    assertTrue(
        refused(digits, run, TRAIN + "architecture=CONVOLUTIONAL", TRAIN + "pool=5")
            .contains("don't cover"));
    assertTrue(refused(digits, run, "dataset.preprocess.mean=[0.1]").contains("not negative"));
    assertTrue(refused(digits, run, TRAIN + "initialization=[CUSTOM, CUSTOM]").contains("again"));
    assertFalse(Files.exists(run));
  }

  private String refused(Path config, Path run, String... settings) {
    List<Object> words = new ArrayList<>(List.of("run", config, "--out", run));
    for (String setting : settings) {
      words.addAll(List.of("--set", setting));
    }
    return commands.refused(words.toArray());
  }

  /** An unstable step that is forced grows the loss, as was foretold. */
  @Test
  void forcedStepsAreTaken() throws IOException {
    Path run = folder.resolve("forced");
    commands.done(
        "run",
        circle,
        "--out",
        run,
        "--set",
        STEP + "depth=[100]",
        "--set",
        STEP + "scale=[500]",
        "--set",
        STEP + "learning_rate=[2e-8]",
        "--set",
        STEP + "iterations=6",
        "--set",
        STEP + "force=true");
    assertTrue(commands.shown.toString().contains("took steps that are not stable"));
    List<double[]> losses = csv(run.resolve("1-deep_narrow_convergence-losses.csv"));
    assertTrue(losses.get(6)[4] > losses.get(0)[4]);
  }

  /** Two classes, one output, a last batch of one example. */
  @Test
  void twoClassesTrainWithTheCustomInitialisationOnly() throws IOException {
    Path run = folder.resolve("digits");
    commands.done("run", digits, "--out", run);
    List<Map<String, Object>> metrics = Commands.metrics(run, "1-deep_narrow_mnist");
    assertEquals(8, metrics.size());
    double first = Commands.number(metrics.get(0), "train_loss");
    double last = Commands.number(metrics.get(3), "train_loss");
    assertTrue(last < first, first + " to " + last);
    assertTrue(last < 0.25, "below the variance of the labels: " + last);
    // With the default initialisation the output is one number for all.
    double accuracy = Commands.number(metrics.get(7), "test_accuracy");
    long zeros = Math.round(40 * accuracy);
    assertEquals(zeros / 40.0, accuracy, 1e-12);
    assertTrue(metrics.get(1).containsKey("test_accuracy"));
    assertFalse(metrics.get(0).containsKey("test_accuracy"), "measured every second epoch");
  }

  @Test
  void twoDevicesGiveTheSameCurves() throws IOException {
    for (String architecture : List.of("DENSE", "CONVOLUTIONAL")) {
      Path one = folder.resolve(architecture + "-one");
      Path two = folder.resolve(architecture + "-two");
      String set = TRAIN + "architecture=" + architecture;
      commands.done("run", digits, "--out", one, "--set", set, "--set", "device.kind=CPU");
      commands.done(
          "run",
          digits,
          "--out",
          two,
          "--set",
          set,
          "--set",
          "device.kind=CPU",
          "--set",
          "device.index=[0, 1]");
      assertEquals(
          Commands.metrics(one, "1-deep_narrow_mnist"),
          Commands.metrics(two, "1-deep_narrow_mnist"));
    }
  }

  @Test
  void killedRunsGoOnToTheSameCurves() throws IOException, InterruptedException {
    killedAndResumed(circle, "depth 40, iteration 40", "circle");
    killedAndResumed(digits, "custom, epoch 3", "digits");
  }

  private void killedAndResumed(Path config, String words, String name)
      throws IOException, InterruptedException {
    Path whole = folder.resolve(name + "-whole");
    commands.done("run", config, "--out", whole);
    Path killed = folder.resolve(name + "-killed");
    Process process = ResumeTest.start(words, "run", config.toString(), "--out", killed.toString());
    assertEquals(ResumeTest.KILLED, process.waitFor());
    assertFalse(Files.exists(killed.resolve("report.html")));
    commands.done("run", config, "--out", killed);
    Map<String, String> expected = results(whole);
    assertEquals(expected, results(killed));
    assertTrue(expected.size() >= 3, expected::toString);
  }

  private static Map<String, String> results(Path run) {
    Map<String, String> contents = Commands.contents(run);
    contents
        .keySet()
        .removeIf(
            name ->
                !name.endsWith(".csv") && !name.endsWith(".npz") && !name.equals("metrics.jsonl"));
    return contents;
  }
}
