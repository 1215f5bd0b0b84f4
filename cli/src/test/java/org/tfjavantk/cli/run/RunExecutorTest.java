package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.cli.files.StepProgress.State;
import org.tfjavantk.config.ConfigReader;
import org.tfjavantk.graphs.UserException;

class RunExecutorTest {
  private final Fixture fixture = new Fixture();
  private Path directory;

  @BeforeEach
  void place(@TempDir Path folder) {
    directory = folder.resolve("runs/fake");
  }

  private List<State> states() throws IOException {
    return RunProgress.read(directory).steps().stream().map(StepProgress::state).toList();
  }

  private String refusal(String... overrides) {
    return assertThrows(UserException.class, () -> fixture.execute(directory, overrides))
        .getMessage();
  }

  private void failInKernel() throws IOException {
    fixture.kernel().failAfter = 2;
    IOException failure = assertThrows(IOException.class, () -> fixture.execute(directory));
    assertEquals("the disk is on fire", failure.getMessage());
  }

  @Test
  void aRunLeavesItsFiles() throws IOException {
    Path report = fixture.execute(directory);
    assertEquals(directory.resolve(RunFiles.REPORT), report);
    assertEquals(
        Fixture.config(), ConfigReader.read(directory.resolve(RunFiles.CONFIG), List.of()));
    assertEquals(List.of(State.DONE, State.DONE, State.DONE), states());
    assertEquals("7", Json.read(directory.resolve(RunFiles.ENVIRONMENT), Environment.class).seed());
    assertEquals(9, Files.readAllLines(directory.resolve(RunFiles.METRICS)).size());
    assertEquals("made/2-empirical_kernel.txt", RunProgress.read(directory).step(1).files().get(0));
    assertTrue(fixture.shown.toString().contains("[2/3] empirical_kernel: done in "));
    assertTrue(fixture.shown.toString().contains("; share done 100.00%"), "what came out");
  }

  @Test
  void aSecondRunDoesNothingAndSaysSo() throws IOException {
    fixture.execute(directory);
    fixture.execute(directory);
    for (FakeStep step : fixture.steps.values()) {
      assertEquals(List.of("from 0"), step.log);
    }
    assertTrue(fixture.shown.toString().contains("[1/3] train: done before"));
    Environment environment = Json.read(directory.resolve(RunFiles.ENVIRONMENT), Environment.class);
    assertEquals(1, environment.resumed().size());
  }

  @Test
  void aFailedStepGoesOnFromItsFiles() throws IOException {
    failInKernel();
    assertEquals(List.of(State.DONE, State.STARTED, State.WAITING), states());
    assertTrue(Files.readString(directory.resolve(RunFiles.REPORT)).contains("1 of 3 steps done"));
    fixture.execute(directory);
    assertEquals(List.of("from 0", "from 2"), fixture.kernel().log);
    assertEquals(List.of("from 0"), fixture.train().log);
    double[] pieces = new Metrics(directory, "2-empirical_kernel").column("piece");
    assertEquals(List.of(1.0, 2.0, 3.0), java.util.Arrays.stream(pieces).boxed().toList());
    assertEquals(2, RunProgress.read(directory).step(1).attempts());
  }

  @Test
  void aDamagedFileIsRepaired() throws IOException {
    fixture.execute(directory);
    Files.writeString(directory.resolve("made/2-empirical_kernel.txt"), "1");
    fixture.execute(directory);
    assertEquals(List.of("from 0", "from 1"), fixture.kernel().log);
    assertEquals(List.of("from 0"), fixture.spectrum().log);
    assertTrue(fixture.shown.toString().contains("damaged or missing; repairing"));
  }

  @Test
  void aStepThatWouldReadSomethingElseIsRefused() throws IOException {
    failInKernel();
    fixture.kernel().outside = "changed";
    UserException e = assertThrows(UserException.class, () -> fixture.execute(directory));
    assertTrue(e.getMessage().contains("2-empirical_kernel"), e.getMessage());
    assertTrue(e.getMessage().contains("--fresh"), e.getMessage());
    fixture.kernel().outside = "";
    fixture.execute(directory);
    assertEquals(3, new Metrics(directory, "2-empirical_kernel").rows().size());
  }

  @Test
  void deletedFilesAreMadeAgain() throws IOException {
    fixture.execute(directory);
    Files.delete(directory.resolve("made/3-spectrum.txt"));
    fixture.execute(directory);
    assertEquals(List.of("from 0", "from 0"), fixture.spectrum().log);
    Files.delete(directory.resolve("sections/3-spectrum.json"));
    fixture.execute(directory);
    assertEquals(List.of("from 0", "from 0", "from 3"), fixture.spectrum().log);
    assertEquals(List.of("from 0"), fixture.kernel().log);
  }

