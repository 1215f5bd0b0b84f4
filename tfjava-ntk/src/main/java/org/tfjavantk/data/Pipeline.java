package org.tfjavantk.data;

import java.util.Arrays;
import org.tfjavantk.graphs.UserException;

/**
 * A {@link Preprocess} made ready for examples of one type and shape. Unresized bytes go through a
 * table of 256 values per channel; everything else through {@code a_c x + b_c}.
 */
final class Pipeline {
  private static final ThreadLocal<double[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new double[2][0]);

  private final ElementType type;
  private final int rawSize;
  private final int rawChannels;
  private final int[] shape;
  private final int channels;
  private final Resizer resizer;
  private final double[][] table;
  private final double[] factor;
  private final double[] shift;

  private Pipeline(Preprocess p, ElementType type, int[] rawShape, int[] shape) {
    this.type = type;
    this.shape = shape;
    rawSize = Arrays.stream(rawShape).reduce(1, Math::multiplyExact);
    rawChannels = rawShape[rawShape.length - 1];
    channels = shape[shape.length - 1];
    boolean resizes = p.resize() > 0 && (rawShape[0] != p.resize() || rawShape[1] != p.resize());
    resizer =
        resizes ? new Resizer(rawShape[0], rawShape[1], rawChannels, p.resize(), p.resize()) : null;
    double divisor = p.scale() && type == ElementType.U1 ? 255 : 1;
    factor = new double[channels];
    shift = new double[channels];
    table = type == ElementType.U1 && !resizes ? new double[channels][256] : null;
    for (int c = 0; c < channels; c++) {
      factor[c] = 1 / (divisor * p.stdOf(c));
      shift[c] = -p.meanOf(c) / p.stdOf(c);
      for (int v = 0; table != null && v < 256; v++) {
        table[c][v] = (v / divisor - p.meanOf(c)) / p.stdOf(c);
      }
    }
  }

  /**
   * @throws UserException if the preprocessing does not fit the shape
   */
  static Pipeline of(Preprocess p, ElementType type, int[] rawShape) {
    int[] shape = rawShape.clone();
    boolean image = rawShape.length == 3;
    if (p.resize() > 0) {
      if (!image) {
        throw new UserException(
            "dataset.preprocess.resize: needs images (height, width, channels); the examples have"
                + " shape "
                + Arrays.toString(rawShape));
      }
      shape[0] = p.resize();
      shape[1] = p.resize();
    }
    int last = shape.length - 1;
    if (p.channels() > 0 && p.channels() != shape[last]) {
      if (!image || shape[last] != 1) {
        throw new UserException(
            "dataset.preprocess.channels: found "
                + p.channels()
                + "; only images of one channel can be repeated, the examples have shape "
                + Arrays.toString(rawShape));
      }
      shape[last] = p.channels();
    }
    fits("mean", p.mean().length, shape[last]);
    fits("std", p.std().length, shape[last]);
    return new Pipeline(p, type, rawShape, shape);
  }

  private static void fits(String field, int values, int channels) {
    if (values > 1 && values != channels) {
      throw new UserException(
          "dataset.preprocess."
              + field
              + ": has "
              + values
              + " values; give one, or one for each of the "
              + channels
              + " channels");
    }
  }

  int[] shape() {
    return shape.clone();
  }

  void apply(byte[] row, double[] into, int offset) {
    if (table != null) {
      lookUp(row, into, offset);
      return;
    }
    double[] values = into;
    int at = offset;
    if (resizer != null) {
      double[][] scratch = SCRATCH.get();
      for (int k = 0; k < 2; k++) {
        int needed = k == 0 ? Math.max(rawSize, resizer.outSize()) : resizer.betweenSize();
        if (scratch[k].length < needed) {
          scratch[k] = new double[needed];
        }
      }
      type.decode(row, rawSize, scratch[0], 0);
      resizer.apply(scratch[0], scratch[1]);
      values = scratch[0];
      at = 0;
    } else if (rawChannels == channels) {
      type.decode(row, rawSize, into, offset);
    } else {
      double[][] scratch = SCRATCH.get();
      if (scratch[0].length < rawSize) {
        scratch[0] = new double[rawSize];
      }
      type.decode(row, rawSize, scratch[0], 0);
      values = scratch[0];
      at = 0;
    }
    spread(values, at, into, offset);
  }

  private void lookUp(byte[] row, double[] into, int offset) {
    int out = offset;
    if (rawChannels == channels) {
      for (int i = 0; i < rawSize; i += channels) {
        for (int c = 0; c < channels; c++) {
          into[out++] = table[c][row[i + c] & 0xFF];
        }
      }
    } else {
      for (int i = 0; i < rawSize; i++) {
        for (int c = 0; c < channels; c++) {
          into[out++] = table[c][row[i] & 0xFF];
        }
      }
    }
  }

  /** Repeats the channel where there is only one, and applies a_c x + b_c. */
  private void spread(double[] from, int at, double[] into, int offset) {
    int pixels = Arrays.stream(shape, 0, shape.length - 1).reduce(1, (a, b) -> a * b);
    int step = rawChannels == channels ? 1 : 0;
    int out = offset;
    for (int i = 0; i < pixels; i++) {
      int pixel = at + i * rawChannels;
      for (int c = 0; c < channels; c++) {
        into[out++] = factor[c] * from[pixel + c * step] + shift[c];
      }
    }
  }
}
