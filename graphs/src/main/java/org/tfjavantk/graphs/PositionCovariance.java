package org.tfjavantk.graphs;

import java.util.Arrays;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;

/**
 * The covariance of position embeddings, R[p, q] = std² exp(-decay |p - q|²), for the positions of
 * a grid in row-major order.
 */
public final class PositionCovariance {
  /** What remains of the trace of R counts as rounding below this part of it. */
  private static final double ROUNDING = 1e-14;

  private PositionCovariance() {}

  /**
   * R.
   *
   * @param grid lengths of the axes
   * @return (P, P), row-major
   */
  public static double[] matrix(Embedding embedding, int... grid) {
    int positions = Shapes.size(grid);
    double[] r = new double[positions * positions];
    for (int i = 0; i < r.length; i++) {
      int p = i / positions;
      int q = i % positions;
      double squared = 0;
      for (int axis = grid.length - 1; axis >= 0; axis--) {
        squared += Math.pow(p % grid[axis] - q % grid[axis], 2);
        p /= grid[axis];
        q /= grid[axis];
      }
      r[i] = embedding.std() * embedding.std() * Math.exp(-embedding.decay() * squared);
    }
    return r;
  }

  /**
   * L with L Lᵀ = R, by Cholesky's method with the largest remaining variance first, which R may be
   * singular for: it ends where nothing but rounding remains, and the other columns are zero.
   *
   * @return (P, P), row-major
   */
  static double[] root(Embedding embedding, int... grid) {
    double[] r = matrix(embedding, grid);
    int n = Shapes.size(grid);
    double[] l = new double[n * n];
    double[] remaining = new double[n];
    Arrays.setAll(remaining, i -> r[i * n + i]);
    double least = ROUNDING * Arrays.stream(remaining).sum();
    for (int k = 0; k < n; k++) {
      int pivot = 0;
      for (int i = 1; i < n; i++) {
        pivot = remaining[i] > remaining[pivot] ? i : pivot;
      }
      if (remaining[pivot] <= least) {
        break;
      }
      double root = Math.sqrt(remaining[pivot]);
      for (int i = 0; i < n; i++) {
        double sum = r[i * n + pivot];
        for (int m = 0; m < k; m++) {
          sum -= l[i * n + m] * l[pivot * n + m];
        }
        l[i * n + k] = sum / root;
        remaining[i] -= l[i * n + k] * l[i * n + k];
      }
      remaining[pivot] = 0;
    }
    return l;
  }
}