  @Test
  void withoutProgressNothingThatLiesThereIsTrusted() throws IOException {
    fixture.execute(directory);
    Files.delete(directory.resolve(RunFiles.PROGRESS));
    fixture.execute(directory, "seed=8");
    for (FakeStep step : fixture.steps.values()) {
      assertEquals(List.of("from 0", "from 0"), step.log);
    }
  }

  @Test
  void aChangedConfigIsRefusedWithTheDifference() throws IOException {
    fixture.execute(directory);
    byte[] before = Files.readAllBytes(directory.resolve(RunFiles.CONFIG));
    assertTrue(refusal("seed=8").contains("  seed: 7 -> 8\n"));
    String message = refusal("step[0].train.epochs=3");
    assertTrue(message.contains("  step[0].train.epochs: 2 -> 3\n"), message);
    assertTrue(message.contains("--fresh") && message.contains("--out"), message);
    assertTrue(refusal("device.threads=1").contains("device.threads: 0 -> 1"));
    assertTrue(refusal("dataset.train=21").contains("dataset.train: 20 -> 21"));
    assertTrue(refusal("network.two_layer.width=9").contains("network.two_layer.width: 8 -> 9"));
    assertEquals(
        new String(before), Files.readString(directory.resolve(RunFiles.CONFIG)), "untouched");
  }

  @Test
  void neutralFieldsAndStepsThatWereNotStartedMayChange() throws IOException {
    failInKernel();
    assertTrue(refusal("step[1].empirical_kernel.examples=5").contains("step[1]"));
    String more =
        Fixture.CONFIG.replace("step { spectrum {} }", "") + "step { empirical_kernel {} }";
    var run =
        org.tfjavantk.config.Defaults.resolve(
            ConfigReader.parse("fake.textproto", more, List.of("output.plots=false")));
    fixture.executor().execute(run, directory, false);
    assertEquals(List.of("from 0"), fixture.train().log);
    assertEquals(List.of("from 0", "from 2", "from 0"), fixture.kernel().log);
    assertTrue(fixture.spectrum().log.isEmpty());
  }

  @Test
  void aRefusedRunLeavesNothing() {
    fixture.spectrum().refuses = true;
    assertEquals("spectrum: refused", refusal());
    assertFalse(Files.exists(directory.getParent()));
  }

  @Test
  void aCheckWritesNothing() throws IOException {
    fixture.executor().check(Fixture.config(), directory, false);
    assertFalse(Files.exists(directory.getParent()));
  }

  @Test
  void freshDeletesWhatRunsMadeAndNothingElse() throws IOException {
    failInKernel();
    Path note = directory.resolve("made/my-notes.txt");
    Files.writeString(note, "mine");
    fixture.executor().execute(Fixture.config("seed=8"), directory, true);
    assertEquals(List.of("from 0", "from 0"), fixture.kernel().log);
    assertEquals("mine", Files.readString(note));
    assertEquals(1, RunProgress.read(directory).step(1).attempts());
    Environment environment = Json.read(directory.resolve(RunFiles.ENVIRONMENT), Environment.class);
    assertEquals(List.of(), environment.resumed());
  }

  @Test
  void aFolderOfSomebodyElseIsRefusedFreshOrNot() throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("thesis.tex"), "years of work");
    assertTrue(refusal().contains("thesis.tex"));
    assertThrows(
        UserException.class, () -> fixture.executor().execute(Fixture.config(), directory, true));
    try (var files = Files.list(directory)) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void aFileInThePlaceOfTheDirectoryIsRefused() throws IOException {
    Files.createDirectories(directory.getParent().getParent());
    Files.writeString(directory.getParent(), "");
    assertTrue(refusal().contains("is a file"));
  }

  @Test
  void aLockedDirectoryIsRefused() throws IOException {
    String message = RunDirectory.at(directory).whileLocked(() -> refusal());
    assertTrue(message.contains("another run is working"), message);
    fixture.execute(directory);
  }

  @Test
  void progressThatLeadsOutOfTheDirectoryIsRefused() throws IOException {
    fixture.execute(directory);
    Path outside = directory.resolveSibling("outside.txt");
    Files.writeString(outside, "stays");
    Path progress = directory.resolve(RunFiles.PROGRESS);
    Files.writeString(
        progress, Files.readString(progress).replace("made/1-train.txt", "../outside.txt"));
    assertThrows(
        UserException.class, () -> fixture.executor().execute(Fixture.config(), directory, true));
    assertTrue(Files.exists(outside));
  }

  @Test
  void aDamagedProgressFileIsNamed() throws IOException {
    fixture.execute(directory);
    Files.writeString(directory.resolve(RunFiles.PROGRESS), "{\"steps\": [");
    assertTrue(refusal().startsWith(directory.resolve(RunFiles.PROGRESS).toString()));
  }
}
