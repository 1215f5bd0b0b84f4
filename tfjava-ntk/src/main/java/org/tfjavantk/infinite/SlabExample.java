package org.tfjavantk.infinite;

import java.util.Arrays;
import java.util.List;

/**
 * An image with the standard deviations √K_xx[p,p] before every ReLU, in float64; made by {@link
 * SlabKernel#prepare}.
 */
public final class SlabExample {
  private final double[] pixels;
  private final double squares;
  private final boolean negative;
  private final List<List<double[]>> deviations;

  SlabExample(double[] pixels, List<List<double[]>> deviations) {
    this.pixels = pixels;
    this.deviations = deviations;
    double sum = 0;
    for (double x : pixels) {
      sum += x * x;
    }
    squares = sum;
    negative = Arrays.stream(pixels).anyMatch(x -> x < 0);
  }

  /** Channel after channel in the first level's grid, divided by √channels. */
  double[] pixels() {
    return pixels;
  }

  /** Of each level, for each of its convolutions. */
  List<List<double[]>> deviations() {
    return deviations;
  }

  /** Σ pixels². */
  double squares() {
    return squares;
  }

  /** Whether there are negative pixels. */
  boolean negative() {
    return negative;
  }
}
