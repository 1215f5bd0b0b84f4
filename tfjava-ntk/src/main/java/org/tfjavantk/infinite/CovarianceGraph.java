package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.infinite.SlabPlan.Level;
import org.tfjavantk.infinite.SlabStack.Conv;
import org.tfjavantk.infinite.SlabStack.Top;

/**
 * The kernels of a {@link SlabStack} on a TensorFlow graph, for devices with much memory and many
 * cores: the whole covariance K[b, p, q] of some images x_b with one image z, and Θ likewise, taken
 * from layer to layer by the formulas of {@link SlabStack}; where nothing mixes positions, only p =
 * q. The standard deviations come with the examples.
 */
final class CovarianceGraph implements AutoCloseable {
  /** Arrays of the size of K that exist at once, about. */
  private static final int ALIVE = 10;

  private final SlabStack stack;
  private final List<Level> levels;
  private final boolean full;
  private final Precision precision;
  private final Graph graph = new Graph();
  private final Session session;
  private final Ops tf;
  private final Placeholder<TFloating> x;
  private final Placeholder<TFloating> z;
  private final List<Placeholder<TFloating>> deviationsOfX = new ArrayList<>();
  private final List<Placeholder<TFloating>> deviationsOfZ = new ArrayList<>();
  private final Operand<TFloating> sumK;
  private final Operand<TFloating> sumTheta;

  /** K and Θ of images of one size: (b, h, w, h, w), or (b, h, w) where p = q. */
  private record Pair(Operand<TFloating> k, Operand<TFloating> theta, int height, int width) {}

  CovarianceGraph(SlabStack stack, Precision precision, DeviceChoice device) {
    this.stack = stack;
    this.precision = precision;
    SlabPlan plan = SlabPlan.of(stack);
    levels = plan.levels();
    full = plan.mixes();
    tf = device.ops(graph);
    int positions = stack.height() * stack.width();
    x = placeholder(-1, positions, stack.channels());
    z = placeholder(positions, stack.channels());
    Pair pair = input();
    for (Level level : levels) {
      for (Conv conv : level.convs()) {
        pair = relu(conv(pair, conv));
      }
      if (level.poolY() != null) {
        pair = pool(pair, level.poolY().window());
      }
    }
    sumK = sum(pair, pair.k);
    sumTheta = sum(pair, pair.theta);
    session = new Session(graph, device.config());
  }

  private Placeholder<TFloating> placeholder(long... shape) {
    return tf.placeholder(type(), Placeholder.shape(Shape.of(shape)));
  }

  @SuppressWarnings("unchecked")
  private Class<TFloating> type() {
    return (Class<TFloating>) (Class<?>) precision.type();
  }

  private Operand<TFloating> number(double value) {
    return tf.dtypes.cast(tf.constant(value), type());
  }

  private Operand<TInt32> ints(int... values) {
    return tf.constant(values);
  }

  /** Axes of the images' sides; the first is that of the batch. */
  private int[] shape(int height, int width) {
    return full ? new int[] {-1, height, width, height, width} : new int[] {-1, height, width};
  }

  private Pair input() {
    int h = stack.height();
    int w = stack.width();
    Operand<TFloating> k;
    if (full) {
      k = tf.train.batchMatMul(x, z, type(), BatchMatMul.adjY(true));
    } else {
      k = tf.reduceSum(tf.math.mul(x, z), ints(2));
    }
    k = tf.reshape(k, ints(shape(h, w)));
    return new Pair(k, tf.zerosLike(k), h, w);
  }

  private Pair conv(Pair in, Conv conv) {
    double scale = conv.weightVariance() / (conv.size() * conv.size());
    Operand<TFloating> k =
        tf.math.add(
            tf.math.mul(box(in.k, in, conv.radius()), number(scale)), number(conv.biasVariance()));
    Operand<TFloating> theta =
        tf.math.add(tf.math.mul(box(in.theta, in, conv.radius()), number(scale)), k);
    return new Pair(k, theta, in.height, in.width);
  }

  /** Σ_δ in[p + δ, q + δ], what lies beyond the images being zero. */
  private Operand<TFloating> box(Operand<TFloating> in, Pair like, int radius) {
    Operand<TFloating> rows = box(in, like.height, radius, 1);
    return box(rows, like.width, radius, 2);
  }

  /** The sum over one direction: along the axis of p, and that of q two further on. */
  private Operand<TFloating> box(Operand<TFloating> in, int side, int radius, int axis) {
    if (radius == 0) {
      return in;
    }
    int rank = full ? 5 : 3;
    int[][] paddings = new int[rank][2];
    int[] size = new int[rank];
    Arrays.fill(size, -1);
    for (int a = axis; a < rank; a += 2) {
      paddings[a] = new int[] {radius, radius};
      size[a] = side;
    }
    Operand<TFloating> padded = tf.pad(in, tf.constant(paddings), number(0));
    List<Operand<TFloating>> shifted = new ArrayList<>();
    for (int delta = 0; delta <= 2 * radius; delta++) {
      int[] begin = new int[rank];
      for (int a = axis; a < rank; a += 2) {
        begin[a] = delta;
      }
      shifted.add(tf.slice(padded, ints(begin), ints(size)));
    }
    return tf.math.addN(shifted);
  }

