package org.tfjavantk.data;

/**
 * Separable bilinear resizing with half-pixel centres: output {@code x} is a mean of the inputs
 * {@code i} with weights {@code max(0, 1 - |i + 1/2 - (x + 1/2) s| / max(s, 1))} for {@code s =
 * inputs / outputs}, normalised to sum 1. For s > 1 the filter is s times as wide (antialiasing).
 */
final class Resizer {
  private final int inHeight;
  private final int channels;
  private final int outWidth;
  private final int outHeight;
  private final int inWidth;
  private final int[] firstColumn;
  private final double[][] columnWeights;
  private final int[] firstRow;
  private final double[][] rowWeights;

  Resizer(int inHeight, int inWidth, int channels, int outHeight, int outWidth) {
    this.inHeight = inHeight;
    this.inWidth = inWidth;
    this.channels = channels;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    firstColumn = new int[outWidth];
    columnWeights = weights(inWidth, outWidth, firstColumn);
    firstRow = new int[outHeight];
    rowWeights = weights(inHeight, outHeight, firstRow);
  }

  /** The size of the intermediate image, of {@code inHeight} rows of the new width. */
  int betweenSize() {
    return inHeight * outWidth * channels;
  }

  int outSize() {
    return outHeight * outWidth * channels;
  }

  /** Resizes {@code image} in place, which must have room for the larger of the two sizes. */
  void apply(double[] image, double[] between) {
    for (int y = 0; y < inHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        double[] w = columnWeights[x];
        int from = (y * inWidth + firstColumn[x]) * channels;
        int to = (y * outWidth + x) * channels;
        for (int c = 0; c < channels; c++) {
          double sum = 0;
          for (int k = 0; k < w.length; k++) {
            sum += w[k] * image[from + k * channels + c];
          }
          between[to + c] = sum;
        }
      }
    }
    int stride = outWidth * channels;
    for (int y = 0; y < outHeight; y++) {
      double[] w = rowWeights[y];
      int from = firstRow[y] * stride;
      for (int x = 0; x < stride; x++) {
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
          sum += w[k] * between[from + k * stride + x];
        }
        image[y * stride + x] = sum;
      }
    }
  }

  private static double[][] weights(int inputs, int outputs, int[] first) {
    double scale = (double) inputs / outputs;
    double support = Math.max(scale, 1);
    double[][] weights = new double[outputs][];
    for (int x = 0; x < outputs; x++) {
      double centre = (x + 0.5) * scale;
      int low = 0;
      while (triangle(low, centre, support) == 0) {
        low++;
      }
      int high = low;
      double sum = 0;
      while (high < inputs && triangle(high, centre, support) > 0) {
        sum += triangle(high++, centre, support);
      }
      first[x] = low;
      weights[x] = new double[high - low];
      for (int i = low; i < high; i++) {
        weights[x][i - low] = triangle(i, centre, support) / sum;
      }
    }
    return weights;
  }

  private static double triangle(int input, double centre, double support) {
    return Math.max(0, 1 - Math.abs(input + 0.5 - centre) / support);
  }
}
