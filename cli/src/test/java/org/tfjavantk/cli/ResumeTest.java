package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed, and files that are damaged. */
class ResumeTest {
  private static final String CONFIG =
      """
      name: "resumed"
      output { plots: false }
      seed: 5
      dataset { gaussian_mixture { dimension: 6 classes: 3 } train: 45 validation: 6 test: 9 }
      network { two_layer { width: 12 } }
      step { train { epochs: 4 batch_size: 8 sgd { weight_decay: 1e-3 } } }
      step { empirical_kernel { examples: 23 tile: 4 } }
      step { kernel_regression { ridge { values: [0.1, 1, 10] } } }
      step { spectrum {} }
      """;

  static final int KILLED = 137;

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config = folder.resolve("resumed.textproto");
    Files.writeString(config, CONFIG);
  }

  private Path undisturbed() {
    Path run = folder.resolve("undisturbed");
    commands.done("run", config, "--out", run);
    return run;
  }

  /** Tells what is printed to somebody. */
  private static final class Listening extends Writer {
    private final java.util.function.Consumer<String> ear;

    Listening(java.util.function.Consumer<String> ear) {
      this.ear = ear;
    }

    @Override
    public void write(char[] text, int from, int count) {
      ear.accept(new String(text, from, count));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  /** A process of its own that dies on the spot when the progress shows certain words. */
  static final class Dying {
    private Dying() {}

    /** The words, then the command line. */
    public static void main(String[] arguments) {
      Writer killer =
          new Listening(
              text -> {
                if (text.contains(arguments[0])) {
                  Runtime.getRuntime().halt(KILLED);
                }
              });
      PrintWriter silence = new PrintWriter(new StringWriter());
      Workshop workshop = Commands.workshop(Commands.display(new PrintWriter(killer)));
      String[] command = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
      Runtime.getRuntime().halt(Ntk.execute(workshop, silence, silence, command));
    }
  }

  private void killAt(String words, Path run) throws IOException, InterruptedException {
    Process process = start(words, "run", config.toString(), "--out", run.toString());
    assertEquals(KILLED, process.waitFor());
  }

  /** A process with a command that dies when the progress shows certain words. */
  static Process start(String words, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Dying.class.getName()));
    command.add(words);
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  static Map<String, String> chunks(Map<String, String> files) {
    return files.entrySet().stream()
        .filter(file -> file.getKey().matches("kernel.*\\.zarr/c/\\d+/\\d+"))
        .collect(
            Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
  }

  @Test
  void aKilledRunEndsInTheBytesOfAnUndisturbedOne() throws IOException, InterruptedException {
    Path run = folder.resolve("killed");
    killAt(" 8/51 tiles", run);
    Map<String, String> first = chunks(Commands.snapshot(run));
    assertEquals(8, first.size());
    // What a process leaves that dies while it writes: beside the tile, never in its place.
    Files.writeString(run.resolve("kernel.zarr/.tmp-999999999-1"), "half a tile");
    killAt(" 30/51 tiles", run);
    Map<String, String> second = chunks(Commands.snapshot(run));
    assertEquals(30, second.size());
    commands.done("run", config, "--out", run);
    assertTrue(commands.shown.toString().contains("[1/4] train: done before"));
    Map<String, String> last = chunks(Commands.snapshot(run));
    assertEquals(51, last.size());
    first.forEach((file, written) -> assertEquals(written, second.get(file), file));
    second.forEach((file, written) -> assertEquals(written, last.get(file), file));
    assertEquals(
        21, Commands.number(Commands.metrics(run, "2-empirical_kernel").get(0), "tiles_computed"));

    Map<String, String> expected = Commands.contents(undisturbed());
    Map<String, String> found = Commands.contents(run);
    assertEquals(chunks(expected), chunks(found));
    for (String file : List.of("regression.csv", "predictions.npy", "eigenvalues.csv")) {
      assertEquals(expected.get(file), found.get(file), file);
    }
    assertEquals(expected.keySet(), found.keySet(), "nothing is left over");
  }

  @Test
  void aFlippedBitIsFoundAndRepaired() throws IOException {
    Path run = undisturbed();
    Map<String, String> before = Commands.contents(run);
    Map<String, String> written = chunks(Commands.snapshot(run));
    Path chunk = run.resolve("kernel.zarr/c/1/3");
    byte[] bytes = Files.readAllBytes(chunk);
    bytes[17] ^= 4;
    Files.write(chunk, bytes);
    assertEquals(1, commands.ntk("kernel", "verify", run.resolve("kernel.zarr")));
    assertTrue(commands.out.toString().contains("damaged: tile (1, 3)"), commands.out::toString);

    commands.done("run", config, "--out", run);
    assertTrue(commands.shown.toString().contains("repairing"), commands.shown::toString);
    assertEquals(chunks(before), chunks(Commands.contents(run)));
    commands.done("kernel", "verify", run.resolve("kernel.zarr"));
    Map<String, String> after = chunks(Commands.snapshot(run));
    written.remove("kernel.zarr/c/1/3");
    after.remove("kernel.zarr/c/1/3");
    assertEquals(written, after, "only the damaged tile is computed");
  }

  @Test
  void deletedResultsAreMadeAgain() throws IOException {
    Path run = undisturbed();
    Map<String, String> before = Commands.contents(run);
    for (String file : List.of("predictions.npy", "eigenvalues.csv")) {
      Files.delete(run.resolve(file));
    }
    commands.done("run", config, "--out", run);
    Map<String, String> after = Commands.contents(run);
    assertEquals(before.get("predictions.npy"), after.get("predictions.npy"));
    assertEquals(before.get("eigenvalues.csv"), after.get("eigenvalues.csv"));
    assertEquals(2, commands.shown.toString().split(": done before", -1).length - 1);
  }

  @Test
  void aStoppedTrainingGoesOnToTheSameCurve() throws IOException, InterruptedException {
    Path run = folder.resolve("stopped");
    killAt("epoch 2: loss", run);
    assertTrue(Files.notExists(run.resolve("kernel.zarr")));
    commands.done("run", config, "--out", run);
    assertTrue(!commands.shown.toString().contains("epoch 1: loss"), "no epoch is done twice");
    Path whole = undisturbed();
    List<Map<String, Object>> expected = Commands.metrics(whole, "1-train");
    List<Map<String, Object>> found = Commands.metrics(run, "1-train");
    expected.forEach(line -> line.remove("seconds"));
    found.forEach(line -> line.remove("seconds"));
    assertEquals(4, found.size());
    assertEquals(expected, found);
    assertEquals(chunks(Commands.contents(whole)), chunks(Commands.contents(run)));
  }

  @Test
  void resultsOfOtherLabelsAreRefused() throws IOException {
    double[][] x = new double[12][2];
    int[] labels = new int[12];
    for (int i = 0; i < 12; i++) {
      x[i] = new double[] {Math.cos(i), Math.sin(2 * i)};
      labels[i] = i % 2;
    }
    Npy.write(folder.resolve("x.npy"), x);
    Npy.write(folder.resolve("y.npy"), labels);
    Files.writeString(
        config,
        """
        name: "labels"
        dataset {
          npy { train_inputs: "x.npy" train_labels: "y.npy" test_inputs: "x.npy" test_labels: "y.npy" }
          dir: "%s"
        }
        network { logistic {} }
        step { empirical_kernel { precision: FLOAT64 } }
        step { kernel_regression { ridge { values: [1] } } }
        """
            .formatted(folder));
    Path run = folder.resolve("labels");
    commands.done("run", config, "--out", run);
    Map<String, String> before = Commands.snapshot(run);
    labels[0] = 1;
    labels[1] = 0;
    Npy.write(folder.resolve("y.npy"), labels);
    String message = commands.refused("run", config, "--out", run);
    assertTrue(message.contains("other examples") && message.contains("--fresh"), message);
    Map<String, String> after = Commands.snapshot(run);
    for (String file : List.of("predictions.npy", "kernel.zarr/c/0/0", "metrics.jsonl")) {
      assertEquals(before.get(file), after.get(file), "old results are not touched");
    }
    commands.done("run", config, "--out", run, "--fresh");
  }
}
