package org.tfjavantk.regression;

import org.tfjavantk.solve.Certificate;

/** What became of one ridge. */
public sealed interface RidgeOutcome {
  /** The λ of K + λ I. */
  double ridge();

  /**
   * The system was solved.
   *
   * @param ridge λ
   * @param certificate of the solution; its ridge is what λ added to the diagonal
   * @param train scores on the examples of the fit
   * @param validation scores on those held out, or of the validation kernel, or of
   *     cross-validation; of GCV, its value as the error alone; null where none were asked for
   * @param test scores on the test examples of this fit; null without test labels
   */
  record Solved(double ridge, Certificate certificate, Scores train, Scores validation, Scores test)
      implements RidgeOutcome {
    /** The largest {@code ‖(K + λ I) a − y‖ / ‖y‖} of all right-hand sides. */
    public double relativeResidual() {
      return certificate.worstResidual();
    }

    /** Below 1e-16 no digit of the coefficients is certain. */
    public double reciprocalCondition() {
      return 1 / certificate.condition();
    }
  }

  /**
   * K + λ I is not positive definite, in float64 arithmetic: the ridge was skipped.
   *
   * @param ridge λ
   * @param example the training example whose row gave a pivot that isn't positive; -1 where the
   *     method has no pivots
   * @param output the output whose row it is, or -1
   * @param pivot its value, or what else was found not to be positive
   * @param eigenvalueBound the smallest eigenvalue of K itself is at most that, by a Rayleigh
   *     quotient
   */
  record NotPositiveDefinite(
      double ridge, int example, int output, double pivot, double eigenvalueBound)
      implements RidgeOutcome {}
}
