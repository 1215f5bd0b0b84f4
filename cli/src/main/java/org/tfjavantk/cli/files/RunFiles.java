package org.tfjavantk.cli.files;

import java.util.List;

/** The names in a run directory. */
public final class RunFiles {
  /** The config as resolved; a directory that holds it is a run directory. */
  public static final String CONFIG = "config.textproto";

  public static final String ENVIRONMENT = "environment.json";
  public static final String PROGRESS = "progress.json";
  public static final String METRICS = "metrics.jsonl";
  public static final String REPORT = "report.html";
  public static final String SECTIONS = "sections";
  public static final String PLOTS = "plots";

  /** The table of a sweep or of repeats: one row for each run. */
  public static final String SWEEP = "sweep.csv";

  /** Means and standard errors over the repeats: one row for each combination of values. */
  public static final String REPEATS = "repeats.csv";

  /** Held by the process that works in the directory. */
  public static final String LOCK = ".lock";

  /** All that the executor itself makes; what steps make stands in progress.json. */
  public static final List<String> OWN =
      List.of(
          CONFIG, ENVIRONMENT, PROGRESS, METRICS, REPORT, SECTIONS, PLOTS, SWEEP, REPEATS, LOCK);

  private RunFiles() {}

  /** Whether {@code name} is one of {@link #OWN}, or what a killed process left of it. */
  public static boolean own(String name) {
    return OWN.contains(name)
        || name.endsWith(AtomicFiles.UNFINISHED)
            && OWN.contains(name.substring(0, name.length() - AtomicFiles.UNFINISHED.length()));
  }
}
