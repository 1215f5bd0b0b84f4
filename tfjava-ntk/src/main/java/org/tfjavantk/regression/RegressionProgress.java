package org.tfjavantk.regression;

/** Hears how far a regression is. */
@FunctionalInterface
public interface RegressionProgress {
  /** {@code done} of {@code total} ridges are through, the final fit counted as one. */
  void advance(int done, int total);
}
