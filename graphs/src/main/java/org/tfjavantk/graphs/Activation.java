package org.tfjavantk.graphs;

/** A nonlinearity, applied to every entry. */
public enum Activation {
  /** max(x, 0), with derivative 0 at 0. */
  RELU,
  /** min(max(x, 0), 6). */
  RELU6,
  /** The error function 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  ERF,
  /** The hyperbolic tangent. */
  TANH,
  /** x (1 + erf(x / sqrt 2)) / 2, without the tanh approximation. */
  GELU
}
