package org.tfjavantk.regression;

import org.tfjavantk.graphs.UserException;

/**
 * Which ridges are tried, and how one is chosen.
 *
 * @param ridges values of λ
 * @param convention what λ adds to the diagonal
 * @param choice how one is chosen
 * @param folds of K_FOLD, 2 or more
 * @param validationFraction the part of the training examples, of each class, that is held out to
 *     choose the ridge; not used where there is a validation kernel
 * @param seed the run's seed, which draws them
 */
public record RidgeSearch(
    double[] ridges,
    RidgeConvention convention,
    RidgeChoice choice,
    int folds,
    double validationFraction,
    long seed) {

  /** λ as it is, chosen on validation examples. */
  public RidgeSearch(double[] ridges, double validationFraction, long seed) {
    this(ridges, RidgeConvention.LAMBDA, RidgeChoice.VALIDATION, 2, validationFraction, seed);
  }

  /**
   * @throws UserException when a value is out of range
   */
  public RidgeSearch {
    if (ridges.length == 0) {
      throw new UserException("kernel_regression.ridge: there is no value to try");
    }
    for (double ridge : ridges) {
      if (!(ridge >= 0 && ridge <= Double.MAX_VALUE)) {
        throw new UserException(
            "kernel_regression.ridge: "
                + ridge
                + " is not a ridge; it must be finite and not negative");
      }
    }
    if (!(validationFraction > 0 && validationFraction < 1)) {
      throw new UserException(
          "kernel_regression.validation_fraction is "
              + validationFraction
              + "; it must be above 0 and below 1");
    }
    if (folds < 2) {
      throw new UserException("kernel_regression.folds is " + folds + "; it must be 2 or more");
    }
  }
}
