package org.tfjavantk.infinite;

/**
 * A nonlinearity f on Gaussian preactivations: K'[p, q] = E f(u) f(v) and Θ'[p, q] = Θ[p, q] E
 * f'(u) f'(v), where (u, v) has the variances K_xx[p, p], K_zz[q, q] and the covariance K[p, q].
 */
final class NonlinearityRule implements Rule {
  private final Dual dual;

  NonlinearityRule(Dual dual) {
    this.dual = dual;
  }

  @Override
  public Need input(Need output) {
    return output;
  }

  @Override
  public Need own() {
    return Need.DIAGONAL;
  }

  @Override
  public void observe(Pairs in, Walk walk) {
    walk.leave(this, in.variances());
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    int positions = in.positions();
    Pairs out = in.like(positions, in.full());
    double[] left = walk.ofLeft(this);
    double[] right = walk.ofRight(this);
    for (int b = 0; b < in.count(); b++) {
      boolean same = walk.same(b);
      int x = walk.left(b) * positions;
      int z = walk.right(b) * positions;
      for (int i = 0; i < in.size(); i++) {
        int p = in.full() ? i / positions : i;
        int q = in.full() ? i % positions : i;
        int at = b * in.size() + i;
        double v1 = left[x + p];
        double v2 = right[z + q];
        // On the diagonal the angle is 0, which rounding must not change.
        boolean one = same && p == q;
        out.k()[at] = one ? dual.variance(v1) : dual.nngp(v1, v2, in.k()[at]);
        if (in.hasNtk()) {
          double slope = one ? dual.derivativeVariance(v1) : dual.derivative(v1, v2, in.k()[at]);
          out.t()[at] = in.t()[at] == 0 ? 0 : in.t()[at] * slope;
        }
      }
    }
    return out;
  }
}
