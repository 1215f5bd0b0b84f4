package org.tfjavantk.transform;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;

/** Cases for what models write with several operations. */
final class CompositionRuleCases {
  private static final long[] TOKENS = {2, 3, 4};

  private final RuleCases cases;

  CompositionRuleCases(RuleCases cases) {
    this.cases = cases;
  }

  void add() {
    cases.any(
        "Rsqrt in a layer norm",
        (tf, x) -> layerNorm(tf, x.get(0), x.get(1), x.get(2)),
        TOKENS,
        new long[] {4},
        new long[] {4});
    cases.any(
        "Softmax in attention",
        (tf, x) -> attention(tf, x.get(0), x.get(1), x.get(2)),
        TOKENS,
        new long[] {2, 5, 4},
        new long[] {2, 5, 3});
    cases.any(
        "Conv2DBackpropInput as Keras writes a transposed convolution",
        (tf, x) -> transposedConvolution(tf, x.get(0), x.get(1)),
        new long[] {2, 3, 4, 3},
        new long[] {3, 2, 2, 3});
    cases.any("Tanh in a network with a sum around it", (tf, x) -> residual(tf, x), TOKENS);
  }

  /** As Keras writes it, with the variance by squared differences. */
  private static Operand<?> layerNorm(
      Ops tf, Operand<TFloat64> x, Operand<TFloat64> scale, Operand<TFloat64> shift) {
    Operand<TInt32> last = tf.constant(new int[] {2});
    Operand<TFloat64> mean = tf.math.mean(x, last, Mean.keepDims(true));
    Operand<TFloat64> squares = tf.math.squaredDifference(x, mean);
    Operand<TFloat64> variance = tf.math.mean(squares, last, Mean.keepDims(true));
    Operand<TFloat64> root = tf.math.rsqrt(tf.math.add(variance, tf.constant(1e-3)));
    Operand<TFloat64> factor = tf.math.mul(root, scale);
    Operand<TFloat64> rest = tf.math.sub(shift, tf.math.mul(mean, factor));
    return tf.math.add(tf.math.mul(x, factor), rest);
  }

  private static Operand<?> attention(
      Ops tf, Operand<TFloat64> q, Operand<TFloat64> k, Operand<TFloat64> v) {
    Map<String, AttrValue> transposed = Map.of("adj_y", Attributes.flag(true));
    Operand<?> scores = RuleCases.make(tf, "BatchMatMulV2", transposed, List.of(q, k));
    Operand<?> scaled = RuleCases.make(tf, "Mul", scores, tf.constant(0.5));
    return RuleCases.make(tf, "BatchMatMulV2", RuleCases.make(tf, "Softmax", scaled), v);
  }

  /** The number of images is read from the shape when the graph runs. */
  private static Operand<?> transposedConvolution(
      Ops tf, Operand<TFloat64> x, Operand<TFloat64> filter) {
    Operand<TInt32> images =
        tf.stridedSlice(
            tf.shape(x),
            tf.constant(new int[] {0}),
            tf.constant(new int[] {1}),
            tf.constant(new int[] {1}),
            StridedSlice.shrinkAxisMask(1L));
    Operand<TInt32> shape =
        tf.stack(List.of(images, tf.constant(6), tf.constant(8), tf.constant(2)));
    return RuleCases.make(
        tf,
        "Conv2DBackpropInput",
        Map.of("strides", Attributes.integers(1, 2, 2, 1), "padding", Attributes.text("SAME")),
        List.of(shape, filter, x));
  }

  private static Operand<?> residual(Ops tf, List<? extends Operand<TFloat64>> x) {
    Operand<TFloat64> flat = tf.reshape(x.get(0), tf.constant(new int[] {-1, 4}));
    Operand<TFloat64> hidden = tf.math.tanh(tf.linalg.matMul(flat, flat, MatMul.transposeB(true)));
    Operand<TFloat64> sum = tf.math.add(flat, tf.linalg.matMul(hidden, flat));
    return tf.math.mean(sum, tf.constant(0));
  }
}
