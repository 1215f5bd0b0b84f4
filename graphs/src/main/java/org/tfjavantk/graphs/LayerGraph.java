package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Reads a network's layers as TensorFlow operations.
 *
 * <p>Only operations with a gradient in float32 and float64 are used: batch norm is written out,
 * and uneven padding is an explicit Pad.
 */
public final class LayerGraph {
  /** How batch norm normalises. */
  enum Mode {
    /** With the moving statistics. */
    INFERENCE,
    /** With the statistics of the batch. */
    TRAINING
  }

  private final Network network;
  private final Ops tf;
  private final Class<TFloating> type;
  private final Mode mode;
  private final Nonlinearities nonlinearities;
  private final NetworkShape.Names names = new NetworkShape.Names();
  private final Map<String, Parameter> variables = new HashMap<>();
  private final List<Op> statisticsUpdates = new ArrayList<>();

  LayerGraph(Network network, Ops tf, Class<TFloating> type, List<Parameter> variables, Mode mode) {
    this.network = network;
    this.tf = tf;
    this.type = type;
    this.mode = mode;
    this.nonlinearities = new Nonlinearities(tf, type);
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
      return affine(z, name, dense.bias(), dense.parametrization(), x.shape().get(1));
    }
    if (layer instanceof Layer.Conv conv) {
      String name = names.of(layer);
      Padded in = pad(x, conv.size(), conv.stride(), conv.pad());
      Operand<TFloating> z =
          tf.nn.conv2d(in.x, value(name + "/kernel"), strides(conv.stride()), in.padding);
      long fanIn = (long) conv.size() * conv.size() * x.shape().get(3);
      return affine(z, name, conv.bias(), conv.parametrization(), fanIn);
    }
    if (layer instanceof Layer.DepthwiseConv conv) {
      String name = names.of(layer);
      Padded in = pad(x, conv.size(), conv.stride(), conv.pad());
      Operand<TFloating> z =
          tf.nn.depthwiseConv2dNative(
              in.x, value(name + "/kernel"), strides(conv.stride()), in.padding);
      long fanIn = (long) conv.size() * conv.size();
      return affine(z, name, conv.bias(), conv.parametrization(), fanIn);
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
      return tf.nn.avgPool(x, strides(pool.size()), strides(pool.stride()), "VALID");
    }
    if (layer instanceof Layer.GlobalAveragePool) {
      return tf.math.mean(x, tf.constant(new int[] {1, 2}));
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
    if (layer instanceof Layer.Concat concat) {
      List<Operand<TFloating>> parts = new ArrayList<>();
      concat.branches().forEach(branch -> parts.add(through(branch, x)));
      return tf.concat(parts, tf.constant(x.shape().numDimensions() - 1));
    }
    throw new AssertionError("no graph for " + layer);
  }

  /** z times the weights' scale, plus the scaled bias. */
  private Operand<TFloating> affine(
      Operand<TFloating> z,
      String name,
      boolean bias,
      Parametrization parametrization,
      long fanIn) {
    Parametrization.Ntk ntk = parametrization instanceof Parametrization.Ntk n ? n : null;
    if (ntk != null) {
      z = tf.math.mul(z, scalar(ntk.weightStd() / Math.sqrt(fanIn)));
    }
    if (!bias) {
      return z;
    }
    Operand<TFloating> b = value(name + "/bias");
    return tf.nn.biasAdd(z, ntk == null ? b : tf.math.mul(b, scalar(ntk.biasStd())));
  }

  private record Padded(Operand<TFloating> x, String padding) {}

  /**
   * SAME where TensorFlow's SAME is this very padding (stride 1, odd size); else an explicit Pad.
   */
  private Padded pad(Operand<TFloating> x, int size, int stride, int pad) {
    if (pad == 0) {
      return new Padded(x, "VALID");
    }
    if (stride == 1 && size == 2 * pad + 1) {
      return new Padded(x, "SAME");
    }
    int[][] paddings = {{0, 0}, {pad, pad}, {pad, pad}, {0, 0}};
    return new Padded(tf.pad(x, tf.constant(paddings), scalar(0)), "VALID");
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

  private static List<Long> strides(long stride) {
    return List.of(1L, stride, stride, 1L);
  }

  private static long sizeOfExample(Operand<TFloating> x) {
    long size = 1;
    for (int i = 1; i < x.shape().numDimensions(); i++) {
      size *= x.shape().get(i);
    }
    return size;
  }
}
