package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One run computed by several processes in one directory. */
class ShardTest {
  private static final String CONFIG =
      """
      name: "shared"
      output { plots: false }
      seed: 5
      dataset { gaussian_mixture { dimension: 6 classes: 3 } train: 45 validation: 6 test: 9 }
      network { two_layer { width: 12 } }
      step { train { epochs: 2 batch_size: 8 sgd {} } }
      step { empirical_kernel { examples: 23 tile: 4 storage: STORE_BFLOAT16 } }
      step { kernel_regression { ridge { values: [0.1, 1, 10] } } }
      step { spectrum {} }
      """;

  /** 21 tiles of train x train, 12 of validation x train, 18 of test x train. */
  private static final int TILES = 51;

  private static final String NEVER = "these words are not shown";

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;
  private Path run;

  @BeforeEach
  void writeConfig() throws IOException {
    config = folder.resolve("shared.textproto");
    run = folder.resolve("run");
    Files.writeString(config, CONFIG);
  }

  private Process start(String words, String shard) throws IOException {
    return ResumeTest.start(
        words, "run", config.toString(), "--out", run.toString(), "--shard", shard);
  }

  private void shard(String shard) {
    commands.done("run", config, "--out", run, "--shard", shard);
  }

  private int tiles() {
    return ResumeTest.chunks(Commands.contents(run)).size();
  }

  private void endsInTheBytesOfOneProcess() {
    commands.done("run", config, "--out", run);
    Map<String, String> found = Commands.contents(run);
    Path alone = folder.resolve("alone");
    commands.done("run", config, "--out", alone);
    Map<String, String> expected = Commands.contents(alone);
    assertEquals(TILES, ResumeTest.chunks(expected).size());
    assertEquals(ResumeTest.chunks(expected), ResumeTest.chunks(found));
    for (String file : List.of("regression.csv", "predictions.npy", "eigenvalues.csv")) {
      assertEquals(expected.get(file), found.get(file), file);
    }
    assertEquals(expected.keySet(), found.keySet(), "nothing is left over");
  }

  private double computedByTheLast() throws IOException {
    List<Map<String, Object>> lines = Commands.metrics(run, "2-empirical_kernel");
    assertEquals(1, lines.size());
    return Commands.number(lines.get(0), "tiles_computed");
  }

  /** The first two start from nothing at the same time: one trains, the other waits for it. */
  @Test
  void threeShardsAndOneToEndThem() throws IOException, InterruptedException {
    Process third = start(NEVER, "3/3");
    Process second = start(NEVER, "2/3");
    assertEquals(0, third.waitFor());
    assertEquals(0, second.waitFor());
    assertEquals(34, tiles());
    shard("1/3");
    assertTrue(commands.out.toString().contains("its 17 tiles are done"), commands.out::toString);
    assertTrue(commands.out.toString().contains("none is missing"), commands.out::toString);
    assertEquals(TILES, tiles());
    assertTrue(Files.notExists(run.resolve("regression.csv")), "shards do no later step");
    endsInTheBytesOfOneProcess();
    assertEquals(0, computedByTheLast());
  }

  @Test
  void whatAKilledShardLeavesIsFinished() throws IOException, InterruptedException {
    assertEquals(ResumeTest.KILLED, start(" 5/25 tiles", "1/2").waitFor());
    assertEquals(5, tiles());
    shard("2/2");
    assertTrue(
        commands.out.toString().contains("its 26 tiles are done; of all 51 tiles 20 are missing"),
        commands.out::toString);
    endsInTheBytesOfOneProcess();
    assertEquals(20, computedByTheLast());
  }

  @Test
  void aKilledShardGoesOnAndOneShardIsAll() throws IOException, InterruptedException {
    assertEquals(ResumeTest.KILLED, start(" 50/51 tiles", "1/1").waitFor());
    Map<String, String> before = ResumeTest.chunks(Commands.snapshot(run));
    shard("1/1");
    Map<String, String> after = ResumeTest.chunks(Commands.snapshot(run));
    before.forEach((file, written) -> assertEquals(written, after.get(file), file));
    assertEquals(TILES, tiles());
    commands.done("run", config, "--out", run);
    shard("1/1");
    assertEquals(after, ResumeTest.chunks(Commands.snapshot(run)), "nothing is left to do");
    assertEquals(0, computedByTheLast());
  }

  @Test
  void moreShardsThanTilesLeaveSomeWithNothing() throws IOException {
    Files.writeString(
        config,
        CONFIG
            .replaceFirst("step \\{ train.*\n", "")
            .replace("tile: 4", "tile: 23")
            .replace("validation: 6 ", ""));
    for (String shard : List.of("1/3", "2/3", "3/3")) {
      shard(shard);
    }
    assertTrue(commands.out.toString().contains("none is missing"), commands.out::toString);
    assertEquals(2, tiles());
  }

  @Test
  void whatCannotBeSharedIsRefused() throws IOException {
    for (String shard :
        List.of("0/3", "4/3", "3", "1/0", "-1/2", "a/b", "1/2/3", "99999999999/2")) {
      String message = commands.refused("run", config, "--out", run, "--shard=" + shard);
      assertTrue(message.contains("--shard " + shard) && message.contains("i/N"), message);
    }
    String fresh = commands.refused("run", config, "--out", run, "--shard", "1/2", "--fresh");
    assertTrue(fresh.contains("--fresh"), fresh);
    Files.writeString(config, CONFIG + "sweep { axis { field: \"seed\" values: [\"1\", \"2\"] } }");
    String sweep = commands.refused("run", config, "--out", run, "--shard", "1/2");
    assertTrue(sweep.contains("sweep"), sweep);
    Files.writeString(config, CONFIG + "repeats: 2");
    String repeats = commands.refused("run", config, "--out", run, "--shard", "1/2");
    assertTrue(repeats.contains("repeats=1"), repeats);
    Files.writeString(config, CONFIG.substring(0, CONFIG.indexOf("step { empirical_kernel")));
    String none = commands.refused("run", config, "--out", run, "--shard", "1/2");
    assertTrue(none.contains("no step empirical_kernel"), none);
    assertTrue(Files.notExists(run));
  }

  @Test
  void anotherConfigIsRefused() {
    shard("1/2");
    Map<String, String> before = Commands.contents(run);
    String message =
        commands.refused("run", config, "--out", run, "--shard", "2/2", "--set", "seed=6");
    assertTrue(message.contains("seed: 5 -> 6"), message);
    assertEquals(before, Commands.contents(run));
  }
}
