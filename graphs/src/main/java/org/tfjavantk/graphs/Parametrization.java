package org.tfjavantk.graphs;

/** How the weights of a dense or convolutional layer enter its output z, and how they start. */
public sealed interface Parametrization {
  /**
   * z = W a + b. Initialised as PyTorch does by default: all entries uniform on (-1/sqrt(fan_in),
   * 1/sqrt(fan_in)).
   */
  record Standard() implements Parametrization {}

  /**
   * z = (weightStd / sqrt(fan_in)) W a + biasStd b, with W and b drawn from N(0, 1) (Jacot,
   * Gabriel, Hongler, "Neural tangent kernel", NeurIPS 2018).
   */
  record Ntk(double weightStd, double biasStd) implements Parametrization {}

  /** The parametrization of PyTorch and Keras. */
  Parametrization STANDARD = new Standard();
}
