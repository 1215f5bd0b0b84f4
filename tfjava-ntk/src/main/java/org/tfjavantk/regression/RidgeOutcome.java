package org.tfjavantk.regression;

/** What became of one ridge. */
public sealed interface RidgeOutcome {
  /** The λ of K + λ I. */
  double ridge();

  /**
   * The system was solved.
   *
   * @param ridge λ
   * @param relativeResidual {@code ‖(K + λ I) a − y‖ / ‖y‖} (Frobenius)
   * @param reciprocalCondition an estimate of that of K + λ I in the 1-norm; below 1e-16 no digit
   *     of the coefficients is certain
   * @param train scores on the examples of the fit
   * @param validation scores on those held out, or of the validation kernel
   * @param test scores on the test examples of this fit; null without test labels
   */
  record Solved(
      double ridge,
      double relativeResidual,
      double reciprocalCondition,
      Scores train,
      Scores validation,
      Scores test)
      implements RidgeOutcome {}

  /**
   * K + λ I is not positive definite, in float64 arithmetic: the ridge was skipped.
   *
   * @param ridge λ
   * @param example the training example whose row gave a pivot that isn't positive
   * @param output the output whose row it is
   * @param pivot its value
   * @param eigenvalueBound the smallest eigenvalue of K itself is at most that, by a Rayleigh
   *     quotient
   */
  record NotPositiveDefinite(
      double ridge, int example, int output, double pivot, double eigenvalueBound)
      implements RidgeOutcome {}
}
