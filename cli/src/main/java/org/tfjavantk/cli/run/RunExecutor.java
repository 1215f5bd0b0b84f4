package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.cli.report.HtmlReport;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.config.ConfigText;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.graphs.UserException;

/**
 * Carries out a run: its steps in order, each skipped if it was done before and what it consumes
 * has not changed. All that can be checked is checked before anything is written.
 */
public final class RunExecutor {
  private static final int MOST_FIGURES = 3;

  private final Map<Step.KindCase, StepRunner> runners;
  private final List<RunCheck> checks;
  private final Function<Run, Environment> environment;
  private final ProgressDisplay display;

  /**
   * @param runners what carries out each kind of step
   * @param checks what must hold before a run starts
   * @param environment describes this machine for a run
   * @param display shows how far the run is
   */
  public RunExecutor(
      Map<Step.KindCase, StepRunner> runners,
      List<RunCheck> checks,
      Function<Run, Environment> environment,
      ProgressDisplay display) {
    this.runners = Map.copyOf(runners);
    this.checks = List.copyOf(checks);
    this.environment = environment;
    this.display = display;
  }

  /**
   * Checks all that a run checks before it starts, and changes nothing.
   *
   * @param run with every default written out and without a sweep
   * @param fresh whether old results in the directory would be deleted, so may be of another config
   * @throws UserException when the run would be refused
   * @throws IOException when something cannot be read
   */
  public void check(Run run, Path directory, boolean fresh) throws IOException {
    check(state(run, RunDirectory.at(directory)), fresh);
  }

  /** The steps of a run as their runners see them, in order. */
  public List<StepContext> steps(Run run, Path directory) {
    RunState state = state(run, RunDirectory.at(directory));
    return IntStream.range(0, state.steps()).mapToObj(state::context).toList();
  }

  /**
   * Carries out a run, or what is left of it.
   *
   * @param run with every default written out and without a sweep
   * @param directory is made where it is missing
   * @param fresh whether old results in the directory are deleted first
   * @return the report
   * @throws UserException when the config, the data or the directory is wrong
   * @throws IOException when a file cannot be read or written
   */
  public Path execute(Run run, Path directory, boolean fresh) throws IOException {
    RunState state = state(run, RunDirectory.at(directory));
    check(state, fresh);
    return state.directory().whileLocked(() -> locked(state, fresh));
  }

  private Path locked(RunState state, boolean fresh) throws IOException {
    Path directory = state.directory().path();
    Run run = state.run();
    if (fresh) {
      state.directory().clear();
    } else {
      // Another run may have worked here since the check.
      checkResume(state);
    }
    begin(state);
    try {
      for (int i = 0; i < state.steps(); i++) {
        step(state, i);
      }
    } catch (IOException | RuntimeException | Error e) {
      display.erase();
      reportWhatThereIs(run, directory, e);
      throw e;
    }
    return HtmlReport.write(directory, run.getName());
  }

  /** Writes what stands at the start of a run, and takes over how far it is. */
  void begin(RunState state) throws IOException {
    Path directory = state.directory().path();
    AtomicFiles.write(directory.resolve(RunFiles.CONFIG), ConfigText.print(state.run()));
    environment.apply(state.run()).write(directory);
    Metrics.repair(directory);
    state.takeUp();
  }

  RunState state(Run run, RunDirectory directory) {
    return new RunState(run, directory, runners, display);
  }

  void check(RunState state, boolean fresh) throws IOException {
    state.directory().checkUsable();
    if (!fresh) {
      checkResume(state);
    }
    for (RunCheck check : checks) {
      check.check(state.run());
    }
    for (int i = 0; i < state.steps(); i++) {
      state.runner(i).prepare(state.context(i));
    }
  }

  static void checkResume(RunState state) throws IOException {
    Path path = state.directory().path();
    RunProgress progress = RunProgress.read(path);
    state
        .directory()
        .config()
        .ifPresent(before -> ResumeRule.check(path, before, state.run(), progress));
  }

  String label(RunState state, int index) {
    return "[" + (index + 1) + "/" + state.steps() + "] " + state.runner(index).title();
  }

  /**
   * Refuses to go on with a step that consumed something else than it would now.
   *
   * @param hash of what it would consume
   */
  static void checkConsumed(RunState state, int index, String hash) {
    String before = state.progress().step(index).consumed();
    if (!before.isEmpty() && !before.equals(hash)) {
      throw new UserException(
          state.directory().path()
              + ": "
              + state.context(index).label()
              + " was computed from other examples or other results of an earlier step than there"
              + " are now, so its results would be wrong."
              + ResumeRule.ADVICE);
    }
  }

  /** Does a step, unless it was done before. */
  void step(RunState state, int index) throws IOException {
    StepRunner runner = state.runner(index);
    StepContext context = state.context(index);
    String label = label(state, index);
    String hash = runner.consumes(context);
    StepProgress before = state.progress().step(index);
    checkConsumed(state, index, hash);
    if (before.state() == StepProgress.State.DONE) {
      if (whole(state, index)) {
        display.stepEnded(
            label, "done before (" + Numbers.duration(before.seconds()) + ")" + found(context));
        return;
      }
      display.message(label + ": its files are damaged or missing; repairing them");
    }
    state.set(index, state.progress().step(index).started(hash));
    display.stepStarted(label);
    long begun = System.nanoTime();
    try {
      runner.run(context);
    } catch (IOException | RuntimeException | Error e) {
      noteTime(state, index, begun, e);
      throw e;
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    state.set(index, state.progress().step(index).worked(seconds, PeakMemory.bytes()).done());
    display.stepEnded(label, "done in " + Numbers.duration(seconds) + found(context));
    for (String warning : section(context).warnings()) {
      display.message(label + ": " + warning);
    }
  }

  private static ReportSection section(StepContext context) throws IOException {
    Path file = context.sectionFile();
    return Files.exists(file) ? ReportSection.read(file) : ReportSection.titled("");
  }

  /** The first figures that the step has for the report, for the line that ends it. */
  private static String found(StepContext context) throws IOException {
    String figures =
        section(context).figures().stream()
            .limit(MOST_FIGURES)
            .map(figure -> figure.name().replace('_', ' ') + " " + figure.text())
            .collect(Collectors.joining(", "));
    return figures.isEmpty() ? "" : "; " + figures;
  }

  /** Whether a finished step's files are all there and not damaged. */
  static boolean whole(RunState state, int index) throws IOException {
    return allThere(state, index) && state.runner(index).intact(state.context(index));
  }

  /** Whether no file of a finished step was deleted. */
  private static boolean allThere(RunState state, int index) {
    return Files.exists(state.context(index).sectionFile())
        && state.progress().step(index).files().stream()
            .map(state.directory()::inside)
            .allMatch(Files::exists);
  }

  /** Enters the time of an attempt that failed; the failure itself matters more than its time. */
  private static void noteTime(RunState state, int index, long begun, Throwable failure) {
    double seconds = (System.nanoTime() - begun) / 1e9;
    try {
      state.set(index, state.progress().step(index).worked(seconds, PeakMemory.bytes()));
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private static void reportWhatThereIs(Run run, Path directory, Throwable failure) {
    try {
      HtmlReport.write(directory, run.getName());
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
