package org.tfjavantk.infinite;

/** The kernels of a network of infinite width. */
public enum KernelKind {
  /**
   * The covariance of the outputs at initialisation, that of the neural network Gaussian process.
   */
  NNGP,
  /** The neural tangent kernel. */
  NTK
}
