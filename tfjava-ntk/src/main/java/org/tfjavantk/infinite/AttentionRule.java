package org.tfjavantk.infinite;

import org.tfjavantk.graphs.Layer.SelfAttention;

/**
 * Attention of all positions to all with infinitely many heads (Hron, Bahri, Sohl-Dickstein, Novak,
 * "Infinite attention", ICML 2020). Let C = e K + r R be the covariances with those of the position
 * embeddings, w = (out_std value_std)² and q = (query_std key_std)².
 *
 * <p>Scores divided by the number of keys, with one matrix for queries and keys, are what they are
 * on average: with Z_x = ζ(√q C_xx) for each example, K' = w Z_x V Z_zᵀ + b and Θ' = w (2 Z_x V
 * Z_zᵀ + Z_x T Z_zᵀ) + b, where V, T are K, Θ or, with embeddings in the values (trained, as
 * everything), C, e Θ + r R.
 *
 * <p>Scores divided by its root are random. For ζ = 1: K' = w q C[p, q] Σ_{r,s} C[r, s] V[r, s] +
 * b, and Θ' = 4 (K' - b) + b + w q (T_C[p, q] Σ C V + C[p, q] Σ (T_C V + C T)).
 */
final class AttentionRule implements Rule {
  private final SelfAttention layer;
  private final double[] embedding;
  private final double inputShare;
  private final double embeddingShare;

  /**
   * @param embedding R, (P, P); zeros where there is none
   * @param inputShare e
   * @param embeddingShare r
   */
  AttentionRule(SelfAttention layer, double[] embedding, double inputShare, double embeddingShare) {
    this.layer = layer;
    this.embedding = embedding;
    this.inputShare = inputShare;
    this.embeddingShare = embeddingShare;
  }

  @Override
  public Need input(Need output) {
    return Need.FULL;
  }

  @Override
  public Need own() {
    return layer.linearScaling() ? Need.FULL : Need.NONE;
  }

  /** Leaves Z, (B, P, P). */
  @Override
  public void observe(Pairs in, Walk walk) {
    if (!layer.linearScaling()) {
      return;
    }
    int positions = in.positions();
    double[] z = new double[in.k().length];
    for (int b = 0; b < in.count(); b++) {
      double[] c = embedded(in.k(), b * in.size(), true);
      for (int p = 0; p < positions; p++) {
        weights(c, p * positions, positions, z, b * in.size() + p * positions);
      }
    }
    walk.leave(this, z);
  }

  /** One row of ζ(√q C). */
  private void weights(double[] c, int from, int n, double[] to, int at) {
    double scale = layer.queryStd() * layer.keyStd();
    double most = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      to[at + j] = scale * c[from + j];
      most = Math.max(most, to[at + j]);
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      double s = to[at + j];
      to[at + j] =
          switch (layer.mechanism()) {
            case SOFTMAX -> Math.exp(s - most);
            case IDENTITY -> s;
            case RELU -> Math.max(s, 0);
            case ABS -> Math.abs(s);
          };
      sum += to[at + j];
    }
    if (layer.mechanism() == SelfAttention.Mechanism.SOFTMAX) {
      for (int j = 0; j < n; j++) {
        to[at + j] /= sum;
      }
    }
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    Pairs out = in.like(in.positions(), true);
    for (int b = 0; b < in.count(); b++) {
      if (layer.linearScaling()) {
        averaged(in, b, walk, out);
      } else {
        random(in, b, out);
      }
    }
    return out;
  }

  private void averaged(Pairs in, int b, Walk walk, Pairs out) {
    double w = Math.pow(layer.outStd() * layer.valueStd(), 2);
    double bias = layer.biasStd() * layer.biasStd();
    double[] left = walk.ofLeft(this);
    double[] right = walk.ofRight(this);
    int x = walk.left(b) * in.size();
    int z = walk.right(b) * in.size();
    boolean inValues = layer.embedding().inValues();
    int n = in.positions();
    int at = b * in.size();
    double[] v = embedded(in.k(), at, inValues);
    double[] k = between(left, x, v, right, z, n);
    for (int i = 0; i < k.length; i++) {
      out.k()[at + i] = w * k[i] + bias;
    }
    if (in.hasNtk()) {
      double[] tt = between(left, x, embedded(in.t(), at, inValues), right, z, n);
      for (int i = 0; i < k.length; i++) {
        out.t()[at + i] = w * (2 * k[i] + tt[i]) + bias;
      }
    }
  }

  private void random(Pairs in, int b, Pairs out) {
    double w = Math.pow(layer.outStd() * layer.valueStd() * layer.queryStd() * layer.keyStd(), 2);
    double bias = layer.biasStd() * layer.biasStd();
    boolean inValues = layer.embedding().inValues();
    int at = b * in.size();
    double[] c = embedded(in.k(), at, true);
    double[] v = embedded(in.k(), at, inValues);
    double cv = 0;
    for (int i = 0; i < c.length; i++) {
      cv += c[i] * v[i];
    }
    for (int i = 0; i < c.length; i++) {
      out.k()[at + i] = w * c[i] * cv + bias;
    }
    if (in.hasNtk()) {
      double[] tc = embedded(in.t(), at, true);
      double[] tv = embedded(in.t(), at, inValues);
      double mixed = 0;
      for (int i = 0; i < c.length; i++) {
        mixed += tc[i] * v[i] + c[i] * tv[i];
      }
      for (int i = 0; i < c.length; i++) {
        out.t()[at + i] = w * (4 * c[i] * cv + tc[i] * cv + c[i] * mixed) + bias;
      }
    }
  }

  /** e K + r R, or K. */
  private double[] embedded(double[] k, int at, boolean with) {
    double[] c = new double[embedding.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = with ? inputShare * k[at + i] + embeddingShare * embedding[i] : k[at + i];
    }
    return c;
  }

  /** A M Bᵀ. */
  private static double[] between(double[] a, int x, double[] m, double[] b, int z, int n) {
    double[] right = new double[n * n];
    for (int r = 0; r < n; r++) {
      for (int q = 0; q < n; q++) {
        double sum = 0;
        for (int s = 0; s < n; s++) {
          sum += m[r * n + s] * b[z + q * n + s];
        }
        right[r * n + q] = sum;
      }
    }
    double[] both = new double[n * n];
    for (int p = 0; p < n; p++) {
      for (int r = 0; r < n; r++) {
        double weight = a[x + p * n + r];
        for (int q = 0; q < n; q++) {
          both[p * n + q] += weight * right[r * n + q];
        }
      }
    }
    return both;
  }
}
