package org.tfjavantk.infinite;

import org.tfjavantk.infinite.SlabMath.Pair;
import org.tfjavantk.infinite.SlabStack.Conv;

/**
 * The box filters of convolutions, along the rows first. The most common, of radius 1, leaves the
 * columns to {@link SlabMath#relu}, which sums three rows in passing. Of others it is given the
 * whole sums, divided by three, with a step of 0.
 */
final class SlabFilter<A> {
  private final Grid grid;
  private final SlabMath<A> math;
  private final A zeros;
  private final A spare;
  private final Pair<A> sums;

  SlabFilter(Grid grid, SlabMath<A> math) {
    this.grid = grid;
    this.math = math;
    zeros = math.zeros(grid.length());
    spare = math.zeros(grid.length());
    sums = new Pair<>(math.zeros(grid.length()), math.zeros(grid.length()));
  }

  /** From one row to the next that {@link SlabMath#relu} is to sum. */
  int step(Conv conv) {
    return conv.radius() == 1 ? grid.columns() : 0;
  }

  /**
   * w / f² times the sums of a slab.
   *
   * @param raw whether Θ is zero
   */
  Pair<A> sums(Conv conv, Pair<A> slab, boolean raw) {
    filter(conv, slab.k(), sums.k());
    if (raw) {
      return new Pair<>(sums.k(), zeros);
    }
    filter(conv, slab.theta(), sums.theta());
    return sums;
  }

  private void filter(Conv conv, A slab, A out) {
    double scale = conv.weightVariance() / (conv.size() * conv.size());
    int at = grid.border();
    int n = grid.values();
    int r = conv.radius();
    if (r == 1) {
      math.box(slab, out, 1, r, scale, at, n);
    } else {
      math.box(slab, spare, 1, r, scale / 3, at, n);
      math.box(spare, out, grid.columns(), r, 1, at, n);
    }
  }
}
