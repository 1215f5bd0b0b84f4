package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.report.PlotWriter;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Step;

/** What a step can see and use. */
public final class StepContext {
  private final RunState state;
  private final int index;

  StepContext(RunState state, int index) {
    this.state = state;
    this.index = index;
  }

  /** The whole config, every default written out. */
  public Run run() {
    return state.run();
  }

  /** The step's own part of the config. */
  public Step step() {
    return run().getStep(index);
  }

  /** The place of the step in the config, from 0: {@code step[index]}. */
  public int index() {
    return index;
  }

  /** The kind of step, "train". */
  public String title() {
    return state.runner(index).title();
  }

  /** The step's name in files, "1-train"; steps are counted from 1. */
  public String label() {
    return index + 1 + "-" + title();
  }

  /** Where the run works. While steps are prepared it may not be there. */
  public RunDirectory directory() {
    return state.directory();
  }

  /**
   * The place of a file or folder that this step makes, relative to the run directory. It is
   * entered in progress.json first, so that it can be deleted when the step must start from
   * nothing. What lies there without being entered is of nobody knows which config, and is deleted.
   *
   * @throws IOException when progress.json cannot be written
   */
  public Path makes(String name) throws IOException {
    Path file = state.directory().inside(name);
    if (!state.progress().step(index).files().contains(name)) {
      AtomicFiles.delete(file);
    }
    state.enter(index, name);
    return file;
  }

  /** The hash of what this step consumed when it was last started; empty if it never was. */
  public String consumed() {
    return state.progress().step(index).consumed();
  }

  /** The last step of a kind before this one. */
  public Optional<StepContext> earlier(Step.KindCase kind) {
    return earlier(step -> step.getKindCase() == kind);
  }

  /** The last step of some kinds before this one. */
  public Optional<StepContext> earlier(Predicate<Step> kinds) {
    for (int before = index - 1; before >= 0; before--) {
      if (kinds.test(run().getStep(before))) {
        return Optional.of(new StepContext(state, before));
      }
    }
    return Optional.empty();
  }

  /** Where the step says how far it is. */
  public Progress progress() {
    return state.display();
  }

  /** The measurements of this step. */
  public Metrics metrics() {
    return new Metrics(state.directory().path(), label());
  }

  /** Writes plots, or none where the config says so. */
  public PlotWriter plots() {
    return state.plots();
  }

  /**
   * Writes what the step has to say in the report.
   *
   * @throws IOException when the file cannot be written
   */
  public void report(ReportSection section) throws IOException {
    ReportSection whole = plots().unable() ? section.warning(PlotWriter.NO_FONTS) : section;
    whole.write(sectionFile());
  }

  Path sectionFile() {
    return state.directory().resolve(RunFiles.SECTIONS).resolve(label() + ".json");
  }
}
