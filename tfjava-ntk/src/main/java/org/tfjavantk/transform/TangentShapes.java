package org.tfjavantk.transform;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/**
 * Shapes of the tensors between symbolic tangents, of which none is to be run: a tangent of a
 * tensor has its shape, and other shapes follow from these.
 */
final class TangentShapes {
  /** Operations whose output has the shape of every input that carries a tangent. */
  private static final Set<String> SAME =
      Set.of(
          LinearRules.words(
              "Identity Neg Cast ReluGrad Relu6Grad LeakyReluGrad EluGrad SeluGrad SoftplusGrad"
                  + " SoftsignGrad SigmoidGrad TanhGrad SqrtGrad RsqrtGrad ReciprocalGrad InvGrad AddN"
                  + " Select Cumsum ReverseV2 MatrixBandPart"));

  /** Operations whose inputs are broadcast to one shape. */
  private static final Set<String> BROADCAST =
      Set.of(LinearRules.words("Add AddV2 Sub Mul MulNoNan RealDiv Div DivNoNan SelectV2"));

  private final Map<Output<?>, Operand<?>> alike = new HashMap<>();

  /** Says that a tangent has the shape of a tensor that may be run. */
  void record(Operand<?> tangent, Operand<?> primal) {
    alike.putIfAbsent(tangent.asOutput(), primal);
  }

  /** The shape of any tensor as an operand. */
  Operand<TInt32> of(Ops tf, Operand<?> tensor) {
    if (StaticShape.known(tensor.shape())) {
      return tf.constant(StaticShape.ints(tensor.shape()));
    }
    Operand<?> primal = alike.get(tensor.asOutput());
    if (primal != null) {
      return tf.shape(RuleOp.number(primal));
    }
    GraphOperation op = (GraphOperation) tensor.op();
    if (SAME.contains(op.type())) {
      for (int i = 0; i < op.numInputs(); i++) {
        if (op.input(i).dataType() == tensor.asOutput().dataType()) {
          return of(tf, op.input(i));
        }
      }
    }
    if (BROADCAST.contains(op.type())) {
      Operand<TInt32> all = of(tf, op.input(0));
      for (int i = 1; i < op.numInputs(); i++) {
        all = broadcast(tf, all, of(tf, op.input(i)));
      }
      return all;
    }
    Operand<TInt32> shape =
        switch (op.type()) {
          case "Sum", "Mean" -> ofReduced(tf, op);
          case "BroadcastTo" -> tf.dtypes.cast(RuleOp.number(op.input(1)), TInt32.class);
          case "Transpose" ->
              tf.gather(of(tf, op.input(0)), RuleOp.number(op.input(1)), tf.constant(0));
          case "MatrixSolve", "MatrixTriangularSolve" -> of(tf, op.input(1));
          case "BatchMatMulV2" -> ofProduct(tf, op);
          default -> null;
        };
    if (shape != null) {
      return shape;
    }
    // A tensor of its own, or one that a user's rule wrote: it may be run.
    return tf.shape(RuleOp.number(tensor));
  }

  private Operand<TInt32> ofProduct(Ops tf, GraphOperation op) {
    Operand<TInt32> a = of(tf, op.input(0));
    Operand<TInt32> b = of(tf, op.input(1));
    int row = op.attributes().getAttrBool("adj_x") ? -1 : -2;
    int column = op.attributes().getAttrBool("adj_y") ? -2 : -1;
    Operand<TInt32> batch = broadcast(tf, without(tf, a), without(tf, b));
    return tf.concat(List.of(batch, entry(tf, a, row), entry(tf, b, column)), tf.constant(0));
  }

  /** All sizes but the last two. */
  private static Operand<TInt32> without(Ops tf, Operand<TInt32> shape) {
    return tf.stridedSlice(
        shape, tf.constant(new int[] {0}), tf.constant(new int[] {-2}), tf.constant(new int[] {1}));
  }

  /** One size, counted from the end. */
  private static Operand<TInt32> entry(Ops tf, Operand<TInt32> shape, int i) {
    Operand<TInt32> at = tf.math.add(tf.size(shape), tf.constant(i));
    return tf.gather(shape, tf.reshape(at, tf.constant(new int[] {1})), tf.constant(0));
  }

  private static Operand<TInt32> broadcast(Ops tf, Operand<TInt32> a, Operand<TInt32> b) {
    return integers(OpCopy.make(tf, "BroadcastArgs", Map.of(), List.of(a, b)));
  }

  /** The shape of a sum or a mean; null if the axes are not known. */
  private Operand<TInt32> ofReduced(Ops tf, GraphOperation op) {
    if (op.attributes().getAttrBool("keep_dims")) {
      return withOnes(tf, of(tf, op.input(0)), RuleOp.number(op.input(1)));
    }
    long[] axes = ConstantValue.integers(op.input(1)).orElse(null);
    int rank = op.input(0).shape().numDimensions();
    if (axes == null || rank < 0) {
      return null;
    }
    Set<Long> gone = new HashSet<>();
    for (long axis : axes) {
      gone.add(axis < 0 ? axis + rank : axis);
    }
    int[] kept = IntStream.range(0, rank).filter(axis -> !gone.contains((long) axis)).toArray();
    return tf.gather(of(tf, op.input(0)), tf.constant(kept), tf.constant(0));
  }

  /** The shape with 1 at these axes. */
  static Operand<TInt32> withOnes(Ops tf, Operand<TInt32> shape, Operand<? extends TNumber> axes) {
    Operand<TInt32> rank = tf.size(shape);
    Operand<TInt32> flat =
        tf.reshape(tf.dtypes.cast(axes, TInt32.class), tf.constant(new int[] {-1}));
    Operand<TInt32> positive = tf.math.mod(tf.math.add(flat, rank), rank);
    Operand<TInt32> all = tf.range(tf.constant(0), rank, tf.constant(1));
    Operand<TInt32> ones = tf.fill(tf.shape(positive), tf.constant(1));
    return tf.dynamicStitch(List.of(all, positive), List.of(shape, ones));
  }

  @SuppressWarnings("unchecked")
  private static Operand<TInt32> integers(GraphOperation op) {
    return (Operand<TInt32>) (Operand<?>) op.output(0);
  }
}
