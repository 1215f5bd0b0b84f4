package org.tfjavantk.cli.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.cli.report.PlotWriter;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Step;

/** One run in one directory: the config, what carries out its steps, and how far they are. */
final class RunState {
  private final Run run;
  private final RunDirectory directory;
  private final List<StepRunner> runners = new ArrayList<>();
  private final ProgressDisplay display;
  private final PlotWriter plots;
  private RunProgress progress = new RunProgress(List.of());

  RunState(
      Run run,
      RunDirectory directory,
      Map<Step.KindCase, StepRunner> byKind,
      ProgressDisplay display) {
    this.run = run;
    this.directory = directory;
    this.display = display;
    this.plots = new PlotWriter(directory.path(), run.getOutput().getPlots());
    for (Step step : run.getStepList()) {
      StepRunner runner = byKind.get(step.getKindCase());
      if (runner == null) {
        throw new IllegalStateException(
            "nothing carries out the step " + step.getKindCase().name().toLowerCase(Locale.ROOT));
      }
      runners.add(runner);
    }
  }

  Run run() {
    return run;
  }

  RunDirectory directory() {
    return directory;
  }

  ProgressDisplay display() {
    return display;
  }

  PlotWriter plots() {
    return plots;
  }

  int steps() {
    return runners.size();
  }

  StepRunner runner(int index) {
    return runners.get(index);
  }

  StepContext context(int index) {
    return new StepContext(this, index);
  }

  RunProgress progress() {
    return progress;
  }

  /** Takes over what progress.json says, as {@link #takeUp} does, and writes nothing. */
  void look() throws IOException {
    progress = known();
  }

  /** Takes over what progress.json says of the steps of this run, and writes it for all of them. */
  void takeUp() throws IOException {
    look();
    progress.write(directory.path());
  }

  private RunProgress known() throws IOException {
    RunProgress old = RunProgress.read(directory.path());
    List<StepProgress> steps = new ArrayList<>();
    for (int i = 0; i < runners.size(); i++) {
      String title = runners.get(i).title();
      steps.add(old.started(i) ? old.step(i) : StepProgress.waiting(title));
    }
    return new RunProgress(steps);
  }

  void set(int index, StepProgress step) throws IOException {
    progress = progress.with(index, step);
    progress.write(directory.path());
  }

  /** Enters a file that the step makes. */
  void enter(int index, String file) throws IOException {
    StepProgress step = progress.step(index);
    if (step.state() == StepProgress.State.WAITING) {
      throw new IllegalStateException("step " + index + " makes " + file + " before it starts");
    }
    if (!step.files().contains(file)) {
      set(index, step.with(file));
    }
  }
}
