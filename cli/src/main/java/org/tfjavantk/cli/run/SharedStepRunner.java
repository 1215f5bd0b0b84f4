package org.tfjavantk.cli.run;

import java.io.IOException;

/**
 * A step whose work several processes can share, each with a {@link Shard}. What they leave is
 * finished by {@link #run} in one process, which also does what is missing and writes the report.
 */
public interface SharedStepRunner extends StepRunner {
  /**
   * How far the shares are.
   *
   * @param done units of this share that are done
   * @param missing units of all shares that are not, as far as they can be seen
   * @param total units of all shares
   */
  record Shares(int done, int missing, int total) {}

  /**
   * Makes the files that the shares go into. One process does this while no other works on the run.
   *
   * @throws IOException when they cannot be made
   */
  void open(StepContext context) throws IOException;

  /**
   * Whether {@link #open} was done.
   *
   * @throws IOException when that cannot be found out
   */
  boolean opened(StepContext context) throws IOException;

  /**
   * Does one share, while other processes may do theirs; writes to the opened files alone.
   *
   * @throws IOException when a file cannot be read or written
   */
  Shares share(StepContext context, Shard shard) throws IOException;
}
