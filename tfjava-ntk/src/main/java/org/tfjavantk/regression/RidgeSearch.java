package org.tfjavantk.regression;

import org.tfjavantk.graphs.UserException;

/**
 * Which ridges are tried, and how the validation examples are drawn.
 *
 * @param ridges values of λ in K + λ I, exactly as they are
 * @param validationFraction the part of the training examples, of each class, that is held out to
 *     choose the ridge; not used where there is a validation kernel
 * @param seed the run's seed, which draws them
 */
public record RidgeSearch(double[] ridges, double validationFraction, long seed) {

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
  }
}
