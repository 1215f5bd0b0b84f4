package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The layers that move over positions, as TensorFlow operations on (n, h, w, c) and (n, l, c). A
 * sequence is an image of one column.
 */
final class SpatialGraph {
  private final Ops tf;
  private final Class<TFloating> type;

  SpatialGraph(Ops tf, Class<TFloating> type) {
    this.tf = tf;
    this.type = type;
  }

  /** The axes of positions. */
  static Operand<TInt32> positions(Ops tf, Operand<TFloating> x) {
    return tf.constant(IntStream.range(1, x.shape().numDimensions() - 1).toArray());
  }

  /** Cross-correlation with a kernel (rows, columns, in, filters) or (size, in, filters). */
  Operand<TFloating> conv(Operand<TFloating> x, Operand<TFloating> kernel, Window window) {
    Padded in = padded(x, window);
    Operand<TFloating> k = window.axes() == 1 ? tf.expandDims(kernel, tf.constant(1)) : kernel;
    return asGiven(tf.nn.conv2d(in.x, k, strides(window), in.padding), x);
  }

  /** Every channel by itself, with a kernel (rows, columns, in, multiplier). */
  Operand<TFloating> depthwise(Operand<TFloating> x, Operand<TFloating> kernel, Window window) {
    Padded in = padded(x, window);
    return tf.nn.depthwiseConv2dNative(in.x, kernel, strides(window), in.padding);
  }

  /** The input spread by the strides, then correlated with the kernel. */
  Operand<TFloating> convTranspose(Operand<TFloating> x, Operand<TFloating> kernel, Window window) {
    Operand<TFloating> spread = x;
    for (int axis = 0; axis < window.axes(); axis++) {
      int length = length(x, axis);
      Window.Axis places = window.transposedAxis(axis, length);
      spread = spread(spread, axis, window.stride().get(axis));
      int stride = window.stride().get(axis);
      // Zeros follow the last position too.
      int after = places.after() - (stride - 1);
      spread = extend(spread, axis, places.before(), after, places.wraps());
    }
    Window ones =
        new Window(window.size(), window.stride().stream().map(s -> 1).toList(), Padding.VALID);
    return conv(spread, kernel, ones);
  }

  /** z (n, places, filters): every place's patch times its own weights (places, patch, filters). */
  Operand<TFloating> convLocal(Operand<TFloating> x, Operand<TFloating> kernel, Window window) {
    Operand<TFloating> padded = x;
    for (int axis = 0; axis < window.axes(); axis++) {
      Window.Axis places = window.axis(axis, length(x, axis));
      padded = extend(padded, axis, places.before(), places.after(), places.wraps());
    }
    List<Operand<TFloating>> taps = List.of(padded);
    for (int axis = 0; axis < window.axes(); axis++) {
      Window.Axis places = window.axis(axis, length(x, axis));
      List<Operand<TFloating>> next = new ArrayList<>();
      for (Operand<TFloating> tap : taps) {
        for (int k = 0; k < window.size().get(axis); k++) {
          int first = k;
          int stride = window.stride().get(axis);
          int[] rows = IntStream.range(0, places.output()).map(p -> stride * p + first).toArray();
          next.add(tf.gather(tap, tf.constant(rows), tf.constant(axis + 1)));
        }
      }
      taps = next;
    }
    Operand<TFloating> patches = tf.concat(taps, tf.constant(x.shape().numDimensions() - 1));
    long places = kernel.shape().get(0);
    long patch = kernel.shape().get(1);
    Operand<TFloating> flat = tf.reshape(patches, tf.constant(new long[] {-1, places, patch}));
    int[] swap = {1, 0, 2};
    Operand<TFloating> byPlace = tf.linalg.transpose(flat, tf.constant(swap));
    return tf.linalg.transpose(tf.train.batchMatMul(byPlace, kernel, type), tf.constant(swap));
  }

  /** (n, places, c) as the image or sequence that the window's places on x form. */
  Operand<TFloating> places(Operand<TFloating> z, Operand<TFloating> x, Window window) {
    long[] shape = new long[window.axes() + 2];
    shape[0] = -1;
    for (int axis = 0; axis < window.axes(); axis++) {
      shape[axis + 1] = window.axis(axis, length(x, axis)).output();
    }
    shape[shape.length - 1] = z.shape().get(2);
    return tf.reshape(z, tf.constant(shape));
  }

  /** The mean over windows; positions beyond the edges count as zeros or not at all. */
  Operand<TFloating> averagePool(Operand<TFloating> x, Window window, boolean countPadding) {
    Padded in = padded(x, window);
    if (in.padding.equals("SAME") && countPadding) {
      // TensorFlow leaves out what lies beyond the edges.
      in = new Padded(explicit(x, window), "VALID");
    }
    Operand<TFloating> mean = pool(in, window);
    if (!countPadding && in.padding.equals("VALID") && window.padding() instanceof Padding.Zeros) {
      Operand<TFloating> inside =
          pool(new Padded(explicit(tf.onesLike(x), window), "VALID"), window);
      mean = tf.math.div(mean, inside);
    }
    return asGiven(mean, x);
  }

  private Operand<TFloating> pool(Padded in, Window window) {
    long rows = window.size().get(0);
    long columns = window.axes() == 1 ? 1 : window.size().get(1);
    return tf.nn.avgPool(in.x, List.of(1L, rows, columns, 1L), strides(window), in.padding);
  }

