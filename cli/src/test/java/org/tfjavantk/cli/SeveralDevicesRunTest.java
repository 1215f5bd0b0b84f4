package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose kernels several devices compute: of the CPU as many as are listed. */
class SeveralDevicesRunTest {
  private static final String CONFIG =
      """
      name: "devices"
      device { kind: CPU }
      output { plots: false }
      seed: 5
      dataset { stroke_digits {} train: 19 test: 5 preprocess { resize: 16 } }
      network { lenet {} }
      step { train { epochs: 1 batch_size: 8 sgd {} } }
      step { empirical_kernel { tile: 4 } }
      step { kernel_regression { ridge { values: [0.1, 1, 10] } } }
      """;

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config = folder.resolve("devices.textproto");
    Files.writeString(config, CONFIG);
  }

  private Map<String, String> chunks(Path run) {
    return ResumeTest.chunks(Commands.contents(run));
  }

  private double computed(Path run) throws IOException {
    var lines = Commands.metrics(run, "2-empirical_kernel");
    return Commands.number(lines.get(lines.size() - 1), "tiles_computed");
  }

  @Test
  void twoDevicesAndShardsOfThemLeaveTheBytesOfOne() throws IOException {
    Path first = folder.resolve("first");
    commands.done("run", config, "--out", first);
    // 15 tiles of train x train, 10 of test x train.
    assertEquals(25, chunks(first).size());
    for (String index : new String[] {"[0]", "[0, 1]", "[1, 0, 2]"}) {
      Path run = folder.resolve("with" + index.replaceAll("\\W", ""));
      commands.done("run", config, "--out", run, "--set", "device.index=" + index);
      assertEquals(25, computed(run));
      assertEquals(chunks(first), chunks(run), index);
    }
    Path shared = folder.resolve("shared");
    for (String shard : new String[] {"3/3", "1/3", "2/3"}) {
      commands.done(
          "run", config, "--out", shared, "--set", "device.index=[0, 1]", "--shard", shard);
    }
    assertEquals(chunks(first), chunks(shared));
  }

  @Test
  void aKilledRunGoesOnWithAnotherNumberOfDevices() throws IOException, InterruptedException {
    Path killed = folder.resolve("killed");
    int status =
        ResumeTest.start(
                " 9/25 tiles",
                "run",
                config.toString(),
                "--out",
                killed.toString(),
                "--set",
                "device.index=[0, 1]")
            .waitFor();
    assertEquals(ResumeTest.KILLED, status);
    int there = chunks(killed).size();
    assertTrue(there == 9 || there == 10, () -> there + " tiles");
    commands.done("run", config, "--out", killed);
    assertEquals(25 - there, computed(killed));
    Path whole = folder.resolve("whole");
    commands.done("run", config, "--out", whole);
    assertEquals(chunks(whole), chunks(killed));
  }

  @Test
  void whatIsDoneStaysDoneWithMoreDevices() throws IOException {
    Path run = folder.resolve("run");
    commands.done("run", config, "--out", run);
    Map<String, String> before = ResumeTest.chunks(Commands.snapshot(run));
    commands.done("run", config, "--out", run, "--set", "device.index=[0, 1]");
    assertEquals(before, ResumeTest.chunks(Commands.snapshot(run)));
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    Path run = folder.resolve("run");
    String message = commands.refused("run", config, "--out", run, "--set", "device.index=[0, 3]");
    assertTrue(message.contains("there is no CPU:3"), message);
    assertTrue(message.contains("2 devices"), message);
    String twice = commands.refused("run", config, "--out", run, "--set", "device.index=[1, 1]");
    assertTrue(twice.contains("device.index[1]"), twice);
    assertTrue(Files.notExists(run));
  }
}
