package org.tfjavantk.regression;

import java.util.List;
import org.tfjavantk.solve.Certificate;

/** The training kernel, its examples in the order of a split, and its fits. */
interface TrainingSystem extends AutoCloseable {
  /** What comes of one fit; arrays are examples x classes, row-major. */
  sealed interface Fit {
    /**
     * Solved; see {@link RidgeOutcome.Solved}.
     *
     * @param heldOutOutputs in the order of the split
     * @param coefficients in the order of the store, 0 for what was not fitted
     */
    record Done(
        Certificate certificate, Scores train, double[] heldOutOutputs, double[] coefficients)
        implements Fit {}

    /** Not solved. */
    record Failed(RidgeOutcome.NotPositiveDefinite why) implements Fit {}
  }

  /** Fits the first examples of the order with every ridge. */
  List<Fit> fit(int examples, double[] ridges);

  /** A ridge above {@code tried} that makes the kernel of all training examples definite. */
  double sufficientRidge(double tried);

  @Override
  void close();
}
