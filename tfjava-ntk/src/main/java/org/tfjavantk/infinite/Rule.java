package org.tfjavantk.infinite;

/** A layer as a map of covariances. */
interface Rule {
  /** What of its input is wanted where this (not NONE) is wanted of its output. */
  Need input(Need output);

  /** What of an example's covariances with itself the rule wants, beside what is wanted above. */
  default Need own() {
    return Need.NONE;
  }

  /** This rule where it is known what is wanted of its output. */
  default Rule below(Needs output) {
    return this;
  }

  /** Leaves behind what pairs of different examples will need, on a walk of single examples. */
  default void observe(Pairs in, Walk walk) {}

  /** The output's covariances. */
  Pairs apply(Pairs in, Walk walk);

  /** What of its input is wanted in both walks. */
  default Needs input(Needs output) {
    Need self = output.self() == Need.NONE ? Need.NONE : input(output.self());
    return new Needs(input(output.cross()), self.and(own()));
  }
}
