package org.tfjavantk.data;

import java.util.Arrays;
import org.tfjavantk.graphs.UserException;

/**
 * What happens to an example before the network sees it, in the order of the fields: {@code ((scale
 * * repeat(resize(x))) - mean) / std}.
 *
 * <p>Resizing is bilinear with half-pixel centres and, when it shrinks, a filter widened by the
 * factor (antialiasing), as PIL and torchvision do. Their results on bytes are rounded to bytes;
 * here they stay unrounded.
 *
 * @param resize side of the square image; 0 keeps the size
 * @param channels a one-channel image is repeated to this many channels; 0 keeps them
 * @param scale divides values by 255 where the source holds unsigned bytes; else without effect
 * @param mean subtracted, per index of the last axis (the channel); one value serves all; empty
 *     means 0
 * @param std divided by, in the same way; empty means 1
 */
public record Preprocess(int resize, int channels, boolean scale, double[] mean, double[] std) {
  public Preprocess {
    mean = mean.clone();
    std = std.clone();
    atLeastZero("resize", resize);
    atLeastZero("channels", channels);
    for (double m : mean) {
      if (!Double.isFinite(m)) {
        throw new UserException("dataset.preprocess.mean: found " + m + ", must be finite");
      }
    }
    for (double s : std) {
      if (!(s > 0) || !Double.isFinite(s)) {
        throw new UserException("dataset.preprocess.std: found " + s + ", must be above 0");
      }
    }
    if (mean.length > 1 && std.length > 1 && mean.length != std.length) {
      throw new UserException(
          "dataset.preprocess: mean has "
              + mean.length
              + " values and std has "
              + std.length
              + "; give each of them one value, or one for every channel");
    }
  }

  /** Only the scaling of bytes to [0, 1]. */
  public static Preprocess scaled() {
    return new Preprocess(0, 0, true, new double[0], new double[0]);
  }

  /** Leaves all values as the source has them. */
  public static Preprocess none() {
    return new Preprocess(0, 0, false, new double[0], new double[0]);
  }

  @Override
  public double[] mean() {
    return mean.clone();
  }

  @Override
  public double[] std() {
    return std.clone();
  }

  /**
   * What a raw value of zero becomes in every channel, {@code -mean / std}: the black that {@link
   * Augmentation} fills in where an image leaves its frame.
   */
  public double[] background(int channels) {
    double[] black = new double[channels];
    for (int c = 0; c < channels; c++) {
      black[c] = mean.length == 0 ? 0 : -meanOf(c) / stdOf(c);
    }
    return black;
  }

  double meanOf(int channel) {
    return mean.length == 0 ? 0 : mean[mean.length == 1 ? 0 : channel];
  }

  double stdOf(int channel) {
    return std.length == 0 ? 1 : std[std.length == 1 ? 0 : channel];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Preprocess that
        && resize == that.resize
        && channels == that.channels
        && scale == that.scale
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(std, that.std);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(
        new int[] {
          resize, channels, Boolean.hashCode(scale), Arrays.hashCode(mean), Arrays.hashCode(std)
        });
  }

  @Override
  public String toString() {
    return "Preprocess[resize=%d, channels=%d, scale=%b, mean=%s, std=%s]"
        .formatted(resize, channels, scale, Arrays.toString(mean), Arrays.toString(std));
  }

  private static void atLeastZero(String field, int value) {
    if (value < 0) {
      throw new UserException(
          "dataset.preprocess." + field + ": found " + value + ", must be at least 0");
    }
  }
}
