package org.tfjavantk.infinite;

import java.util.Arrays;

/**
 * Weights and bias of a dense or convolutional layer. With A the mean of K over the taps t of the
 * window, A[p, q] = 1/T Σ_t K[s_t(p), s_t(q)], and B that of Θ (zero where a tap is outside),
 *
 * <p>K' = w A + b and Θ' = g A + h + w B,
 *
 * <p>where w and b are the variances of {@link Gains}, g and h what the gradients by the weights
 * and the bias contribute. In the NTK parametrization g = w and h = b.
 *
 * @param positions of the input
 */
record AffineRule(Taps taps, int positions, Gains gains) implements Rule {
  @Override
  public Need input(Need output) {
    return output;
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    int places = taps.places();
    Pairs out = in.like(places, in.full());
    double[] tapped = new double[out.size()];
    for (int b = 0; b < in.count(); b++) {
      average(in.k(), b * in.size(), in.full(), tapped);
      int at = b * out.size();
      for (int i = 0; i < tapped.length; i++) {
        out.k()[at + i] = gains.weights() * tapped[i] + gains.bias();
      }
      if (in.hasNtk()) {
        for (int i = 0; i < tapped.length; i++) {
          out.t()[at + i] = gains.weightGradients() * tapped[i] + gains.biasGradients();
        }
        average(in.t(), b * in.size(), in.full(), tapped);
        for (int i = 0; i < tapped.length; i++) {
          out.t()[at + i] += gains.weights() * tapped[i];
        }
      }
    }
    return out;
  }

  private void average(double[] from, int at, boolean full, double[] to) {
    Arrays.fill(to, 0);
    for (int[] tap : taps.source()) {
      for (int p = 0; p < tap.length; p++) {
        if (tap[p] < 0) {
          continue;
        }
        if (!full) {
          to[p] += from[at + tap[p]];
          continue;
        }
        int row = at + tap[p] * positions;
        for (int q = 0; q < tap.length; q++) {
          if (tap[q] >= 0) {
            to[p * tap.length + q] += from[row + tap[q]];
          }
        }
      }
    }
    double share = 1.0 / taps.source().length;
    for (int i = 0; i < to.length; i++) {
      to[i] *= share;
    }
  }
}
