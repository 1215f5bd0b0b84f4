package org.tfjavantk.transform;

import static org.tfjavantk.transform.LinearRules.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Batches pass through batch norm: y = γ x̂ + β with x̂ = (x − m) r, r = 1 / sqrt(v + ε), where m
 * and v are given (inference) or the mean and variance of the images of one example (training).
 */
final class BatchNorms {
  private final BatchOp op;
  private final Ops tf;
  private final boolean training;
  private final boolean channelsLast;
  private final int[] summed;

  private BatchNorms(BatchOp op) {
    this.op = op;
    tf = op.tf();
    training = op.attribute("is_training").getB();
    channelsLast = op.attribute("data_format").getS().toStringUtf8().equals("NHWC");
    // The axes of (B, images) but those of the batch and of the channels.
    summed = channelsLast ? new int[] {1, 2, 3} : new int[] {1, 3, 4};
  }

  static void addTo(Map<String, BatchRule> rules) {
    for (String type : words("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3")) {
      rules.put(type, op -> new BatchNorms(op).forward());
    }
    for (String type : words("FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3")) {
      rules.put(type, op -> new BatchNorms(op).gradient());
    }
  }

  /** Inputs: x, γ, β, m, v. */
  private List<Batched> forward() {
    Operand<TNumber> x = wide(op.stacked(0));
    Operand<TNumber> mean = training ? mean(x) : channels(3);
    Operand<TNumber> variance =
        training ? mean(op.make("SquaredDifference", x, mean)) : channels(4);
    Operand<TNumber> scale = op.make("Mul", root(variance), channels(1));
    Operand<TNumber> centred = op.make("Sub", x, mean);
    Operand<TNumber> y = op.make("AddV2", op.make("Mul", centred, scale), channels(2));
    List<Batched> outputs = new ArrayList<>();
    outputs.add(Batched.batch(narrow(y)));
    if (training) {
      Operand<TNumber> m = flat(mean);
      Operand<TNumber> v = flat(variance);
      outputs.add(Batched.batch(running(m, 3)));
      outputs.add(Batched.batch(running(unbiased(v, x), 4)));
      outputs.add(Batched.batch(m));
      outputs.add(Batched.batch(v));
    } else {
      for (int i : new int[] {3, 4, 3, 4}) {
        outputs.add(new Batched(op.value(i), op.batched(i)));
      }
    }
    addNothing(outputs);
    return outputs;
  }

  /** Inputs: ȳ, x, γ, and the m and v that the forward operation kept. */
  private List<Batched> gradient() {
    Operand<TNumber> u = wide(op.stacked(0));
    Operand<TNumber> x = wide(op.stacked(1));
    Operand<TNumber> mean = training ? mean(x) : channels(3);
    Operand<TNumber> variance =
        training ? mean(op.make("SquaredDifference", x, mean)) : channels(4);
    Operand<TNumber> r = root(variance);
    Operand<TNumber> normal = op.make("Mul", op.make("Sub", x, mean), r);
    Operand<TNumber> product = op.make("Mul", u, normal);
    Operand<TNumber> through = u;
    if (training) {
      Operand<TNumber> along = op.make("Mul", normal, mean(product));
      through = op.make("Sub", op.make("Sub", u, mean(u)), along);
    }
    Operand<TNumber> dx = op.make("Mul", through, op.make("Mul", r, channels(2)));
    List<Batched> outputs = new ArrayList<>();
    outputs.add(Batched.batch(narrow(dx)));
    outputs.add(Batched.batch(flat(sum(product))));
    outputs.add(Batched.batch(flat(sum(u))));
    addNothing(outputs);
    return outputs;
  }

  /** Space that only TensorFlow's kernels use. */
  private void addNothing(List<Batched> outputs) {
    while (outputs.size() < op.operation().numOutputs()) {
      outputs.add(Batched.same(tf.constant(new float[0])));
    }
  }

  private Operand<TNumber> root(Operand<TNumber> variance) {
    Operand<TNumber> epsilon = tf.constant(variance.type(), op.attribute("epsilon").getF());
    return op.make("Rsqrt", op.make("AddV2", variance, epsilon));
  }

  /** (1 − a) old + a new, as the operation does it. */
  private Operand<TNumber> running(Operand<TNumber> now, int old) {
    boolean plain = !op.operation().type().equals("FusedBatchNormV3");
    float part = plain ? 1 : op.attribute("exponential_avg_factor").getF();
    if (part == 1) {
      return now;
    }
    Operand<TNumber> kept = tf.constant(now.type(), 1 - part);
    Operand<TNumber> added = tf.constant(now.type(), part);
    return op.make("AddV2", op.make("Mul", kept, op.value(old)), op.make("Mul", added, now));
  }

  /** v k / (k − 1) for k pixels. */
  private Operand<TNumber> unbiased(Operand<TNumber> v, Operand<TNumber> x) {
    Operand<TNumber> pixels = tf.onesLike(x);
    Operand<TNumber> k = flat(sum(pixels));
    Operand<TNumber> one = tf.onesLike(k);
    Operand<TNumber> less = op.make("Maximum", op.make("Sub", k, one), one);
    return op.make("Mul", v, op.make("RealDiv", k, less));
  }

  private Operand<TNumber> mean(Operand<TNumber> x) {
    return tf.math.mean(x, tf.constant(summed), Mean.keepDims(true));
  }

  private Operand<TNumber> sum(Operand<TNumber> x) {
    return tf.reduceSum(x, tf.constant(summed), ReduceSum.keepDims(true));
  }

  /** A vector of the channels for each example, or for all, that broadcasts to the images. */
  private Operand<TNumber> channels(int i) {
    List<Length> shape = new ArrayList<>();
    if (op.batched(i)) {
      shape.add(op.length());
    }
    for (int axis = 0; axis < 4; axis++) {
      shape.add(axis == (channelsLast ? 3 : 1) ? op.length(i, 0) : Length.of(1));
    }
    return Length.reshape(tf, op.value(i), shape);
  }

  /** (B, C) of (B, 1, 1, 1, C). */
  private Operand<TNumber> flat(Operand<TNumber> kept) {
    Length channels = Length.of(tf, kept, channelsLast ? 4 : 2);
    return Length.reshape(tf, kept, List.of(op.length(), channels));
  }

  /** Images may be of lower precision than the statistics. */
  private Operand<TNumber> wide(Operand<TNumber> images) {
    return images.type() == (Class<?>) TFloat32.class
        ? images
        : RuleOp.number(tf.dtypes.cast(images, TFloat32.class));
  }

  private Operand<TNumber> narrow(Operand<TNumber> images) {
    Class<TNumber> type = op.output(0).type();
    return images.type() == type ? images : tf.dtypes.cast(images, type);
  }
}
