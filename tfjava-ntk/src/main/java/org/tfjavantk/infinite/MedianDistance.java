package org.tfjavantk.infinite;

import java.util.Arrays;
import org.tfjavantk.data.Examples;
import org.tfjavantk.random.RandomStream;

/**
 * The median heuristic for the length of a kernel of distances: the median of |x - z| over the
 * pairs of examples (Garreau, Jitkrittum, Kanagawa 2017).
 */
public final class MedianDistance {
  /** Examples whose pairs are looked at: 130,816 pairs. */
  private static final int MOST = 512;

  private MedianDistance() {}

  /**
   * The median over the pairs of {@value #MOST} of the examples, drawn with the seed, or of all
   * where there are fewer; of an even number of pairs the mean of the middle two, and 0 where there
   * is no pair.
   */
  public static double of(Examples examples, long seed) {
    int n = Math.min(MOST, examples.count());
    int[] order = RandomStream.of(seed, "kernel/median-distance").permutation(examples.count());
    int d = examples.size();
    double[] x = new double[n * d];
    for (int i = 0; i < n; i++) {
      examples.read(order[i], x, i * d);
    }
    double[] distances = new double[n * (n - 1) / 2];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double square = 0;
        for (int k = 0; k < d; k++) {
          double difference = x[i * d + k] - x[j * d + k];
          square += difference * difference;
        }
        distances[at++] = Math.sqrt(square);
      }
    }
    Arrays.sort(distances);
    return at == 0 ? 0 : distances[(at - 1) / 2] / 2 + distances[at / 2] / 2;
  }
}
