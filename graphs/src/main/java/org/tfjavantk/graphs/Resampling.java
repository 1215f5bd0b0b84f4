package org.tfjavantk.graphs;

/** Resizing as a linear map along one axis. */
public final class Resampling {
  private Resampling() {}

  /**
   * The matrix (to, from) that takes {@code from} samples to {@code to}, both at half-pixel
   * centres: sample i lies at (i + 1/2) from / to - 1/2.
   *
   * @param linear whether to weigh with a triangle, whose half width is max(1, from / to) samples
   *     and whose weights inside the axis are divided by their sum; else the nearest sample counts
   */
  public static double[][] matrix(int from, int to, boolean linear) {
    double[][] matrix = new double[to][from];
    double step = (double) from / to;
    double width = Math.max(1, step);
    for (int i = 0; i < to; i++) {
      double centre = (i + 0.5) * step - 0.5;
      if (!linear) {
        int nearest = (int) Math.floor((i + 0.5) * step);
        matrix[i][Math.min(nearest, from - 1)] = 1;
        continue;
      }
      double sum = 0;
      for (int j = 0; j < from; j++) {
        matrix[i][j] = Math.max(0, 1 - Math.abs(j - centre) / width);
        sum += matrix[i][j];
      }
      for (int j = 0; j < from; j++) {
        matrix[i][j] /= sum;
      }
    }
    return matrix;
  }
}
