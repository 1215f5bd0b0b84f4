package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.family.TFloating;

/**
 * Reads a network's layers as TensorFlow operations.
 *
 * <p>Only operations with a gradient in float32 and float64 are used: batch norm is written out,
 * and uneven padding is an explicit Pad.
 */
public final class LayerGraph {
  /** How batch norm normalises, and what dropout drops. */
  enum Mode {
    /** With the moving statistics. */
    INFERENCE,
    /** With the statistics of the batch; entries are dropped at random. */
    TRAINING,
    /** With the moving statistics; entries are dropped as further inputs of an example say. */
    DROPOUT
  }

  private final Network network;
  private final Ops tf;
  private final Class<TFloating> type;
  private final Mode mode;
  private final SpatialGraph spatial;
  private final Nonlinearities nonlinearities;
  private final NetworkShape.Names names = new NetworkShape.Names();
  private final Map<String, Parameter> variables = new HashMap<>();
  private final List<Op> statisticsUpdates = new ArrayList<>();
  private final List<ModelInput> dropoutInputs = new ArrayList<>();

  LayerGraph(Network network, Ops tf, Class<TFloating> type, List<Parameter> variables, Mode mode) {
    this.network = network;
    this.tf = tf;
    this.type = type;
    this.mode = mode;
    spatial = new SpatialGraph(tf, type);
    nonlinearities = new Nonlinearities(tf, type);
    variables.forEach(v -> this.variables.put(v.name(), v));
  }

  /** The network's output for the batch x of shape (n, ...). To be called once. */
  public Operand<TFloating> apply(Operand<TFloating> x) {
    return through(network.layers(), x);
  }

  /** In training mode: operations that move batch norm's statistics; run them with every batch. */
  public List<Op> statisticsUpdates() {
    return List.copyOf(statisticsUpdates);
  }

  /** In dropout mode: the numbers that say what is dropped, layer by layer. */
  List<ModelInput> dropoutInputs() {
    return List.copyOf(dropoutInputs);
  }

  private Operand<TFloating> through(List<Layer> layers, Operand<TFloating> x) {
    for (Layer layer : layers) {
      x = through(layer, x);
    }
    return x;
  }

