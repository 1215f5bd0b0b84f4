package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.Layer.SelfAttention;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;

/**
 * Attention of all positions to all, as TensorFlow operations. With the input X (P, c) of an
 * example, the embedded input X' = X + L E or [X, L E] (L Lᵀ the covariance of the embeddings, E
 * the parameters), the matrices W of a head drawn from N(0, 1), and s the standard deviations,
 *
 * <p>Q = s_q X' W_q / √c', K = s_k X' W_k / √c', V = s_v X W_v / √c, A = ζ(Q Kᵀ / √keys) V,
 *
 * <p>and the output is s_o [A of all heads] W_o / √(heads values) + s_b b. Under linear scaling W_k
 * is W_q and the scores are Q Kᵀ / keys. Parameters: position (P, c or embedding channels), query
 * and key (c', heads keys), value (c or c', heads values), kernel (heads values, outputs), bias
 * (outputs).
 */
final class AttentionGraph {
  private final Ops tf;
  private final Class<TFloating> type;
  private final SelfAttention layer;
  private final UnaryOperator<String> name;

  /** Of one layer; {@code name} gives its parameters their names in full. */
  AttentionGraph(Ops tf, Class<TFloating> type, SelfAttention layer, UnaryOperator<String> name) {
    this.tf = tf;
    this.type = type;
    this.layer = layer;
    this.name = name;
  }

  /** Where the values of parameters come from. */
  interface Values {
    Operand<TFloating> of(String name);
  }

  private static boolean embeds(Embedding embedding) {
    return embedding.std() != 0 || embedding.channels() > 0;
  }

  /** Names and shapes of the parameters for inputs (..., channels). */
  static List<ParameterSpec> parameters(SelfAttention layer, String name, int... in) {
    Embedding embedding = layer.embedding();
    int channels = in[in.length - 1];
    int embedded = channels + embedding.channels();
    int keys = layer.heads() * layer.keys();
    int values = layer.heads() * layer.values();
    List<ParameterSpec> all = new ArrayList<>();
    if (embeds(embedding)) {
      int beside = embedding.channels() > 0 ? embedding.channels() : channels;
      all.add(normal(name + "/position", Shapes.size(in) / channels, beside));
    }
    all.add(normal(name + "/query", embedded, keys));
    if (!layer.linearScaling()) {
      all.add(normal(name + "/key", embedded, keys));
    }
    all.add(normal(name + "/value", embedding.inValues() ? embedded : channels, values));
    all.add(normal(name + "/kernel", values, layer.outputs()));
    if (layer.biasStd() != 0) {
      all.add(normal(name + "/bias", layer.outputs()));
    }
    return all;
  }

  private static ParameterSpec normal(String name, int... shape) {
    return new ParameterSpec(name, shape, new Initializer.Normal(1), true);
  }

  /** The output for x (n, ..., channels), which has the same positions. */
  Operand<TFloating> apply(Operand<TFloating> x, Values values) {
    long[] shape = x.shape().asArray();
    int[] grid = Arrays.stream(shape, 1, shape.length - 1).mapToInt(Math::toIntExact).toArray();
    long positions = Shapes.size(grid);
    Operand<TFloating> plain = reshaped(x, -1, positions, shape[shape.length - 1]);
    Operand<TFloating> embedded = embedded(plain, values, grid);
    Operand<TFloating> query = heads(embedded, values.of(name.apply("query")), layer.queryStd());
    String key = layer.linearScaling() ? "query" : "key";
    Operand<TFloating> keys = heads(embedded, values.of(name.apply(key)), layer.keyStd());
    double share = layer.linearScaling() ? layer.keys() : Math.sqrt(layer.keys());
    Operand<TFloating> scores =
        tf.train.batchMatMul(scaled(query, 1 / share), keys, type, BatchMatMul.adjY(true));
    Operand<TFloating> value =
        heads(
            layer.embedding().inValues() ? embedded : plain,
            values.of(name.apply("value")),
            layer.valueStd());
    Operand<TFloating> attended = tf.train.batchMatMul(weights(scores), value, type);
    Operand<TFloating> beside =
        reshaped(
            tf.linalg.transpose(attended, tf.constant(new int[] {0, 2, 1, 3})),
            -1,
            positions,
            (long) layer.heads() * layer.values());
    Operand<TFloating> z = mapped(beside, values.of(name.apply("kernel")), layer.outStd());
    if (layer.biasStd() != 0) {
      z = tf.math.add(z, scaled(values.of(name.apply("bias")), layer.biasStd()));
    }
    shape[0] = -1;
    shape[shape.length - 1] = layer.outputs();
    return reshaped(z, shape);
  }

  private Operand<TFloating> embedded(Operand<TFloating> x, Values values, int... grid) {
    if (!embeds(layer.embedding())) {
      return x;
    }
    long positions = x.shape().get(1);
    Operand<TFloating> root =
        tf.dtypes.cast(
            tf.reshape(
                tf.constant(PositionCovariance.root(layer.embedding(), grid)),
                tf.constant(new long[] {positions, positions})),
            type);
    Operand<TFloating> place = tf.linalg.matMul(root, values.of(name.apply("position")));
    if (layer.embedding().channels() == 0) {
      return tf.math.add(x, place);
    }
    // One copy for every example: the examples count in the shape of x alone.
    Operand<TFloating> none = tf.math.mul(x, tf.constant(type, 0));
    Operand<TFloating> zero = tf.sum(none, tf.constant(2), Sum.keepDims(true));
    return tf.concat(List.of(x, tf.math.add(zero, place)), tf.constant(2));
  }

  /** (n, P, c) times (c, heads d), as (n, heads, P, d). */
  private Operand<TFloating> heads(Operand<TFloating> x, Operand<TFloating> w, double std) {
    long each = w.shape().get(1) / layer.heads();
    Operand<TFloating> beside =
        reshaped(mapped(x, w, std), -1, x.shape().get(1), layer.heads(), each);
    return tf.linalg.transpose(beside, tf.constant(new int[] {0, 2, 1, 3}));
  }

  /** std x W / sqrt(fan_in). */
  private Operand<TFloating> mapped(Operand<TFloating> x, Operand<TFloating> w, double std) {
    return scaled(tf.train.batchMatMul(x, w, type), std / Math.sqrt(w.shape().get(0)));
  }

  private Operand<TFloating> weights(Operand<TFloating> scores) {
    return switch (layer.mechanism()) {
      case SOFTMAX -> tf.nn.softmax(scores);
      case IDENTITY -> scores;
      case RELU -> tf.nn.relu(scores);
      case ABS -> tf.math.abs(scores);
    };
  }

  private Operand<TFloating> reshaped(Operand<TFloating> x, long... shape) {
    return tf.reshape(x, tf.constant(shape));
  }

  private Operand<TFloating> scaled(Operand<TFloating> x, double factor) {
    return tf.math.mul(x, tf.constant(type, factor));
  }
}
