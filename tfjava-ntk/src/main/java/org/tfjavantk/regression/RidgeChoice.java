package org.tfjavantk.regression;

/** How one of the ridges is chosen. */
public enum RidgeChoice {
  /** On a validation kernel, or else on a part of the training examples that is held out. */
  VALIDATION,
  /** k-fold cross-validation on the training examples. */
  K_FOLD,
  /** Cross-validation that leaves out one training example at a time. */
  LEAVE_ONE_OUT,
  /**
   * The smallest {@code (‖y − f‖² / N) / (tr(I − H) / N)²} with {@code f = H y} (Golub, Heath and
   * Wahba, Technometrics 21, 1979).
   */
  GCV,
  /** On the test examples, whose scores say nothing of other examples then. */
  TEST;

  /** Whether closed forms from one eigendecomposition of all training examples give it. */
  boolean closedForm() {
    return this == K_FOLD || this == LEAVE_ONE_OUT || this == GCV;
  }
}