  private Operand<TFloating> through(Layer layer, Operand<TFloating> x) {
    if (layer instanceof Layer.Dense dense) {
      String name = names.of(layer);
      Operand<TFloating> z = tf.linalg.matMul(x, value(name + "/kernel"));
      return affine(z, name, dense.bias(), dense.parametrization(), channels(x));
    }
    if (layer instanceof Layer.Conv conv) {
      String name = names.of(layer);
      Operand<TFloating> z = spatial.conv(x, value(name + "/kernel"), conv.window());
      int fanIn = conv.window().area() * channels(x);
      return affine(z, name, conv.bias(), conv.parametrization(), fanIn);
    }
    if (layer instanceof Layer.ConvTranspose conv) {
      String name = names.of(layer);
      Operand<TFloating> z = spatial.convTranspose(x, value(name + "/kernel"), conv.window());
      int fanIn = conv.window().area() * channels(x);
      return affine(z, name, conv.bias(), conv.parametrization(), fanIn);
    }
    if (layer instanceof Layer.ConvLocal conv) {
      String name = names.of(layer);
      Operand<TFloating> z = spatial.convLocal(x, value(name + "/kernel"), conv.window());
      int fanIn = conv.window().area() * channels(x);
      z = affine(z, name, conv.bias(), conv.parametrization(), fanIn);
      return spatial.places(z, x, conv.window());
    }
    if (layer instanceof Layer.DepthwiseConv conv) {
      String name = names.of(layer);
      Window window = Window.square(conv.size(), conv.stride(), conv.pad());
      Operand<TFloating> z = spatial.depthwise(x, value(name + "/kernel"), window);
      return affine(z, name, conv.bias(), conv.parametrization(), window.area());
    }
    if (layer instanceof Layer.BatchNorm norm) {
      return batchNorm(norm, names.of(layer), x);
    }
    if (layer instanceof Layer.Nonlinearity nonlinearity) {
      return nonlinearities.apply(nonlinearity.activation(), x);
    }
    if (layer instanceof Layer.MaxPool pool) {
      return tf.nn.maxPool(
          x,
          tf.constant(new int[] {1, pool.size(), pool.size(), 1}),
          tf.constant(new int[] {1, pool.stride(), pool.stride(), 1}),
          "VALID");
    }
    if (layer instanceof Layer.AveragePool pool) {
      return spatial.averagePool(x, pool.window(), pool.countPadding());
    }
    if (layer instanceof Layer.SumPool pool) {
      Operand<TFloating> mean = spatial.averagePool(x, pool.window(), true);
      return tf.math.mul(mean, scalar(pool.window().area()));
    }
    if (layer instanceof Layer.GlobalAveragePool) {
      return tf.math.mean(x, SpatialGraph.positions(tf, x));
    }
    if (layer instanceof Layer.GlobalSumPool) {
      return tf.sum(x, SpatialGraph.positions(tf, x));
    }
    if (layer instanceof Layer.LayerNorm norm) {
      return layerNorm(norm, x);
    }
    if (layer instanceof Layer.Dropout dropout) {
      return switch (mode) {
        case INFERENCE -> x;
        case TRAINING -> drop(x, tf.random.randomUniform(tf.shape(x), type), dropout.keep());
        case DROPOUT -> drop(x, dropoutInput(x), dropout.keep());
      };
    }
    if (layer instanceof Layer.SelfAttention attention) {
      String name = names.of(layer);
      return new AttentionGraph(tf, type, attention, part -> name + "/" + part)
          .apply(x, this::value);
    }
    if (layer instanceof Layer.Slice slice) {
      return spatial.slice(x, slice);
    }
    if (layer instanceof Layer.Resize resize) {
      return spatial.resize(x, resize);
    }
    if (layer instanceof Layer.Flatten) {
      return tf.reshape(x, tf.constant(new long[] {-1, sizeOfExample(x)}));
    }
    if (layer instanceof Layer.Scale scale) {
      return tf.math.mul(x, scalar(scale.factor()));
    }
    if (layer instanceof Layer.Residual residual) {
      return tf.math.add(through(residual.body(), x), through(residual.shortcut(), x));
    }
    if (layer instanceof Layer.Product product) {
      return product.branches().stream()
          .map(branch -> through(branch, x))
          .reduce((a, b) -> tf.math.mul(a, b))
          .orElseThrow();
    }
    if (layer instanceof Layer.Concat concat) {
      List<Operand<TFloating>> parts = new ArrayList<>();
      concat.branches().forEach(branch -> parts.add(through(branch, x)));
      int rank = x.shape().numDimensions();
      return tf.concat(parts, tf.constant(concat.axis() < 0 ? rank - 1 : concat.axis() + 1));
    }
    throw new AssertionError("no graph for " + layer);
  }

  /** z times the weights' scale, plus the scaled bias. */
  private Operand<TFloating> affine(
      Operand<TFloating> z, String name, boolean bias, Parametrization parametrization, int fanIn) {
    z = scaled(z, parametrization.weightScale(fanIn));
    if (!bias) {
      return z;
    }
    Operand<TFloating> b = scaled(value(name + "/bias"), parametrization.biasScale());
    return b.shape().numDimensions() == 1 ? tf.nn.biasAdd(z, b) : tf.math.add(z, b);
  }

  private Operand<TFloating> scaled(Operand<TFloating> x, double scale) {
    return scale == 1 ? x : tf.math.mul(x, scalar(scale));
  }

