package org.tfjavantk.infinite;

/**
 * The covariances of some pairs of examples at one place in a network: NNGP K[p, q] and NTK Θ[p, q]
 * of the positions p of the one and q of the other, or of p = q alone.
 *
 * @param count how many pairs, B
 * @param positions P, the same for both examples
 * @param full whether all p, q are there, (B, P, P); else p = q, (B, P)
 * @param k the NNGP kernel
 * @param t the NTK, or null where nobody wants it
 */
record Pairs(int count, int positions, boolean full, double[] k, double[] t) {
  /** Values of one pair. */
  int size() {
    return full ? positions * positions : positions;
  }

  boolean hasNtk() {
    return t != null;
  }

  /** Memory for pairs like these with other positions. */
  Pairs like(int newPositions, boolean newFull) {
    int size = newFull ? Math.multiplyExact(newPositions, newPositions) : newPositions;
    int length = Math.multiplyExact(count, size);
    return new Pairs(
        count, newPositions, newFull, new double[length], hasNtk() ? new double[length] : null);
  }

  /** These, or p = q alone. */
  Pairs reduced(Need need) {
    return full && need != Need.FULL ? diagonal() : this;
  }

  private Pairs diagonal() {
    Pairs out = like(positions, false);
    for (int b = 0; b < count; b++) {
      for (int p = 0; p < positions; p++) {
        int from = (b * positions + p) * positions + p;
        out.k[b * positions + p] = k[from];
        if (hasNtk()) {
          out.t[b * positions + p] = t[from];
        }
      }
    }
    return out;
  }

  /** The NNGP variances K[p, p] of every pair, (B, P). */
  double[] variances() {
    if (!full) {
      return k.clone();
    }
    double[] v = new double[count * positions];
    for (int i = 0; i < v.length; i++) {
      v[i] = k[(i / positions * positions + i % positions) * positions + i % positions];
    }
    return v;
  }
}
