package org.tfjavantk.data;

/** How a subset is drawn from the examples that a source has. */
public enum Draw {
  /** The first examples, in the source's own order. */
  FIRST,
  /** Without replacement, in an order drawn with the seed. */
  RANDOM,
  /**
   * As RANDOM with the same number of every class, to within one. The classes alternate, so every
   * prefix of the subset is stratified too.
   */
  STRATIFIED
}