  private Operand<TFloating> layerNorm(Layer.LayerNorm norm, Operand<TFloating> x) {
    int rank = x.shape().numDimensions();
    int[] axes = norm.overPositions() ? IntStream.range(1, rank).toArray() : new int[] {rank - 1};
    var over = tf.constant(axes);
    Operand<TFloating> centred = tf.math.sub(x, tf.math.mean(x, over, Mean.keepDims(true)));
    Operand<TFloating> variance = tf.math.mean(tf.math.square(centred), over, Mean.keepDims(true));
    return tf.math.mul(centred, tf.math.rsqrt(tf.math.add(variance, scalar(norm.epsilon()))));
  }

  private Operand<TFloating> dropoutInput(Operand<TFloating> x) {
    String name = "dropout" + dropoutInputs.size();
    int[] shape = new int[x.shape().numDimensions() - 1];
    Arrays.setAll(shape, axis -> Math.toIntExact(x.shape().get(axis + 1)));
    Operand<TFloating> u =
        tf.withName(name).placeholder(type, Placeholder.shape(Shape.of(x.shape().asArray())));
    dropoutInputs.add(new ModelInput(name, u, shape));
    return u;
  }

  private Operand<TFloating> drop(Operand<TFloating> x, Operand<TFloating> u, double keep) {
    Operand<TFloating> kept = tf.dtypes.cast(tf.math.less(u, scalar(keep)), type);
    return tf.math.mul(x, tf.math.div(kept, scalar(keep)));
  }

  private Operand<TFloating> batchNorm(Layer.BatchNorm norm, String name, Operand<TFloating> x) {
    Operand<TFloating> mean = value(name + "/mean");
    Operand<TFloating> variance = value(name + "/variance");
    if (mode == Mode.TRAINING) {
      var axes = tf.constant(x.shape().numDimensions() == 4 ? new int[] {0, 1, 2} : new int[] {0});
      Operand<TFloating> batchMean = tf.math.mean(x, axes);
      Operand<TFloating> batchVariance =
          tf.math.mean(tf.math.squaredDifference(x, batchMean), axes);
      // The moving variance takes the unbiased estimate: m / (m - 1), m values in a channel.
      Operand<TFloating> size = tf.dtypes.cast(tf.size(x), type);
      Operand<TFloating> channels = tf.dtypes.cast(tf.size(mean), type);
      Operand<TFloating> m = tf.math.div(size, channels);
      Operand<TFloating> one = scalar(1);
      Operand<TFloating> unbiased =
          tf.math.mul(batchVariance, tf.math.div(m, tf.math.maximum(one, tf.math.sub(m, one))));
      move(name + "/mean", mean, batchMean, norm.momentum());
      move(name + "/variance", variance, unbiased, norm.momentum());
      mean = batchMean;
      variance = batchVariance;
    }
    Operand<TFloating> scale = tf.math.rsqrt(tf.math.add(variance, scalar(norm.epsilon())));
    Operand<TFloating> normalised = tf.math.mul(tf.math.sub(x, mean), scale);
    return tf.nn.biasAdd(tf.math.mul(normalised, value(name + "/gamma")), value(name + "/beta"));
  }

  private void move(
      String name, Operand<TFloating> old, Operand<TFloating> batch, double momentum) {
    Operand<TFloating> moved =
        tf.math.add(tf.math.mul(old, scalar(1 - momentum)), tf.math.mul(batch, scalar(momentum)));
    statisticsUpdates.add(tf.assignVariableOp(variables.get(name).handle(), moved));
  }

  private Operand<TFloating> value(String name) {
    return variables.get(name).value();
  }

  private Operand<TFloating> scalar(double value) {
    return tf.constant(type, value);
  }

  private static int channels(Operand<TFloating> x) {
    return Math.toIntExact(x.shape().get(x.shape().numDimensions() - 1));
  }

  private static long sizeOfExample(Operand<TFloating> x) {
    long size = 1;
    for (int i = 1; i < x.shape().numDimensions(); i++) {
      size *= x.shape().get(i);
    }
    return size;
  }
}
