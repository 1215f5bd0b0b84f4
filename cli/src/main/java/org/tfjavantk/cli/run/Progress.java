package org.tfjavantk.cli.run;

/** Where a step says how far it is. */
public interface Progress {
  /** Begins a bar of {@code total} units, such as "tiles", in place of the one before. */
  void start(long total, String unit);

  /** {@code done} units were done before this start; they don't count for the rate. */
  void resumed(long done);

  /** {@code units} more are done. */
  void advance(long units);

  /** A few words behind the bar, such as "loss 0.31", until others come. */
  void note(String words);

  /** A line that stays. */
  void message(String line);
}
