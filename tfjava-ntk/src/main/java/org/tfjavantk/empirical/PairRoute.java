package org.tfjavantk.empirical;

import org.tfjavantk.linalg.NativeArray;

/** A route that contracts the inputs and cotangents of a layer without forming gradients. */
interface PairRoute {
  /**
   * Some of the examples of a panel.
   *
   * @param first the first of them
   * @param all how many the panel has
   */
  record Span(Ingredients of, int first, int count, int all) {}

  static PairRoute of(Route route, LinearLayer layer, Pairing pairing, int outputs) {
    return switch (route) {
      case GRAM -> new GramRoute(layer, pairing, outputs);
      case TANGENT -> new TangentRoute(layer, pairing, outputs);
      case JACOBIAN -> throw new IllegalArgumentException("forms gradients");
    };
  }

  /** How many examples to take at a time. */
  int examples();

  /** What a pair costs, in multiply-adds of a large product. */
  double cost();

  /** Numbers that exist while n examples are contracted with as many. */
  long memory(int n);

  /** Adds the part of some rows with some columns to the block of all. */
  void add(Lane lane, Span rows, Span columns, NativeArray block);
}
