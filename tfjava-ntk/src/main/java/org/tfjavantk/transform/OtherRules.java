package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** Operations with rules of their own: pooling, softmax, reductions by maximum, batch norm. */
final class OtherRules {
  private OtherRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    rules.put("MaxPool", OtherRules::maxPool);
    rules.put("MaxPoolV2", OtherRules::maxPoolV2);
    rules.put("Softmax", op -> one(softmaxTangent(op, op.output(0), op.tangent(0))));
    rules.put("LogSoftmax", OtherRules::logSoftmax);
    rules.put("SoftmaxCrossEntropyWithLogits", OtherRules::crossEntropy);
    rules.put("L2Loss", OtherRules::l2Loss);
    rules.put("Max", OtherRules::extremum);
    rules.put("Min", OtherRules::extremum);
    rules.put("FusedBatchNormV3", OtherRules::batchNorm);
  }

  /** The tangent of the entry that is the maximum: what MaxPoolGradGrad picks. */
  private static List<Operand<?>> maxPool(ForwardOp op) {
    var attributes = op.operation().attributes();
    var same =
        Map.of(
            "ksize", attributes.getAttrValueProto("ksize"),
            "strides", attributes.getAttrValueProto("strides"),
            "padding", attributes.getAttrValueProto("padding"),
            "data_format", attributes.getAttrValueProto("data_format"));
    return one(op.make("MaxPoolGradGrad", same, op.input(0), op.output(0), op.tangent(0)));
  }

  /** As {@link #maxPool}, with the window and the strides as inputs. */
  private static List<Operand<?>> maxPoolV2(ForwardOp op) {
    var attributes = op.operation().attributes();
    var same =
        Map.of(
            "padding", attributes.getAttrValueProto("padding"),
            "data_format", attributes.getAttrValueProto("data_format"));
    return one(
        op.make(
            "MaxPoolGradGradV2",
            same,
            op.input(0),
            op.output(0),
            op.tangent(0),
            op.input(1),
            op.input(2)));
  }

  /** y ∘ (ẋ − ⟨y, ẋ⟩) for y = softmax(x), along the last axis. */
  private static Operand<TNumber> softmaxTangent(
      ForwardOp op, Operand<TNumber> y, Operand<TNumber> dx) {
    Operand<TNumber> inner = sumOverLast(op, op.make("Mul", y, dx));
    return op.make("Mul", y, op.make("Sub", dx, inner));
  }

  /** ẋ − ⟨softmax(x), ẋ⟩. */
  private static List<Operand<?>> logSoftmax(ForwardOp op) {
    Operand<TNumber> p = op.make("Exp", op.output(0));
    return one(op.make("Sub", op.tangent(0), sumOverLast(op, op.make("Mul", p, op.tangent(0)))));
  }

  /**
   * loss = −⟨labels, log softmax(x)⟩ and backprop = softmax(x) − labels, row by row; the labels may
   * have a tangent, too.
   */
  private static List<Operand<?>> crossEntropy(ForwardOp op) {
    Operand<TNumber> x = op.input(0);
    Operand<TNumber> p = op.make("Softmax", x);
    Operand<TNumber> loss = null;
    Operand<TNumber> backprop = null;
    if (op.tangent(0) != null) {
      // The sum of the labels need not be 1.
      Operand<TNumber> mass = sumOverLast(op, op.input(1));
      Operand<TNumber> gradient = op.make("Sub", op.make("Mul", mass, p), op.input(1));
      loss = rowSum(op, op.make("Mul", gradient, op.tangent(0)));
      backprop = softmaxTangent(op, p, op.tangent(0));
    }
    if (op.tangent(1) != null) {
      Operand<TNumber> term = op.make("Mul", op.tangent(1), op.make("LogSoftmax", x));
      loss = op.sum(loss, op.make("Neg", rowSum(op, term)));
      backprop = op.sum(backprop, op.make("Neg", op.tangent(1)));
    }
    return Arrays.asList(loss, backprop);
  }

  /** ⟨x, ẋ⟩ for ‖x‖² / 2. */
  private static List<Operand<?>> l2Loss(ForwardOp op) {
    Operand<TNumber> products = op.make("Mul", op.input(0), op.tangent(0));
    Operand<TNumber> flat = op.tf().reshape(products, op.tf().constant(new int[] {-1}));
    return one(op.tf().sum(flat, op.tf().constant(0)));
  }

  /** The mean tangent of the entries that attain the extremum. */
  private static List<Operand<?>> extremum(ForwardOp op) {
    Operand<TNumber> x = op.input(0);
    Operand<TNumber> axes = op.input(1);
    Operand<TNumber> kept = op.make(op.operation().type(), keepDims(op), x, axes);
    Operand<TNumber> attained = op.tf().dtypes.cast(op.make("Equal", x, kept), x.type());
    GraphOperation reduced = op.operation();
    var keep = Map.of("keep_dims", reduced.attributes().getAttrValueProto("keep_dims"));
    Operand<TNumber> sum = op.make("Sum", keep, op.make("Mul", attained, op.tangent(0)), axes);
    return one(op.make("RealDiv", sum, op.make("Sum", keep, attained, axes)));
  }

  private static Map<String, org.tensorflow.proto.AttrValue> keepDims(ForwardOp op) {
    return Map.of("keep_dims", org.tensorflow.proto.AttrValue.newBuilder().setB(true).build());
  }

  /** Inference mode: y = (x − mean) γ r + β with r = 1 / sqrt(variance + ε). */
  private static List<Operand<?>> batchNorm(ForwardOp op) {
    GraphOperation norm = op.operation();
    if (norm.attributes().getAttrBool("is_training")) {
      throw new UserException(
          "batch norm in training mode (node "
              + norm.name()
              + ") has no forward-mode rule; export the model in inference mode");
    }
    Operand<TNumber> epsilon = op.constant(1, norm.attributes().getAttrFloat("epsilon"));
    Operand<TNumber> r = op.make("Rsqrt", op.make("AddV2", op.input(4), epsilon));
    Operand<TNumber> centred = op.make("Sub", op.input(0), op.input(3));
    Operand<TNumber> scale = op.make("Mul", op.input(1), r);
    Operand<TNumber> sum = op.tangent(0) == null ? null : op.make("Mul", op.tangent(0), scale);
    if (op.tangent(1) != null) {
      sum = op.sum(sum, op.make("Mul", centred, op.make("Mul", op.tangent(1), r)));
    }
    if (op.tangent(2) != null) {
      sum = op.sum(sum, op.make("AddV2", op.make("ZerosLike", centred), op.tangent(2)));
    }
    if (op.tangent(3) != null) {
      sum =
          op.sum(
              sum,
              op.make("Sub", op.make("ZerosLike", centred), op.make("Mul", op.tangent(3), scale)));
    }
    if (op.tangent(4) != null) {
      Operand<TNumber> cube = op.make("Mul", scale, op.make("Square", r));
      Operand<TNumber> factor =
          op.make("Mul", op.constant(1, -0.5), op.make("Mul", cube, op.tangent(4)));
      sum = op.sum(sum, op.make("Mul", centred, factor));
    }
    Operand<?>[] all = new Operand<?>[norm.numOutputs()];
    all[0] = sum;
    return Arrays.asList(all);
  }

  private static Operand<TNumber> sumOverLast(ForwardOp op, Operand<TNumber> x) {
    return op.tf().reduceSum(x, op.tf().constant(-1), ReduceSum.keepDims(true));
  }

  private static Operand<TNumber> rowSum(ForwardOp op, Operand<TNumber> x) {
    return op.tf().sum(x, op.tf().constant(-1));
  }

  private static List<Operand<?>> one(Operand<TNumber> tangent) {
    return Arrays.asList((Operand<?>) tangent);
  }
}
