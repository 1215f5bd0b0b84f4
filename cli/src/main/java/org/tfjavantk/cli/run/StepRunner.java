package org.tfjavantk.cli.run;

import java.io.IOException;

/**
 * Carries out one kind of step. Steps hand each other files, never memory, so a runner keeps
 * nothing between calls.
 */
public interface StepRunner {
  /** The kind of step, as the config calls it: "train". */
  String title();

  /**
   * Checks all that can be checked before the run makes its directory: shapes, memory, data. The
   * directory may not be there yet, and nothing may be written.
   *
   * @throws org.tfjavantk.graphs.UserException when the step cannot work
   * @throws IOException when that cannot be found out
   */
  default void prepare(StepContext context) throws IOException {}

  /**
   * The hash of everything that the result depends on: parts of the config and the outputs of
   * earlier steps that the step reads. See {@link Fingerprint}.
   *
   * @throws IOException when something that it reads cannot be read
   */
  String consumes(StepContext context) throws IOException;

  /** Whether a shared step after this one builds on it: see {@link SharedStepRunner}. */
  default boolean precedesShares() {
    return false;
  }

  /**
   * Whether a finished step's files are still whole. If not, the step runs again, on the files as
   * they are, and repairs them.
   *
   * @throws IOException when that cannot be found out
   */
  default boolean intact(StepContext context) throws IOException {
    return true;
  }

  /**
   * Does the work. Files of the step from an earlier attempt are there only if that attempt
   * consumed the same: the step goes on from them.
   *
   * @throws IOException when a file cannot be read or written
   */
  void run(StepContext context) throws IOException;
}
