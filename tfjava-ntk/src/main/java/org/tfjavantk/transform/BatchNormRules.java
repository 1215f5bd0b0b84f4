package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/**
 * Fused batch norm y = (x − m) γ r + β with r = 1 / √(v + ε), in inference mode, where m and v are
 * inputs, and in training mode, where they are the mean and the variance of x over all but the
 * channels.
 */
final class BatchNormRules {
  private BatchNormRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    for (String type : LinearRules.words("FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3")) {
      rules.put(type, op -> op.attribute("is_training").getB() ? training(op) : inference(op));
    }
  }

  private static List<Operand<?>> inference(ForwardOp op) {
    requireOneType(op);
    Operand<TNumber> r = inverseRoot(op, op.input(4));
    Operand<TNumber> centred = op.make("Sub", op.input(0), channels(op, op.input(3)));
    Operand<TNumber> scale = op.make("Mul", op.input(1), r);
    Operand<TNumber> sum = scaled(op, op.tangent(0), scale);
    // What multiplies x − m, and what is added, for every channel.
    Operand<TNumber> slope = scaled(op, op.tangent(1), r);
    if (op.tangent(4) != null) {
      var cube = op.make("Mul", scale, op.make("Square", r));
      var factor = op.make("Mul", op.constant(1, -0.5), cube);
      slope = op.sum(slope, op.make("Mul", factor, op.tangent(4)));
    }
    Operand<TNumber> shift = op.tangent(2);
    if (op.tangent(3) != null) {
      shift = op.sum(shift, op.make("Neg", op.make("Mul", op.tangent(3), scale)));
    }
    sum = op.sum(sum, scaled(op, slope, centred));
    sum = withShift(op, sum, shift);
    return outputs(op, sum, op.tangent(3), op.tangent(4));
  }

  private static List<Operand<?>> training(ForwardOp op) {
    requireOneType(op);
    if (op.operation().numInputs() > 3 && average(op) != 1) {
      if (op.tangent(3) != null || op.tangent(4) != null) {
        throw new UserException(
            "the running averages of the batch norm "
                + op.operation().name()
                + " have no forward-mode rule; do not differentiate by them");
      }
    }
    Operand<TNumber> x = op.input(0);
    Operand<TNumber> dx = op.tangent(0);
    Operand<TInt32> axes = axes(op);
    Operand<TNumber> mean = op.tf().math.mean(x, axes, Mean.keepDims(true));
    Operand<TNumber> centred = op.make("Sub", x, mean);
    Operand<TNumber> variance = op.tf().math.mean(op.make("Square", centred), axes);
    Operand<TNumber> r = inverseRoot(op, variance);
    Operand<TNumber> normal = op.make("Mul", centred, channels(op, r));
    Operand<TNumber> sum = null;
    Operand<TNumber> meanTangent = null;
    Operand<TNumber> varianceTangent = null;
    if (dx != null) {
      // γ r (ẋ − E[ẋ] − x̂ E[x̂ ẋ]), where E[x − m] = 0.
      Operand<TNumber> shift = op.tf().math.mean(dx, axes);
      Operand<TNumber> covariance = op.tf().math.mean(op.make("Mul", normal, dx), axes);
      Operand<TNumber> rest = op.make("Sub", dx, channels(op, shift));
      rest = op.make("Sub", rest, op.make("Mul", normal, channels(op, covariance)));
      sum = op.make("Mul", rest, channels(op, op.make("Mul", op.input(1), r)));
      meanTangent = op.make("Mul", shift, op.constant(1, average(op)));
      varianceTangent = varianceTangent(op, covariance, r);
    }
    sum = op.sum(sum, scaled(op, op.tangent(1), normal));
    sum = withShift(op, sum, op.tangent(2));
    return outputs(op, sum, meanTangent, varianceTangent);
  }

  /** 2 E[(x − m) ẋ] n / (n − 1): the variance that is put out is the unbiased one. */
  private static Operand<TNumber> varianceTangent(
      ForwardOp op, Operand<TNumber> covariance, Operand<TNumber> r) {
    var tf = op.tf();
    Operand<TNumber> all = tf.dtypes.cast(tf.size(op.input(0)), op.input(0).type());
    Operand<TNumber> many = tf.dtypes.cast(tf.size(op.input(1)), op.input(0).type());
    Operand<TNumber> n = op.make("RealDiv", all, many);
    Operand<TNumber> less =
        op.make("Maximum", op.make("Sub", n, op.constant(1, 1)), op.constant(1, 1));
    Operand<TNumber> bias = op.make("RealDiv", n, less);
    Operand<TNumber> factor = op.make("Mul", op.constant(1, 2 * average(op)), bias);
    return op.make("Mul", covariance, op.make("RealDiv", factor, r));
  }

  /** The weight of the batch in the statistics that are put out. */
  private static double average(ForwardOp op) {
    return op.operation().type().equals("FusedBatchNormV3")
        ? op.attribute("exponential_avg_factor").getF()
        : 1;
  }

  private static Operand<TNumber> inverseRoot(ForwardOp op, Operand<TNumber> variance) {
    Operand<TNumber> epsilon = op.constant(1, op.attribute("epsilon").getF());
    return op.make("Rsqrt", op.make("AddV2", variance, epsilon));
  }

  /** The product of two tensors, of which one is for every channel; null stays null. */
  private static Operand<TNumber> scaled(
      ForwardOp op, Operand<TNumber> tangent, Operand<TNumber> factor) {
    return tangent == null ? null : op.make("Mul", channels(op, tangent), channels(op, factor));
  }

  private static Operand<TNumber> withShift(
      ForwardOp op, Operand<TNumber> sum, Operand<TNumber> shift) {
    if (shift == null) {
      return sum;
    }
    Operand<TNumber> aligned = channels(op, shift);
    return sum == null
        ? op.tf().broadcastTo(aligned, op.tf().shape(op.input(0)))
        : op.make("AddV2", sum, aligned);
  }

  /** A vector over the channels, shaped to be broadcast to x; anything else as it is. */
  private static Operand<TNumber> channels(ForwardOp op, Operand<TNumber> vector) {
    int rank = vector.shape().numDimensions();
    if (rank != 1 || !first(op)) {
      return vector;
    }
    int[] shape = new int[op.input(0).shape().numDimensions() - 1];
    Arrays.fill(shape, 1);
    shape[0] = -1;
    return op.tf().reshape(vector, op.tf().constant(shape));
  }

  /** All axes but that of the channels. */
  private static Operand<TInt32> axes(ForwardOp op) {
    int rank = op.input(0).shape().numDimensions();
    int channel = first(op) ? 1 : rank - 1;
    return op.tf().constant(IntStream.range(0, rank).filter(axis -> axis != channel).toArray());
  }

  private static boolean first(ForwardOp op) {
    return op.attribute("data_format").getS().toStringUtf8().startsWith("NC");
  }

  private static void requireOneType(ForwardOp op) {
    if (op.input(0).type() != op.input(1).type()) {
      throw new UserException(
          "the batch norm "
              + op.operation().name()
              + " has images and statistics of two types, for which there is no forward-mode rule;"
              + " convert the model to one type");
    }
  }

  /** What is kept for the gradient operation gets no tangent. */
  private static List<Operand<?>> outputs(
      ForwardOp op, Operand<?> y, Operand<?> mean, Operand<?> variance) {
    Operand<?>[] all = new Operand<?>[op.operation().numOutputs()];
    all[0] = y;
    all[1] = mean;
    all[2] = variance;
    return Arrays.asList(all);
  }
}
