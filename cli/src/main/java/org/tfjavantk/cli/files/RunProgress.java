package org.tfjavantk.cli.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** progress.json: how far the steps of a run are, in their order. */
public record RunProgress(List<StepProgress> steps) {
  public RunProgress {
    steps = steps == null ? List.of() : List.copyOf(steps);
  }

  /**
   * Reads the file in {@code directory}; no steps where there is none.
   *
   * @throws IOException when it cannot be read
   */
  public static RunProgress read(Path directory) throws IOException {
    Path file = directory.resolve(RunFiles.PROGRESS);
    return Files.exists(file) ? Json.read(file, RunProgress.class) : new RunProgress(List.of());
  }

  /**
   * Writes the file in {@code directory}.
   *
   * @throws IOException when it cannot be written
   */
  public void write(Path directory) throws IOException {
    AtomicFiles.write(directory.resolve(RunFiles.PROGRESS), Json.pretty(this));
  }

  /** The step at {@code index}, counted from 0; waiting where the file has none. */
  public StepProgress step(int index) {
    return index < steps.size() ? steps.get(index) : StepProgress.waiting("");
  }

  /** Whether the step at {@code index}, counted from 0, was ever started. */
  public boolean started(int index) {
    return step(index).state() != StepProgress.State.WAITING;
  }

  /** Whether any step was ever started. */
  public boolean started() {
    return steps.stream().anyMatch(step -> step.state() != StepProgress.State.WAITING);
  }

  /** This progress with another entry at {@code index}. */
  public RunProgress with(int index, StepProgress step) {
    List<StepProgress> changed = new ArrayList<>(steps);
    changed.set(index, step);
    return new RunProgress(changed);
  }
}