  Operand<TFloating> slice(Operand<TFloating> x, Layer.Slice slice) {
    for (int axis = 0; axis < slice.ranges().size(); axis++) {
      Layer.Slice.Range range = slice.ranges().get(axis);
      int end = Math.min(range.end(), length(x, axis));
      int[] rows = IntStream.iterate(range.start(), p -> p < end, p -> p + range.step()).toArray();
      x = tf.gather(x, tf.constant(rows), tf.constant(axis + 1));
    }
    return x;
  }

  /** Rows, then columns, as products with the matrices of {@link Resampling}. */
  Operand<TFloating> resize(Operand<TFloating> x, Layer.Resize resize) {
    int height = length(x, 0);
    int width = length(x, 1);
    long channels = x.shape().get(3);
    Operand<TFloating> rows = matrix(Resampling.matrix(height, resize.rows(), resize.linear()));
    Operand<TFloating> columns =
        matrix(Resampling.matrix(width, resize.columns(), resize.linear()));
    Operand<TFloating> flat = tf.reshape(x, tf.constant(new long[] {-1, height, width * channels}));
    Operand<TFloating> tall = tf.train.batchMatMul(rows, flat, type);
    Operand<TFloating> wide = tf.reshape(tall, tf.constant(new long[] {-1, width, channels}));
    Operand<TFloating> both = tf.train.batchMatMul(columns, wide, type);
    long[] shape = {-1, resize.rows(), resize.columns(), channels};
    return tf.reshape(both, tf.constant(shape));
  }

  private Operand<TFloating> matrix(double[][] values) {
    double[] flat = new double[values.length * values[0].length];
    for (int r = 0; r < values.length; r++) {
      System.arraycopy(values[r], 0, flat, r * values[0].length, values[0].length);
    }
    Shape shape = Shape.of(values.length, values[0].length);
    return tf.dtypes.cast(tf.reshape(tf.constant(flat), tf.constant(shape.asArray())), type);
  }

  private record Padded(Operand<TFloating> x, String padding) {}

  /** An image, and the padding that TensorFlow shall add; what it can't is added explicitly. */
  private Padded padded(Operand<TFloating> x, Window window) {
    if (window.padding() instanceof Padding.Valid) {
      return new Padded(asImage(x), "VALID");
    }
    if (window.padding() instanceof Padding.Same || isSame(x, window)) {
      return new Padded(asImage(x), "SAME");
    }
    return new Padded(explicit(x, window), "VALID");
  }

  /** Whether TensorFlow's SAME is this very padding. */
  private boolean isSame(Operand<TFloating> x, Window window) {
    Window same = new Window(window.size(), window.stride(), Padding.SAME);
    return IntStream.range(0, window.axes())
        .allMatch(
            axis -> window.axis(axis, length(x, axis)).equals(same.axis(axis, length(x, axis))));
  }

  private Operand<TFloating> explicit(Operand<TFloating> x, Window window) {
    Operand<TFloating> padded = x;
    for (int axis = 0; axis < window.axes(); axis++) {
      Window.Axis places = window.axis(axis, length(x, axis));
      padded = extend(padded, axis, places.before(), places.after(), places.wraps());
    }
    return asImage(padded);
  }

  /** Zeros, or what lies at the other end, before and after one axis; less than none is cut off. */
  private Operand<TFloating> extend(
      Operand<TFloating> x, int axis, int before, int after, boolean wraps) {
    int length = length(x, axis);
    if (wraps || before < 0 || after < 0) {
      int[] positions =
          IntStream.range(-before, length + after)
              .filter(p -> wraps || p >= 0 && p < length)
              .map(p -> Math.floorMod(p, length))
              .toArray();
      x = tf.gather(x, tf.constant(positions), tf.constant(axis + 1));
      if (wraps) {
        return x;
      }
    }
    if (before <= 0 && after <= 0) {
      return x;
    }
    int[][] paddings = new int[x.shape().numDimensions()][2];
    paddings[axis + 1] = new int[] {Math.max(0, before), Math.max(0, after)};
    return tf.pad(x, tf.constant(paddings), tf.constant(type, 0));
  }

  /** stride - 1 zeros after every position of an axis. */
  private Operand<TFloating> spread(Operand<TFloating> x, int axis, int stride) {
    if (stride == 1) {
      return x;
    }
    int[][] paddings = new int[x.shape().numDimensions() + 1][2];
    paddings[axis + 2] = new int[] {0, stride - 1};
    Operand<TFloating> apart = tf.expandDims(x, tf.constant(axis + 2));
    Operand<TFloating> padded = tf.pad(apart, tf.constant(paddings), tf.constant(type, 0));
    long[] shape = x.shape().asArray();
    shape[0] = -1;
    shape[axis + 1] *= stride;
    return tf.reshape(padded, tf.constant(shape));
  }

  private Operand<TFloating> asImage(Operand<TFloating> x) {
    return x.shape().numDimensions() == 3 ? tf.expandDims(x, tf.constant(2)) : x;
  }

  private Operand<TFloating> asGiven(Operand<TFloating> z, Operand<TFloating> x) {
    return x.shape().numDimensions() == 3
        ? tf.squeeze(z, org.tensorflow.op.core.Squeeze.axis(List.of(2L)))
        : z;
  }

  private static int length(Operand<TFloating> x, int axis) {
    return Math.toIntExact(x.shape().get(axis + 1));
  }

  private static List<Long> strides(Window window) {
    long rows = window.stride().get(0);
    long columns = window.axes() == 1 ? 1 : window.stride().get(1);
    return List.of(1L, rows, columns, 1L);
  }
}
