package org.tfjavantk.deepnarrow;

import java.util.Arrays;

/**
 * Where a network's activations live: the positions of an image, and the side of the window around
 * a position that a layer reads. A vector is an image of one position.
 *
 * @param kernel side of the square window, odd; beyond the border of the image there are zeros
 */
public record Image(int height, int width, int kernel) {
  /** One position: layers are dense. */
  public static final Image POINT = new Image(1, 1, 1);

  public Image {
    if (height < 1 || width < 1 || kernel < 1 || kernel % 2 == 0) {
      throw new IllegalArgumentException(
          "an image %d x %d with a window of side %d".formatted(height, width, kernel));
    }
  }

  /** Positions P. */
  public int positions() {
    return height * width;
  }

  /** Offsets δ that a window has; the middle one is at {@code taps() / 2}. */
  public int taps() {
    return kernel * kernel;
  }

  /** The position {@code p + δ} that a window at position p reads at a tap, or -1 for a zero. */
  int source(int tap, int p) {
    int y = p / width + tap / kernel - kernel / 2;
    int x = p % width + tap % kernel - kernel / 2;
    return y < 0 || y >= height || x < 0 || x >= width ? -1 : y * width + x;
  }

  /**
   * {@code m_δ(A) = (1/P) Σ_p A(p + δ)} for every tap δ, with zeros outside: the mean that the
   * weight of a tap sees.
   *
   * @param map P values of one channel
   */
  double[] tapMeans(double[] map) {
    double[] means = new double[taps()];
    for (int tap = 0; tap < means.length; tap++) {
      for (int p = 0; p < positions(); p++) {
        int source = source(tap, p);
        means[tap] += source < 0 ? 0 : map[source] / positions();
      }
    }
    return means;
  }

  /** {@code ρ = Σ_δ m_δ(1)²}: 1 for a point, (121/49)² for 7 x 7 and a window of 3. */
  double coverage() {
    double[] ones = new double[positions()];
    Arrays.fill(ones, 1);
    double sum = 0;
    for (double mean : tapMeans(ones)) {
      sum += mean * mean;
    }
    return sum;
  }
}
