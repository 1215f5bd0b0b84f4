package org.tfjavantk.infinite;

/**
 * Layer norm of Gaussian preactivations with mean zero: division by sqrt(ε + v), where v is the
 * variance K_xx[p, p] of the position, or the mean over positions.
 */
final class NormRule implements Rule {
  private final double epsilon;
  private final boolean overPositions;

  NormRule(double epsilon, boolean overPositions) {
    this.epsilon = epsilon;
    this.overPositions = overPositions;
  }

  @Override
  public Need input(Need output) {
    return output;
  }

  @Override
  public Need own() {
    return Need.DIAGONAL;
  }

  /** Leaves 1 / sqrt(ε + v) for every position. */
  @Override
  public void observe(Pairs in, Walk walk) {
    int positions = in.positions();
    double[] v = in.variances();
    for (int from = 0; from < v.length; from += positions) {
      double sum = 0;
      for (int p = 0; p < positions; p++) {
        sum += v[from + p];
      }
      for (int p = 0; p < positions; p++) {
        double variance = overPositions ? sum / positions : v[from + p];
        v[from + p] = 1 / Math.sqrt(epsilon + variance);
      }
    }
    walk.leave(this, v);
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    int positions = in.positions();
    Pairs out = in.like(positions, in.full());
    double[] left = walk.ofLeft(this);
    double[] right = walk.ofRight(this);
    for (int b = 0; b < in.count(); b++) {
      int x = walk.left(b) * positions;
      int z = walk.right(b) * positions;
      for (int i = 0; i < in.size(); i++) {
        int p = in.full() ? i / positions : i;
        int q = in.full() ? i % positions : i;
        int at = b * in.size() + i;
        double factor = left[x + p] * right[z + q];
        out.k()[at] = factor * in.k()[at];
        if (in.hasNtk()) {
          out.t()[at] = factor * in.t()[at];
        }
      }
    }
    return out;
  }
}
