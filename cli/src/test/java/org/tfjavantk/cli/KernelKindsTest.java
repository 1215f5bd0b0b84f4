package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.Json;

/** Kernels of some outputs, of sums over them and of groups of parameters, against the full one. */
class KernelKindsTest {
  private static final int TRAIN = 11;
  private static final int TEST = 5;
  private static final int OUTPUTS = 3;

  private static final String CONFIG =
      """
      name: "kinds"
      device { kind: CPU }
      output { plots: false }
      seed: 4
      dataset { gaussian_mixture { dimension: 5 classes: 3 } train: 11 test: 5 }
      network { mlp { hidden: [6, 4] activation: TANH } }
      step { empirical_kernel { precision: FLOAT64 tile: 4 %s } }
      """;

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;

  @BeforeEach
  void place() {
    config = folder.resolve("config.textproto");
  }

  private Path run(String name, String kernel) throws IOException {
    Path run = folder.resolve(name);
    Files.writeString(config, CONFIG.formatted(kernel));
    commands.done("run", config, "--out", run);
    return run;
  }

  private double[][] kernel(Path run, String store) throws IOException {
    Path npy = run.resolve(store + ".npy");
    commands.done("kernel", "export", run.resolve(store + ".zarr"), npy, "--force");
    return Npy.read(npy);
  }

