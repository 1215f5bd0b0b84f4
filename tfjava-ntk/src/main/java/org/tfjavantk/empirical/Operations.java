package org.tfjavantk.empirical;

/**
 * The floating-point operations of some tiles with a plan, two for a multiply-add: {@link Work},
 * and what is computed again for other tiles.
 *
 * @param factors what is done for single examples when their factors are computed
 * @param contraction of all pairs, and the gradients that are formed for it
 */
public record Operations(double factors, double contraction) {
  /** All of them. */
  public double total() {
    return factors + contraction;
  }

  /** These and others. */
  public Operations plus(Operations other) {
    return new Operations(factors + other.factors, contraction + other.contraction);
  }
}