  private Pair relu(Pair in) {
    int p = in.height * in.width;
    Placeholder<TFloating> ofX = placeholder(-1, p);
    Placeholder<TFloating> ofZ = placeholder(p);
    deviationsOfX.add(ofX);
    deviationsOfZ.add(ofZ);
    int[] rows = full ? new int[] {-1, in.height, in.width, 1, 1} : shape(in.height, in.width);
    int[] columns = {in.height, in.width};
    Operand<TFloating> s = tf.math.mul(tf.reshape(ofX, ints(rows)), tf.reshape(ofZ, ints(columns)));
    Operand<TFloating> one = number(1);
    Operand<TFloating> cosine = tf.clipByValue(tf.math.divNoNan(in.k, s), number(-1), one);
    Operand<TFloating> rest = tf.math.sub(number(Math.PI), tf.math.acos(cosine));
    Operand<TFloating> sine =
        tf.math.sqrt(tf.math.mul(tf.math.sub(one, cosine), tf.math.add(one, cosine)));
    Operand<TFloating> k = tf.math.add(tf.math.mul(s, sine), tf.math.mul(rest, in.k));
    Operand<TFloating> scale = number(1 / (2 * Math.PI));
    return new Pair(
        tf.math.mul(k, scale),
        tf.math.mul(tf.math.mul(in.theta, rest), scale),
        in.height,
        in.width);
  }

  private Pair pool(Pair in, int window) {
    return new Pair(
        pool(in.k, in, window), pool(in.theta, in, window), in.height / window, in.width / window);
  }

  /** Means over the windows of q, then over those of p; what is left over is dropped. */
  private Operand<TFloating> pool(Operand<TFloating> in, Pair like, int window) {
    int h = like.height / window;
    int w = like.width / window;
    Operand<TFloating> whole =
        tf.slice(in, ints(0, 0, 0, 0, 0), ints(-1, h * window, w * window, h * window, w * window));
    Operand<TFloating> q = tf.reshape(whole, ints(-1, h, window, w, window));
    Operand<TFloating> p =
        tf.reshape(tf.math.mean(q, ints(2, 4)), ints(-1, h, window, w, window, h * w));
    return tf.reshape(tf.math.mean(p, ints(2, 4)), ints(shape(h, w)));
  }

  /** Over all positions, or over p = q. */
  private Operand<TFloating> sum(Pair top, Operand<TFloating> values) {
    int p = top.height * top.width;
    if (!full || stack.top() == Top.AVERAGE) {
      int[] axes = IntStream.range(1, full ? 5 : 3).toArray();
      return tf.reduceSum(values, ints(axes), ReduceSum.keepDims(false));
    }
    Operand<TFloating> matrices = tf.reshape(values, ints(-1, p, p));
    return tf.reduceSum(tf.math.mul(matrices, identity(p)), ints(1, 2));
  }

  private Operand<TFloating> identity(int n) {
    double[][] ones = new double[n][n];
    for (int i = 0; i < n; i++) {
      ones[i][i] = 1;
    }
    return tf.dtypes.cast(tf.constant(ones), type());
  }

  /** Bytes that a pair takes while it is computed, about. */
  static long bytesOfPair(SlabStack stack, Precision precision) {
    long positions = (long) stack.height() * stack.width();
    long values = SlabPlan.of(stack).mixes() ? positions * positions : positions;
    return ALIVE * precision.bytes() * values;
  }

  /**
   * The sums of K and of Θ for some images x with one image z: over all positions, or over p = q.
   *
   * @return (2, number of images)
   */
  double[][] sums(List<SlabExample> images, SlabExample other) {
    List<Tensor> open = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      int b = images.size();
      int positions = stack.height() * stack.width();
      int channels = stack.channels();
      feed(runner, open, x, values(images, this::pixels), b, positions, channels);
      feed(runner, open, z, pixels(other), positions, channels);
      int k = 0;
      for (int l = 0; l < levels.size(); l++) {
        int level = l;
        Grid grid = levels.get(l).grid();
        for (int c = 0; c < levels.get(l).convs().size(); c++) {
          int conv = c;
          int p = grid.height() * grid.width();
          double[] ofX =
              values(images, image -> inside(grid, image.deviations().get(level).get(conv)));
          feed(runner, open, deviationsOfX.get(k), ofX, b, p);
          double[] ofZ = inside(grid, other.deviations().get(level).get(conv));
          feed(runner, open, deviationsOfZ.get(k), ofZ, p);
          k++;
        }
      }
      try (var result = runner.fetch(sumK).fetch(sumTheta).run()) {
        return new double[][] {Tensors.toDoubles(result.get(0)), Tensors.toDoubles(result.get(1))};
      }
    } finally {
      open.forEach(Tensor::close);
    }
  }

  private void feed(
      Session.Runner runner,
      List<Tensor> open,
      Placeholder<TFloating> placeholder,
      double[] values,
      long... shape) {
    Tensor tensor = Tensors.of(values, precision, shape);
    open.add(tensor);
    runner.feed(placeholder, tensor);
  }

  private interface Part {
    double[] of(SlabExample example);
  }

  private static double[] values(List<SlabExample> images, Part part) {
    return images.stream().flatMapToDouble(image -> Arrays.stream(part.of(image))).toArray();
  }

  /** (positions, channels). */
  private double[] pixels(SlabExample image) {
    Grid grid = levels.get(0).grid();
    int channels = stack.channels();
    double[] pixels = new double[stack.height() * stack.width() * channels];
    for (int c = 0; c < channels; c++) {
      double[] channel = inside(grid, image.pixels(), c * grid.length());
      for (int p = 0; p < channel.length; p++) {
        pixels[p * channels + c] = channel[p];
      }
    }
    return pixels;
  }

  private static double[] inside(Grid grid, double[] values) {
    return inside(grid, values, 0);
  }

  /** The values at the positions of a grid that begins somewhere. */
  private static double[] inside(Grid grid, double[] values, int begin) {
    double[] inside = new double[grid.height() * grid.width()];
    for (int y = 0; y < grid.height(); y++) {
      System.arraycopy(
          values,
          begin + grid.border() + y * grid.columns(),
          inside,
          y * grid.width(),
          grid.width());
    }
    return inside;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
