package org.tfjavantk.infinite;

/**
 * All positions as channels of one: K' = 1/P Σ_p K[p, p], Θ' alike.
 *
 * @param positions P
 */
record FlattenRule(int positions) implements Rule {
  @Override
  public Need input(Need output) {
    return Need.DIAGONAL;
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    Pairs out = in.like(1, false);
    mean(in.k(), out.k());
    if (in.hasNtk()) {
      mean(in.t(), out.t());
    }
    return out;
  }

  private void mean(double[] from, double[] to) {
    for (int b = 0; b < to.length; b++) {
      double sum = 0;
      for (int p = 0; p < positions; p++) {
        sum += from[b * positions + p];
      }
      to[b] = sum / positions;
    }
  }
}
