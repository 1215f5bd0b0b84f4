package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.graphs.UserException;

class SweepExecutorTest {
  private final Fixture fixture = new Fixture();
  @TempDir private Path folder;

  private List<String> table() throws IOException {
    return Files.readAllLines(folder.resolve("s").resolve(RunFiles.SWEEP));
  }

  private void execute(String values) throws IOException {
    fixture.sweeper().execute(Fixture.sweep(values), folder.resolve("s"), false);
  }

  @Test
  void everyRunHasADirectoryAndARow() throws IOException {
    execute("\"1\", \"2\"");
    assertEquals(3, table().size());
    assertTrue(table().get(0).startsWith("seed,Fake train: share_done,"), table().get(0));
    assertTrue(table().get(2).startsWith("2,1.0,"), table().get(2));
    assertTrue(Files.exists(folder.resolve("s/seed=2").resolve(RunFiles.REPORT)));
    String report = Files.readString(folder.resolve("s").resolve(RunFiles.REPORT));
    assertTrue(report.contains("2 of 2 runs are done"));
    assertFalse(report.contains("share done</th>"), "the same for all runs");
    assertTrue(report.contains("href=\"./seed=2/report.html\""));
  }

  @Test
  void aStoppedSweepGoesOnAndMayGrow() throws IOException {
    fixture.kernel().failAfter = 1;
    assertThrows(IOException.class, () -> execute("\"1\", \"2\""));
    execute("\"1\", \"2\", \"3\"");
    assertEquals(List.of("from 0", "from 1", "from 0", "from 0"), fixture.kernel().log);
    assertEquals(4, table().size());
  }

  @Test
  void aSweepAndASingleRunDoNotShareADirectory() throws IOException {
    execute("\"1\"");
    assertThrows(UserException.class, () -> fixture.execute(folder.resolve("s")));
  }

  @Test
  void aRefusedRunStopsTheSweepBeforeItStarts() {
    fixture.spectrum().refuses = true;
    assertThrows(UserException.class, () -> execute("\"1\", \"2\""));
    assertFalse(Files.exists(folder.resolve("s")));
  }

  @Test
  void freshClearsTheRunsOfTheSweepToo() throws IOException {
    execute("\"1\", \"2\"");
    Files.writeString(folder.resolve("s/seed=2/note.txt"), "mine");
    fixture.sweeper().execute(Fixture.sweep("\"3\""), folder.resolve("s"), true);
    assertFalse(Files.exists(folder.resolve("s/seed=1")));
    try (var left = Files.list(folder.resolve("s/seed=2"))) {
      assertEquals(List.of("note.txt"), left.map(file -> file.getFileName().toString()).toList());
    }
    assertEquals(2, table().size());
  }

  private static final String NETWORKS =
      "sweep { axis { network { lenet {} } network { resnet9 { width: 8 } } } }";

  private void study(String more) throws IOException {
    fixture.sweeper().execute(Fixture.with(more), folder.resolve("s"), false);
  }

  @Test
  void everyNetworkAndRepeatHasADirectoryAndARow() throws IOException {
    study("repeats: 2 " + NETWORKS);
    List<String> rows = table();
    assertEquals(5, rows.size());
    assertTrue(rows.get(0).startsWith("network,repeat,Fake train: share_done,"), rows.get(0));
    assertTrue(rows.get(2).startsWith("lenet,2,1.0,"), rows.get(2));
    assertTrue(rows.get(3).startsWith("resnet9 width=8,1,1.0,"), rows.get(3));
    assertTrue(
        Files.exists(folder.resolve("s/network=resnet9_width=8,repeat=2").resolve("report.html")));
    List<String> means = Files.readAllLines(folder.resolve("s").resolve(RunFiles.REPEATS));
    assertEquals(3, means.size());
    assertTrue(
        means
            .get(0)
            .startsWith(
                "network,repeats,Fake train: share_done mean,Fake train: share_done standard_error,"),
        means.get(0));
    assertTrue(means.get(2).startsWith("resnet9 width=8,2,1.0,0.0,"), means.get(2));
    String report = Files.readString(folder.resolve("s").resolve(RunFiles.REPORT));
    assertTrue(report.contains("4 of 4 runs are done"));
    assertTrue(report.contains("standard error"));
  }

  @Test
  void repeatsMayGrowAndNothingIsDoneTwice() throws IOException {
    study("repeats: 2");
    int before = fixture.train().log.size();
    study("repeats: 3 ");
    assertEquals(2, before);
    assertEquals(3, fixture.train().log.size());
    assertEquals(4, table().size());
    assertTrue(table().get(0).startsWith("repeat,"), table().get(0));
  }

  @Test
  void aStoppedStudyGoesOn() throws IOException {
    fixture.kernel().failAfter = 1;
    assertThrows(IOException.class, () -> study("repeats: 2 " + NETWORKS));
    study("repeats: 2 " + NETWORKS);
    assertEquals(List.of("from 0", "from 1", "from 0", "from 0", "from 0"), fixture.kernel().log);
  }

  @Test
  void repeatsAndASingleRunDoNotShareADirectory() throws IOException {
    fixture.execute(folder.resolve("s"));
    UserException e = assertThrows(UserException.class, () -> study("repeats: 2"));
    assertTrue(
        e.getMessage().contains("holds a single run, and this is a repeated run"), e.getMessage());
  }

  /** The examples of a run in its directory are part of its config. */
  @Test
  void anotherDrawIsRefused() throws IOException {
    study("repeats: 2");
    UserException e =
        assertThrows(
            UserException.class,
            () ->
                fixture
                    .sweeper()
                    .execute(
                        Fixture.config("repeats=2", "dataset.draw=STRATIFIED"),
                        folder.resolve("s"),
                        false));
    assertTrue(e.getMessage().contains("dataset.draw: FIRST -> STRATIFIED"), e.getMessage());
  }

  @Test
  void freshClearsTheMeansToo() throws IOException {
    study("repeats: 2");
    fixture.sweeper().execute(Fixture.sweep("\"3\""), folder.resolve("s"), true);
    assertFalse(Files.exists(folder.resolve("s").resolve(RunFiles.REPEATS)));
    assertFalse(Files.exists(folder.resolve("s/repeat=1")));
  }
}
