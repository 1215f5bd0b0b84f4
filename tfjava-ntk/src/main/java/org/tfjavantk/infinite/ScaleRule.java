package org.tfjavantk.infinite;

/**
 * Multiplication of all covariances, or of those of an entry with itself alone.
 *
 * @param factor multiplies K and Θ
 * @param diagonal whether to multiply an example's covariances with itself at p = q only: what
 *     dropout does, whose masks of different entries are independent
 */
record ScaleRule(double factor, boolean diagonal) implements Rule {
  @Override
  public Need input(Need output) {
    return output;
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    Pairs out = in.like(in.positions(), in.full());
    for (int b = 0; b < in.count(); b++) {
      boolean same = walk.same(b);
      for (int i = 0; i < in.size(); i++) {
        boolean one = same && (!in.full() || i / in.positions() == i % in.positions());
        double by = one || !diagonal ? factor : 1;
        int at = b * in.size() + i;
        out.k()[at] = by * in.k()[at];
        if (in.hasNtk()) {
          out.t()[at] = by * in.t()[at];
        }
      }
    }
    return out;
  }
}
