package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;
import org.tfjavantk.graphs.UserException;

/** Operations with rules of their own: softmax, other reductions. */
final class OtherRules {
  private OtherRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    MaxPooling.addTo(rules);
    rules.put("Softmax", op -> one(softmaxTangent(op, op.output(0), op.tangent(0))));
    rules.put("LogSoftmax", OtherRules::logSoftmax);
    rules.put("SoftmaxCrossEntropyWithLogits", OtherRules::crossEntropy);
    rules.put("L2Loss", OtherRules::l2Loss);
    rules.put("Max", OtherRules::extremum);
    rules.put("Min", OtherRules::extremum);
    rules.put("SparseSoftmaxCrossEntropyWithLogits", OtherRules::sparseCrossEntropy);
    rules.put("EuclideanNorm", OtherRules::euclideanNorm);
    rules.put("Prod", OtherRules::product);
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
    Ops tf = op.tf();
    return one(tf.sum(products, tf.range(tf.constant(0), tf.rank(op.input(0)), tf.constant(1))));
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

  private static Map<String, AttrValue> keepDims(ForwardOp op) {
    return Map.of("keep_dims", Attributes.flag(true));
  }

  /** loss = −log softmax(x) at the label, backprop = softmax(x) − the label's unit vector. */
  private static List<Operand<?>> sparseCrossEntropy(ForwardOp op) {
    Operand<TNumber> loss = rowSum(op, op.make("Mul", op.output(1), op.tangent(0)));
    Operand<TNumber> p = op.make("Softmax", op.input(0));
    return Arrays.asList(loss, softmaxTangent(op, p, op.tangent(0)));
  }

  /** ⟨x, ẋ⟩ / ‖x‖. */
  private static List<Operand<?>> euclideanNorm(ForwardOp op) {
    var keep = op.attributes("keep_dims");
    var product = op.make("Mul", op.input(0), op.tangent(0));
    var sum = op.make("Sum", keep, product, op.input(1));
    return one(op.make("DivNoNan", sum, op.output(0)));
  }

  /** Σ_i ẋ_i Π_{j≠i} x_j, without a division, so that entries may be zero. */
  private static List<Operand<?>> product(ForwardOp op) {
    Ops tf = op.tf();
    long[] axes = ConstantValue.integers(op.input(1)).orElse(null);
    int rank = op.input(0).shape().numDimensions();
    if (axes == null || rank < 0) {
      throw new UserException(
          "the forward-mode rule of the product "
              + op.operation().name()
              + " needs constant axes and a known rank; give them in the model");
    }
    List<Integer> over = new ArrayList<>();
    for (long axis : axes) {
      over.add(Math.toIntExact(axis < 0 ? axis + rank : axis));
    }
    List<Integer> order = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (!over.contains(axis)) {
        order.add(axis);
      }
    }
    int kept = order.size();
    order.addAll(over);
    // The axes to reduce come last, as one.
    Operand<?> permutation = tf.constant(order.stream().mapToInt(i -> i).toArray());
    Operand<TNumber> moved = op.make("Transpose", op.input(0), permutation);
    Operand<?> sizes =
        tf.concat(
            List.of(
                tf.slice(tf.shape(moved), tf.constant(new int[1]), tf.constant(new int[] {kept})),
                tf.constant(new int[] {-1})),
            tf.constant(0));
    Operand<TNumber> flat = op.make("Reshape", moved, sizes);
    Operand<TNumber> others =
        op.make(
            "Mul",
            op.make("Cumprod", scan(true, false), flat, tf.constant(-1)),
            op.make("Cumprod", scan(true, true), flat, tf.constant(-1)));
    // The factors are arranged like x, and not the tangent like them: it is read but once.
    Operand<TNumber> factors = op.make("Reshape", others, tf.shape(moved));
    factors = op.make("Transpose", factors, op.make("InvertPermutation", permutation));
    var terms = op.make("Mul", factors, op.tangent(0));
    return one(op.make("Sum", op.attributes("keep_dims"), terms, op.input(1)));
  }

  private static Map<String, AttrValue> scan(boolean exclusive, boolean reverse) {
    return Map.of(
        "exclusive", Attributes.flag(exclusive),
        "reverse", Attributes.flag(reverse));
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
