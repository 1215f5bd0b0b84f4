package org.tfjavantk.cli.run;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.config.ConfigDiff;
import org.tfjavantk.config.Sweeps;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/**
 * When a config may go on in a directory in which another one worked: as long as nothing that was
 * computed would have come out differently. Steps that weren't started may change.
 */
final class ResumeRule {
  /** What a user can do whose results would be wrong. */
  static final String ADVICE =
      " To compute anew in the same place, which deletes the old results, add --fresh; to keep"
          + " them, give another place with --out.";

  private static final Pattern STEP = Pattern.compile("step\\[(\\d+)\\].*");

  private ResumeRule() {}

  /**
   * @throws UserException when results of {@code before} would be wrong for {@code now}; the
   *     message lists the differences
   */
  static void check(Path directory, Run before, Run now, RunProgress progress) {
    if (!progress.started()) {
      return;
    }
    if (Sweeps.many(before) != Sweeps.many(now)) {
      throw new UserException(
          directory
              + ": holds "
              + (Sweeps.many(before) ? kind(before) : "a single run")
              + ", and this is "
              + (Sweeps.many(now) ? kind(now) : "a single run")
              + "."
              + ADVICE);
    }
    if (Sweeps.many(now)) {
      // Every run has a directory, and is checked there.
      return;
    }
    List<ConfigDiff.Change> wrong =
        ConfigDiff.between(before, now).stream()
            .filter(change -> concernsResults(change.path(), progress))
            .toList();
    if (!wrong.isEmpty()) {
      throw new UserException(
          directory
              + ": was computed with another config, so its results would be wrong:\n"
              + wrong.stream().map(change -> "  " + change + "\n").collect(Collectors.joining())
              + ADVICE.strip());
    }
  }

  private static String kind(Run run) {
    return run.hasSweep() ? "a sweep" : "a repeated run";
  }

  private static boolean concernsResults(String path, RunProgress progress) {
    Matcher step = STEP.matcher(path);
    return !step.matches() || progress.started(Integer.parseInt(step.group(1)));
  }
}
