package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.cli.report.HtmlReport;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.config.ConfigText;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.Sweeps;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/**
 * Carries out a sweep, or the repeats of a run: each run in a directory of its own, {@code
 * <dir>/<label>}, and a {@link SweepTable} of what they found.
 */
public final class SweepExecutor {
  private final RunExecutor executor;
  private final Function<Run, Environment> environment;
  private final ProgressDisplay display;

  /**
   * @param executor carries out each run
   * @param environment describes this machine for a run
   * @param display shows how far the sweep is
   */
  public SweepExecutor(
      RunExecutor executor, Function<Run, Environment> environment, ProgressDisplay display) {
    this.executor = executor;
    this.environment = environment;
    this.display = display;
  }

  /**
   * Checks the sweep and all its runs, and changes nothing.
   *
   * @throws UserException when a run would be refused
   * @throws IOException when something cannot be read
   */
  public void check(Run run, Path directory, boolean fresh) throws IOException {
    RunDirectory sweep = RunDirectory.at(directory);
    sweep.checkUsable();
    if (!fresh) {
      checkResume(sweep, run);
    }
    for (Sweeps.Variant variant : Sweeps.expand(run)) {
      executor.check(Defaults.resolve(variant.run()), directory.resolve(variant.label()), fresh);
    }
  }

  /**
   * Carries out the runs of a sweep that are not done.
   *
   * @param run with every default written out
   * @return the report
   * @throws UserException when the config, the data or a directory is wrong
   * @throws IOException when a file cannot be read or written
   */
  public Path execute(Run run, Path directory, boolean fresh) throws IOException {
    check(run, directory, fresh);
    RunDirectory sweep = RunDirectory.at(directory);
    return sweep.whileLocked(() -> locked(run, sweep, fresh));
  }

  private Path locked(Run run, RunDirectory sweep, boolean fresh) throws IOException {
    Path directory = sweep.path();
    List<Sweeps.Variant> variants = Sweeps.expand(run);
    if (fresh) {
      sweep.clear();
    } else {
      checkResume(sweep, run);
    }
    AtomicFiles.write(directory.resolve(RunFiles.CONFIG), ConfigText.print(run));
    environment.apply(run).write(directory);
    RunProgress progress = takenUp(directory, variants);
    for (int i = 0; i < variants.size(); i++) {
      Sweeps.Variant variant = variants.get(i);
      display.message("run " + (i + 1) + " of " + variants.size() + ": " + variant.label());
      progress = progress.with(i, progress.step(i).started(""));
      progress.write(directory);
      Path place = directory.resolve(variant.label());
      executor.execute(Defaults.resolve(variant.run()), place, false);
      progress = progress.with(i, finished(variant.label(), progress.step(i), place));
      progress.write(directory);
      collect(run, directory, variants);
    }
    return HtmlReport.write(directory, run.getName());
  }

  private static void collect(Run run, Path directory, List<Sweeps.Variant> variants)
      throws IOException {
    Map<Sweeps.Variant, Map<String, ReportSection.Figure>> found = new LinkedHashMap<>();
    for (Sweeps.Variant variant : variants) {
      Path place = directory.resolve(variant.label());
      if (Files.exists(place.resolve(RunFiles.REPORT))) {
        found.put(variant, figures(place));
      }
    }
    new SweepTable(variants.get(0).values().keySet(), run.getRepeats() > 1, found)
        .write(directory, variants.size());
    HtmlReport.write(directory, run.getName());
  }

  /** The figures of a run by "section: figure"; a section that comes twice is counted. */
  private static Map<String, ReportSection.Figure> figures(Path place) throws IOException {
    Map<String, ReportSection.Figure> figures = new LinkedHashMap<>();
    double seconds = 0;
    for (StepProgress step : RunProgress.read(place).steps()) {
      seconds += step.seconds();
    }
    Map<String, Integer> seen = new LinkedHashMap<>();
    for (ReportSection section : HtmlReport.sections(place)) {
      int times = seen.merge(section.title(), 1, Integer::sum);
      String title = times == 1 ? section.title() : section.title() + " " + times;
      for (ReportSection.Figure figure : section.figures()) {
        figures.put(title + ": " + figure.name(), figure);
      }
    }
    figures.put("seconds", new ReportSection.Figure("seconds", seconds, Numbers.duration(seconds)));
    return figures;
  }

  private static void checkResume(RunDirectory sweep, Run run) throws IOException {
    RunProgress progress = RunProgress.read(sweep.path());
    sweep.config().ifPresent(before -> ResumeRule.check(sweep.path(), before, run, progress));
  }

  /** One entry for each run, which keeps what is known of it under its label. */
  private static RunProgress takenUp(Path directory, List<Sweeps.Variant> variants)
      throws IOException {
    Map<String, StepProgress> known =
        RunProgress.read(directory).steps().stream()
            .collect(Collectors.toMap(StepProgress::title, step -> step, (a, b) -> a));
    return new RunProgress(
        variants.stream()
            .map(v -> known.getOrDefault(v.label(), StepProgress.waiting(v.label())))
            .toList());
  }

  private static StepProgress finished(String label, StepProgress entry, Path place)
      throws IOException {
    List<StepProgress> steps = RunProgress.read(place).steps();
    double seconds = steps.stream().mapToDouble(StepProgress::seconds).sum();
    long peak = steps.stream().mapToLong(StepProgress::peakBytes).max().orElse(0);
    return new StepProgress(
        label, StepProgress.State.DONE, "", seconds, peak, entry.attempts(), List.of());
  }
}
