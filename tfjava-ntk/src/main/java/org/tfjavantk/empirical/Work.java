package org.tfjavantk.empirical;

/**
 * What a kernel takes at least by the routes that were chosen, in floating-point operations (two
 * for a multiply-add): every example's factors computed once, every pair of examples contracted
 * once. Only products with parameters and what is made of them count; activations, pooling and
 * normalization are left out.
 *
 * @param forward the products of the forward pass
 * @param cotangents the products that carry the cotangents of all outputs back
 * @param gradients the per-example gradients of the parameters on the Jacobian route
 * @param contraction of the factors of all pairs
 */
public record Work(double forward, double cotangents, double gradients, double contraction) {
  /** All of it. */
  public double total() {
    return factors() + contraction;
  }

  /** What is done for single examples. */
  public double factors() {
    return forward + cotangents + gradients;
  }

  /** This work and other work. */
  public Work plus(Work other) {
    return new Work(
        forward + other.forward,
        cotangents + other.cotangents,
        gradients + other.gradients,
        contraction + other.contraction);
  }

  Work times(double examples, double pairs) {
    return new Work(
        examples * forward, examples * cotangents, examples * gradients, pairs * contraction);
  }
}
