package org.tfjavantk.cli.files;

import java.util.ArrayList;
import java.util.List;

/**
 * What progress.json says of one step.
 *
 * @param title the kind of step, "train"
 * @param state how far it is
 * @param consumed the hash of all that the result depends on; empty before the step starts
 * @param seconds time spent in it, over all attempts that were not killed
 * @param peakBytes the most resident memory of the process up to the end of the step, over all
 *     attempts that were not killed; 0 where the system does not tell
 * @param attempts how often it was started
 * @param files what it made, relative to the run directory
 */
public record StepProgress(
    String title,
    State state,
    String consumed,
    double seconds,
    long peakBytes,
    int attempts,
    List<String> files) {
  /** How far a step is. */
  public enum State {
    /** Not started. */
    WAITING,
    /** Started and not finished: running, stopped or failed. */
    STARTED,
    /** Finished. */
    DONE
  }

  public StepProgress {
    title = title == null ? "" : title;
    state = state == null ? State.WAITING : state;
    consumed = consumed == null ? "" : consumed;
    files = files == null ? List.of() : List.copyOf(files);
  }

  /** A step that wasn't started. */
  public static StepProgress waiting(String title) {
    return new StepProgress(title, State.WAITING, "", 0, 0, 0, List.of());
  }

  /** This step with one attempt more, which consumes what has the given hash. */
  public StepProgress started(String hash) {
    return new StepProgress(title, State.STARTED, hash, seconds, peakBytes, attempts + 1, files);
  }

  /** This step after {@code more} seconds of work, the process having held so much memory. */
  public StepProgress worked(double more, long bytes) {
    long peak = Math.max(peakBytes, bytes);
    return new StepProgress(title, state, consumed, seconds + more, peak, attempts, files);
  }

  /** This step, finished. */
  public StepProgress done() {
    return new StepProgress(title, State.DONE, consumed, seconds, peakBytes, attempts, files);
  }

  /** This step with one file more to its name. */
  public StepProgress with(String file) {
    if (files.contains(file)) {
      return this;
    }
    List<String> more = new ArrayList<>(files);
    more.add(file);
    return new StepProgress(title, state, consumed, seconds, peakBytes, attempts, more);
  }
}
