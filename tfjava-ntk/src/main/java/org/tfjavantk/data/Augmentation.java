package org.tfjavantk.data;

import java.util.Arrays;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/**
 * Random changes to a training image, in the order of the fields.
 *
 * @param rotateDegrees rotation about the image's centre by an angle uniform in +- this, bilinear
 * @param cropPadding padding on every side, then a crop back to the size at a uniform place
 * @param flip left-right with probability one half
 */
public record Augmentation(double rotateDegrees, int cropPadding, boolean flip) {
  private static final long DRAWS = 4;
  private static final ThreadLocal<double[]> SCRATCH = ThreadLocal.withInitial(() -> new double[0]);

  public Augmentation {
    if (!(rotateDegrees >= 0 && rotateDegrees <= 180)) {
      throw new UserException("augment.rotate: found " + rotateDegrees + ", must be in [0, 180]");
    }
    if (cropPadding < 0) {
      throw new UserException(
          "augment.crop_padding: found " + cropPadding + ", must be at least 0");
    }
  }

  /** Changes nothing. */
  public static Augmentation none() {
    return new Augmentation(0, 0, false);
  }

  public boolean isIdentity() {
    return rotateDegrees == 0 && cropPadding == 0 && !flip;
  }

  /** {@link #apply(double[], int, int[], double[], RandomStream, long)} with zeros outside. */
  public void apply(double[] image, int offset, int[] shape, RandomStream stream, long index) {
    if (!isIdentity()) {
      apply(image, offset, shape, new double[shape[shape.length - 1]], stream, index);
    }
  }

  /**
   * Changes the image at {@code image[offset ..]} in place. What it does depends on the stream and
   * {@code index} alone: blocks 4 {@code index} to 4 {@code index} + 3 of the stream are used.
   *
   * @param shape height, width, channels
   * @param outside the value of each channel outside of the image, e.g. {@link
   *     Preprocess#background}
   * @throws UserException if the shape isn't that of an image
   */
  public void apply(
      double[] image, int offset, int[] shape, double[] outside, RandomStream stream, long index) {
    if (isIdentity()) {
      return;
    }
    if (shape.length != 3) {
      throw new UserException(
          "augment: needs images (height, width, channels); the examples have shape "
              + Arrays.toString(shape));
    }
    int size = shape[0] * shape[1] * shape[2];
    double[] copy = SCRATCH.get();
    if (copy.length < size) {
      copy = new double[size];
      SCRATCH.set(copy);
    }
    long draw = DRAWS * index;
    if (rotateDegrees > 0) {
      System.arraycopy(image, offset, copy, 0, size);
      double angle = Math.toRadians(rotateDegrees * (2 * stream.uniform(draw) - 1));
      rotate(copy, angle, shape, outside, image, offset);
    }
    if (cropPadding > 0) {
      System.arraycopy(image, offset, copy, 0, size);
      int down = stream.integer(draw + 1, 2 * cropPadding + 1) - cropPadding;
      int right = stream.integer(draw + 2, 2 * cropPadding + 1) - cropPadding;
      shift(copy, down, right, shape, outside, image, offset);
    }
    if (flip && stream.uniform(draw + 3) < 0.5) {
      mirror(image, offset, shape);
    }
  }

  /**
   * Turns counter-clockwise, as seen, by {@code angle}: the value at a place comes from the place
   * that the inverse rotation sends it to, bilinear between its four neighbours.
   */
  static void rotate(
      double[] from, double angle, int[] shape, double[] outside, double[] to, int offset) {
    int height = shape[0];
    int width = shape[1];
    int channels = shape[2];
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double middleX = (width - 1) / 2.0;
    double middleY = (height - 1) / 2.0;
    int out = offset;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double sourceX = middleX + cos * (x - middleX) - sin * (y - middleY);
        double sourceY = middleY + sin * (x - middleX) + cos * (y - middleY);
        int left = (int) Math.floor(sourceX);
        int top = (int) Math.floor(sourceY);
        double wx = sourceX - left;
        double wy = sourceY - top;
        boolean within = left >= 0 && top >= 0 && left + 1 < width && top + 1 < height;
        int at = (top * width + left) * channels;
        for (int c = 0; c < channels; c++, at++) {
          double v00;
          double v01;
          double v10;
          double v11;
          if (within) {
            v00 = from[at];
            v01 = from[at + channels];
            v10 = from[at + width * channels];
            v11 = from[at + width * channels + channels];
          } else {
            v00 = value(from, top, left, c, shape, outside);
            v01 = value(from, top, left + 1, c, shape, outside);
            v10 = value(from, top + 1, left, c, shape, outside);
            v11 = value(from, top + 1, left + 1, c, shape, outside);
          }
          double upper = v00 + wx * (v01 - v00);
          double lower = v10 + wx * (v11 - v10);
          to[out++] = upper + wy * (lower - upper);
        }
      }
    }
  }

  private static double value(double[] from, int y, int x, int c, int[] shape, double[] outside) {
    boolean within = y >= 0 && y < shape[0] && x >= 0 && x < shape[1];
    return within ? from[(y * shape[1] + x) * shape[2] + c] : outside[c];
  }

  /** The value at (y, x) comes from (y + down, x + right). */
  static void shift(
      double[] from, int down, int right, int[] shape, double[] outside, double[] to, int offset) {
    int out = offset;
    for (int y = 0; y < shape[0]; y++) {
      for (int x = 0; x < shape[1]; x++) {
        for (int c = 0; c < shape[2]; c++) {
          to[out++] = value(from, y + down, x + right, c, shape, outside);
        }
      }
    }
  }

  private static void mirror(double[] image, int offset, int[] shape) {
    int channels = shape[2];
    for (int y = 0; y < shape[0]; y++) {
      int left = offset + y * shape[1] * channels;
      int right = left + (shape[1] - 1) * channels;
      for (; left < right; left += channels, right -= channels) {
        for (int c = 0; c < channels; c++) {
          double t = image[left + c];
          image[left + c] = image[right + c];
          image[right + c] = t;
        }
      }
    }
  }
}
