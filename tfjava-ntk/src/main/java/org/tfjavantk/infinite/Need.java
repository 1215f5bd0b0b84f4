package org.tfjavantk.infinite;

/** Which covariances between positions p, q of two examples somebody wants. */
enum Need {
  /** None. */
  NONE,
  /** Those with p = q. */
  DIAGONAL,
  /** All. */
  FULL;

  Need and(Need other) {
    return compareTo(other) < 0 ? other : this;
  }
}