  private static TreeSet<String> stores(Path run) throws IOException {
    try (Stream<Path> entries = Files.list(run)) {
      TreeSet<String> names = new TreeSet<>();
      entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> name.endsWith(".zarr"))
          .forEach(names::add);
      return names;
    }
  }

  private static Map<String, Object> attributes(Path run, String store) throws IOException {
    String text = Files.readString(run.resolve(store + ".zarr/zarr.json"));
    @SuppressWarnings("unchecked")
    Map<String, Object> attributes = (Map<String, Object>) Json.object(text).get("attributes");
    return attributes;
  }

  @FunctionalInterface
  private interface Entry {
    /** Of the pair of examples x, x'. */
    double at(double[][] full, int x1, int x2);
  }

  /** Compares a store n x n and its test block with what follows from the full kernel. */
  private void assertFollows(Path full, Path run, String store, Entry entry) throws IOException {
    for (String part : List.of("", "-test")) {
      double[][] theta = kernel(full, "kernel" + part);
      double[][] found = kernel(run, store + part);
      assertEquals(part.isEmpty() ? TRAIN : TEST, found.length);
      for (int r = 0; r < found.length; r++) {
        assertEquals(TRAIN, found[r].length);
        for (int s = 0; s < TRAIN; s++) {
          assertEquals(entry.at(theta, r, s), found[r][s], 1e-12, store + part);
        }
      }
    }
  }

  private static double pair(double[][] theta, int x1, int c1, int x2, int c2) {
    return theta[x1 * OUTPUTS + c1][x2 * OUTPUTS + c2];
  }

  private static double sum(double[][] theta, int x1, int x2, int... which) {
    return Arrays.stream(which)
        .mapToDouble(c -> Arrays.stream(which).mapToDouble(d -> pair(theta, x1, c, x2, d)).sum())
        .sum();
  }

  private static double trace(double[][] theta, int x1, int x2, int... which) {
    return Arrays.stream(which).mapToDouble(c -> pair(theta, x1, c, x2, c)).sum();
  }

  @Test
  void everyKindIsPartOfTheFullKernel() throws IOException {
    Path full = run("full", "");
    assertFalse(attributes(full, "kernel").containsKey("output"));
    Path trace = run("trace", "outputs: TRACE");
    assertEquals(stores(full), stores(trace));
    assertFollows(full, trace, "kernel", (t, x, y) -> trace(t, x, y, 0, 1, 2));
    assertEquals("TRACE", attributes(trace, "kernel").get("outputs"));

    Path some = run("some", "outputs: TRACE output: [2, 0]");
    assertFollows(full, some, "kernel", (t, x, y) -> trace(t, x, y, 0, 2));
    assertEquals(List.of(2L, 0L), attributes(some, "kernel-test").get("output"));

    Path sum = run("sum", "outputs: SUM");
    assertFollows(full, sum, "kernel", (t, x, y) -> sum(t, x, y, 0, 1, 2));
    Path someSum = run("someSum", "outputs: SUM output: [1, 2] normalization: OUTPUTS");
    assertFollows(full, someSum, "kernel", (t, x, y) -> sum(t, x, y, 1, 2) / 2);

    Path diagonal = run("diagonal", "outputs: DIAGONAL output: [2, 1]");
    assertEquals(
        new TreeSet<>(
            List.of(
                "kernel-output1.zarr",
                "kernel-output1-test.zarr",
                "kernel-output2.zarr",
                "kernel-output2-test.zarr")),
        stores(diagonal));
    for (int c = 1; c <= 2; c++) {
      int output = c;
      assertFollows(
          full, diagonal, "kernel-output" + c, (t, x, y) -> pair(t, x, output, y, output));
      assertEquals(List.of((long) c), attributes(diagonal, "kernel-output" + c).get("output"));
    }

    double[][] theta = kernel(full, "kernel");
    double[][] block = kernel(run("block", "output: [2, 0]"), "kernel");
    int[] which = {2, 0};
    assertEquals(2 * TRAIN, block.length);
    for (int r = 0; r < block.length; r++) {
      for (int s = 0; s < block.length; s++) {
        assertEquals(pair(theta, r / 2, which[r % 2], s / 2, which[s % 2]), block[r][s], 1e-12);
      }
    }
  }

  @Test
  void layersAndParametersAddUpToTheWhole() throws IOException {
    Path full = run("full", "normalization: PARAMETERS");
    for (String by : List.of("LAYER", "PARAMETER")) {
      Path run = run(by, "normalization: PARAMETERS by: " + by);
      assertEquals(by.equals("LAYER") ? 6 : 12, stores(run).size());
      for (String part : List.of("", "-test")) {
        double[][] whole = kernel(full, "kernel" + part);
        for (String store : stores(run)) {
          boolean test = store.endsWith("-test.zarr");
          if (test == part.equals("-test")) {
            double[][] one = kernel(run, store.replace(".zarr", ""));
            double largest = 0;
            for (int r = 0; r < whole.length; r++) {
              for (int s = 0; s < whole[r].length; s++) {
                whole[r][s] -= one[r][s];
                largest = Math.max(largest, Math.abs(one[r][s]));
              }
            }
            assertTrue(largest > 1e-6, store);
          }
        }
        for (double[] row : whole) {
          for (double rest : row) {
            assertEquals(0, rest, 1e-12, by + part);
          }
        }
      }
    }
    Map<String, Object> says = attributes(folder.resolve("LAYER"), "kernel-dense1");
    assertEquals("dense1", says.get("group"));
    assertEquals(List.of("dense1/kernel", "dense1/bias"), says.get("group_parameters"));
    assertTrue(stores(folder.resolve("PARAMETER")).contains("kernel-dense2.bias-test.zarr"));
  }

  @Test
  void groupsOfOnesOwnMayOverlap() throws IOException {
    Path full = run("full", "");
    Path run =
        run(
            "own",
            "outputs: DIAGONAL output: [0, 2] group { name: \"all\" parameter: \"*\" }"
                + " group { name: \"head\" parameter: [\"dense2/*\", \"dense?/bias\"] }");
    Path parts = run("parts", "outputs: DIAGONAL by: PARAMETER");
    assertFollows(full, run, "kernel-all-output2", (t, x, y) -> pair(t, x, 2, y, 2));
    double[][] expected = kernel(parts, "kernel-dense2.kernel-output0-test");
    for (String bias : List.of("dense0", "dense1", "dense2")) {
      double[][] one = kernel(parts, "kernel-" + bias + ".bias-output0-test");
      for (int r = 0; r < TEST; r++) {
        for (int s = 0; s < TRAIN; s++) {
          expected[r][s] += one[r][s];
        }
      }
    }
    double[][] head = kernel(run, "kernel-head-output0-test");
    for (int r = 0; r < TEST; r++) {
      for (int s = 0; s < TRAIN; s++) {
        assertEquals(expected[r][s], head[r][s], 1e-12);
      }
    }
    Path one = run("one", "group { name: \"first\" parameter: \"dense0/*\" }");
    assertEquals(stores(full), stores(one));
    assertEquals("first", attributes(one, "kernel").get("group"));
  }

  private static final String GROUPED = "outputs: DIAGONAL output: [0, 2] by: LAYER";

  /** 6 tiles of train x train and 6 of test x train, each in 6 stores. */
  private static final int TILES = 12;

  private double computed(Path run) throws IOException {
    List<Map<String, Object>> lines = Commands.metrics(run, "1-empirical_kernel");
    return Commands.number(lines.get(lines.size() - 1), "tiles_computed");
  }

  @Test
  void aTileThatOneStoreLacksIsComputedAgain() throws IOException {
    Path run = run("run", GROUPED);
    assertEquals(TILES, computed(run));
    Map<String, String> before = ResumeTest.chunks(Commands.contents(run));
    assertEquals(6 * TILES, before.size());
    Files.delete(run.resolve("kernel-dense1-output2.zarr/c/0/1"));
    Files.delete(run.resolve("kernel-dense2-output2.zarr/c/0/1"));
    Path damaged = run.resolve("kernel-dense0-output0-test.zarr/c/1/2");
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[9] ^= 1;
    Files.write(damaged, bytes);
    assertEquals(1, commands.ntk("kernel", "verify", run));
    assertTrue(commands.out.toString().contains("damaged: "), commands.out::toString);
    commands.done("run", config, "--out", run);
    assertEquals(2, computed(run));
    assertEquals(before, ResumeTest.chunks(Commands.contents(run)));
    commands.done("kernel", "verify", run);
    assertEquals(12, commands.out.toString().lines().count());
  }

  @Test
  void aKilledRunAndShardsLeaveTheSameBytes() throws IOException, InterruptedException {
    Path whole = run("whole", GROUPED);
    Map<String, String> expected = ResumeTest.chunks(Commands.contents(whole));
    Path killed = folder.resolve("killed");
    int status =
        ResumeTest.start(" 5/12 tiles", "run", config.toString(), "--out", killed.toString())
            .waitFor();
    assertEquals(ResumeTest.KILLED, status);
    commands.done("run", config, "--out", killed);
    double rest = computed(killed);
    assertTrue(rest == TILES - 5 || rest == TILES - 6, () -> rest + " tiles");
    assertEquals(expected, ResumeTest.chunks(Commands.contents(killed)));

    Path shared = folder.resolve("shared");
    for (String shard : List.of("2/3", "1/3")) {
      commands.done("run", config, "--out", shared, "--shard", shard);
    }
    assertTrue(
        commands.out.toString().contains("its 4 tiles are done; of all 12 tiles 4 are missing"),
        commands.out::toString);
    commands.done("run", config, "--out", shared);
    assertEquals(4, computed(shared));
    assertEquals(expected, ResumeTest.chunks(Commands.contents(shared)));
  }

  @Test
  void thePlanListsTheMatrices() throws IOException {
    Files.writeString(config, CONFIG.formatted(GROUPED));
    Path run = folder.resolve("run");
    commands.done("plan", config, "--out", run);
    String text = commands.out.toString().replaceAll("\\s+", " ");
    assertTrue(text.contains("kernel-dense1-output2-test.zarr 5 x 11 examples"), text);
    assertTrue(text.contains("Θ[(x, c), (x', c)] of the outputs 0, 2 for each of 3 groups"), text);
    commands.done("plan", config, "--out", run, "--json");
    Map<String, Object> plan = Json.object(commands.out.toString());
    assertEquals(12, ((List<?>) plan.get("kernels")).size());
    assertEquals((long) TILES, plan.get("tiles"));
    assertEquals(3L, plan.get("outputs"));
    commands.done("run", config, "--out", run);
    long stored = 0;
    for (String store : stores(run)) {
      try (Stream<Path> files = Files.walk(run.resolve(store).resolve("c"))) {
        stored += files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
      }
    }
    assertEquals(stored, plan.get("disk_bytes"));
  }

  @Test
  void theKernelCommandsTakeAllOfARun() throws IOException {
    Path run = run("run", "outputs: TRACE by: LAYER");
    commands.done("kernel", "info", run);
    String text = commands.out.toString();
    for (String store : stores(run)) {
      assertTrue(text.contains(store), text);
    }
    assertTrue(text.contains("group_parameters") && text.contains("dense2/bias"), text);
    String refused = commands.refused("kernel", "export", run, folder.resolve("one.npy"));
    assertTrue(refused.contains("holds 6 kernels") && refused.contains("kernel-dense1"), refused);
    commands.done("kernel", "export", run);
    assertEquals(6, commands.out.toString().lines().count());
    assertEquals(TEST, Npy.read(run.resolve("kernel-dense0-test.npy")).length);
    assertTrue(commands.refused("kernel", "export", run).contains("is there already"));
  }

  @Test
  void theSpectrumIsOfTheMatrixThatIsNamed() throws IOException {
    String steps = "outputs: TRACE by: LAYER } } step { spectrum { kernel: \"dense1\" ";
    Path run = run("run", steps);
    double[][] theta = kernel(run, "kernel-dense1");
    double trace = 0;
    for (int i = 0; i < TRAIN; i++) {
      trace += theta[i][i];
    }
    Map<String, Object> found = Commands.metrics(run, "2-spectrum").get(0);
    assertEquals(trace, Commands.number(found, "trace"), 1e-12 * trace);
    assertEquals(TRAIN + 1, Files.readAllLines(run.resolve("eigenvalues.csv")).size());
  }

  @Test
  void theReportDrawsTheFirstMatrices() throws IOException {
    Path run = folder.resolve("run");
    Files.writeString(
        config,
        CONFIG.formatted("outputs: DIAGONAL by: LAYER").replace("plots: false", "plots: true"));
    commands.done("run", config, "--out", run);
    String report = Files.readString(run.resolve("report.html"));
    assertTrue(report.contains("The first 6 of the 9 matrices are drawn."), report);
    assertTrue(report.contains("dense1/kernel, dense1/bias"), report);
    assertTrue(report.contains("kernel-dense2-output2-test.zarr"), report);
    try (Stream<Path> plots = Files.list(run.resolve("plots"))) {
      assertEquals(6, plots.filter(plot -> plot.getFileName().toString().endsWith(".png")).count());
    }
  }

  private void refused(String kernel, String... words) throws IOException {
    Files.writeString(config, CONFIG.formatted(kernel));
    Path run = folder.resolve("refused");
    String message = commands.refused("run", config, "--out", run);
    for (String word : words) {
      assertTrue(message.contains(word), () -> "lacks '" + word + "': " + message);
    }
    assertTrue(Files.notExists(run), kernel);
  }

  @Test
  void whatTheNetworkHasNotIsRefused() throws IOException {
    String step = "step[0].empirical_kernel";
    refused("output: [0, 3]", step + ".output: there is no output 3", "0 to 2");
    refused("outputs: SUM output: 7", step + ".output: there is no output 7");
    refused(
        "group { name: \"a\" parameter: \"dense*\" } group { name: \"b\" parameter: \"conv*\" }",
        step + ".group[1].parameter: no parameter matches \"conv*\"",
        "dense0/kernel",
        "dense2/bias");
  }

  @Test
  void laterStepsSayWhichMatricesThereAre() throws IOException {
    String regression = " } } step { kernel_regression { %s ";
    String spectrum = " } } step { spectrum { %s ";
    for (String next : List.of(regression, spectrum)) {
      String path = next.contains("spectrum") ? "step[1].spectrum" : "step[1].kernel_regression";
      refused(
          "outputs: DIAGONAL" + next.formatted(""),
          path + ".kernel: choose one matrix",
          "output0, output1, output2");
      refused(
          "by: LAYER" + next.formatted("kernel: \"dense7\""),
          path + ".kernel: there is no matrix \"dense7\"",
          "dense0, dense1, dense2");
      refused(next.formatted("kernel: \"head\""), path + ".kernel", "only one, without a name");
    }
    refused("output: [0, 2]" + regression.formatted(""), "2 outputs", "3 classes", "TRACE");
  }
}
