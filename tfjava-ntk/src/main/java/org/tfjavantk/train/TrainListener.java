package org.tfjavantk.train;

/** Hears how a training goes. */
public interface TrainListener {
  /** {@code examples} of the epoch's {@code total} are done. */
  void batch(int epoch, int examples, int total);

  /** An epoch is done and its checkpoint is written. */
  void epoch(EpochMetrics metrics);
}
