package org.tfjavantk.regression;

/** What a ridge λ adds to the diagonal of the kernel of the examples that are fitted. */
public enum RidgeConvention {
  /** λ, exactly as it is: {@code ‖f − y‖² + λ ‖f‖²} with the sum over the examples. */
  LAMBDA,
  /** n λ for n examples: {@code ‖f − y‖² / n + λ ‖f‖²} with the mean over the examples. */
  N_LAMBDA,
  /** λ tr(K) / N for N rows of the kernel: λ relative to the mean of the diagonal. */
  TRACE_LAMBDA;

  /**
   * What is added for λ = 1.
   *
   * @param examples n
   * @param meanDiagonal tr(K) / N
   */
  public double factor(int examples, double meanDiagonal) {
    return switch (this) {
      case LAMBDA -> 1;
      case N_LAMBDA -> examples;
      case TRACE_LAMBDA -> meanDiagonal;
    };
  }
}
