package org.tfjavantk.infinite;

import java.util.Arrays;

/**
 * A fixed linear map R of positions, the same in every channel: K' = R K Rᵀ and Θ' = R Θ Rᵀ.
 * Pooling, slices, resizing.
 *
 * @param source for every new position the old ones that it reads
 * @param weight their weights
 */
record LinearRule(int[][] source, double[][] weight) implements Rule {
  /** The same weight for all positions that a tap reads. */
  static LinearRule sum(Taps taps, boolean mean, boolean countPadding) {
    int places = taps.places();
    int[][] source = new int[places][];
    double[][] weight = new double[places][];
    for (int p = 0; p < places; p++) {
      int place = p;
      source[p] =
          Arrays.stream(taps.source()).mapToInt(t -> t[place]).filter(s -> s >= 0).toArray();
      int count = countPadding ? taps.source().length : source[p].length;
      weight[p] = new double[source[p].length];
      Arrays.fill(weight[p], mean ? 1.0 / count : 1);
    }
    return new LinearRule(source, weight);
  }

  private boolean selects() {
    return Arrays.stream(source).allMatch(s -> s.length == 1);
  }

  @Override
  public Need input(Need output) {
    return output == Need.DIAGONAL && selects() ? Need.DIAGONAL : Need.FULL;
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    boolean full = in.full() && source.length > 1;
    Pairs out = in.like(source.length, full);
    for (int b = 0; b < in.count(); b++) {
      map(in, in.k(), b, out.k(), full);
      if (in.hasNtk()) {
        map(in, in.t(), b, out.t(), full);
      }
    }
    return out;
  }

  private void map(Pairs in, double[] from, int pair, double[] to, boolean full) {
    int n = in.positions();
    int places = source.length;
    int at = pair * in.size();
    if (!in.full()) {
      for (int p = 0; p < places; p++) {
        to[pair * places + p] = weight[p][0] * weight[p][0] * from[at + source[p][0]];
      }
      return;
    }
    double[] row = new double[n];
    for (int p = 0; p < places; p++) {
      Arrays.fill(row, 0);
      for (int s = 0; s < source[p].length; s++) {
        int line = at + source[p][s] * n;
        for (int q = 0; q < n; q++) {
          row[q] += weight[p][s] * from[line + q];
        }
      }
      for (int q = full ? 0 : p; q < (full ? places : p + 1); q++) {
        double sum = 0;
        for (int s = 0; s < source[q].length; s++) {
          sum += weight[q][s] * row[source[q][s]];
        }
        to[full ? (pair * places + p) * places + q : pair * places + p] = sum;
      }
    }
  }
}
