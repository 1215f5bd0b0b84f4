package org.tfjavantk.infinite;

/**
 * What is wanted in the two walks over a network.
 *
 * @param cross of two examples
 * @param self of an example with itself
 */
record Needs(Need cross, Need self) {
  Needs and(Needs other) {
    return new Needs(cross.and(other.cross), self.and(other.self));
  }
}
