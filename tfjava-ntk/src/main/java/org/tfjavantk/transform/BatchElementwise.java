package org.tfjavantk.transform;

import static org.tfjavantk.transform.LinearRules.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Batches pass through functions of every entry, which need at most another shape. */
final class BatchElementwise {
  private BatchElementwise() {}

  static void addTo(Map<String, BatchRule> rules) {
    // One input; further ones, if any, are not entries.
    for (String type :
        words(
            "Identity Snapshot DeepCopy GuaranteeConst Bucketize StopGradient PreventGradient CheckNumerics Neg Abs Sign Square Sqrt Rsqrt"
                + " Reciprocal Inv Exp Expm1 Log Log1p Erf Erfc Erfinv Ndtri Lgamma Digamma Sin Cos Tan"
                + " Sinh Cosh Tanh Asin Acos Atan Asinh Acosh Atanh Sigmoid Softplus Softsign Relu Relu6"
                + " LeakyRelu Elu Selu Floor Ceil Round Rint IsNan IsInf IsFinite LogicalNot Invert Cast"
                + " ZerosLike OnesLike BesselI0e BesselI1e Dawsn Expint Spence Bucketize")) {
      rules.put(type, op -> BatchOp.batches(op.again(op.value(0))));
    }
    // They broadcast their inputs against each other.
    for (String type :
        words(
            "Add AddV2 Sub Mul MulNoNan RealDiv Div DivNoNan FloorDiv FloorMod Mod TruncateDiv"
                + " TruncateMod Pow Maximum Minimum SquaredDifference Xdivy Xlogy Xlog1py Atan2 NextAfter"
                + " Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr Igamma"
                + " Igammac IgammaGradA Zeta Polygamma BitwiseAnd BitwiseOr BitwiseXor LeftShift RightShift"
                + " SelectV2")) {
      rules.put(type, op -> BatchOp.batches(op.copy(aligned(op))));
    }
    // All inputs have one shape.
    for (String type :
        words(
            "AddN ReluGrad Relu6Grad LeakyReluGrad EluGrad SeluGrad SoftplusGrad SoftsignGrad TanhGrad"
                + " SigmoidGrad SqrtGrad RsqrtGrad ReciprocalGrad InvGrad ApproximateEqual Cross")) {
      rules.put(type, op -> BatchOp.batches(op.copy(stacked(op))));
    }
    rules.put("Select", BatchElementwise::select);
    rules.put("ClipByValue", BatchElementwise::clip);
    rules.put("IdentityN", BatchElementwise::identities);
    rules.put("EnsureShape", BatchElementwise::ensureShape);
    rules.put("PlaceholderWithDefault", op -> BatchOp.batch(op.value(0)));
  }

  static List<Operand<?>> stacked(BatchOp op) {
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      inputs.add(op.stacked(i));
    }
    return inputs;
  }

  /** All inputs, so that they broadcast as single ones do: (B, 1, …, 1, shape of one). */
  static List<Operand<?>> aligned(BatchOp op) {
    int rank = 0;
    boolean known = true;
    boolean same = true;
    for (int i = 0; i < op.count(); i++) {
      int own = op.rankOrUnknown(i);
      known &= own >= 0;
      rank = Math.max(rank, own);
      // The only tensor among scalars has the largest rank, whatever it is.
      same &= own == 0 && !op.batched(i) || onlyTensor(op, i);
    }
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      if (!op.batched(i) || same) {
        inputs.add(op.value(i));
      } else if (known) {
        inputs.add(widened(op, i, rank));
      } else {
        inputs.add(widened(op, op.value(i), largestRank(op)));
      }
    }
    return inputs;
  }

  private static boolean onlyTensor(BatchOp op, int i) {
    for (int k = 0; k < op.count(); k++) {
      if (k != i && (op.batched(k) || op.rankOrUnknown(k) != 0)) {
        return false;
      }
    }
    return true;
  }

  /** A batch of x_i with as many axes of length 1 after the first as make up the rank. */
  static Operand<TNumber> widened(BatchOp op, int i, int rank) {
    int own = op.rank(i);
    if (own >= rank || !op.batched(i)) {
      return op.value(i);
    }
    List<Length> lengths = new ArrayList<>();
    lengths.add(op.length());
    for (int k = own; k < rank; k++) {
      lengths.add(Length.of(1));
    }
    lengths.addAll(op.lengths(i));
    return Length.reshape(op.tf(), op.value(i), lengths);
  }

  /** The largest rank of one input, for ranks that are known only when the graph runs. */
  private static Operand<TInt32> largestRank(BatchOp op) {
    Ops tf = op.tf();
    Operand<TInt32> largest = tf.constant(0);
    for (int i = 0; i < op.count(); i++) {
      Operand<TInt32> rank = tf.rank(op.value(i));
      largest = tf.math.maximum(largest, op.batched(i) ? tf.math.sub(rank, tf.constant(1)) : rank);
    }
    return largest;
  }

  private static Operand<TNumber> widened(
      BatchOp op, Operand<TNumber> batch, Operand<TInt32> rank) {
    Ops tf = op.tf();
    Shape<TInt32> shape = tf.shape(batch);
    Operand<TInt32> one = tf.constant(new int[] {1});
    Operand<TInt32> missing = tf.math.sub(tf.math.add(rank, tf.constant(1)), tf.rank(batch));
    Operand<TInt32> ones = tf.fill(tf.reshape(missing, one), tf.constant(1));
    Operand<TInt32> head = tf.slice(shape, tf.constant(new int[] {0}), one);
    Operand<TInt32> tail = tf.slice(shape, one, tf.constant(new int[] {-1}));
    return tf.reshape(batch, tf.concat(List.of(head, ones, tail), tf.constant(0)));
  }

  /** The cotangent where the feature is positive; many cotangents share one mask. */
  /** The condition may be a scalar, or a vector that selects along axis 0. */
  private static List<Batched> select(BatchOp op) {
    int rank = op.rank(1);
    if (op.rank(0) == rank) {
      return BatchOp.batch(op.make("SelectV2", aligned(op).toArray(Operand<?>[]::new)));
    }
    List<Length> lengths = new ArrayList<>(op.lengths(0));
    while (lengths.size() < rank) {
      lengths.add(Length.of(1));
    }
    if (op.batched(0)) {
      lengths.add(0, op.length());
    }
    Operand<TNumber> condition = Length.reshape(op.tf(), op.value(0), lengths);
    return BatchOp.batch(op.make("SelectV2", condition, op.stacked(1), op.stacked(2)));
  }

  /** min(max(x, low), high); the operation itself doesn't broadcast all that is needed. */
  private static List<Batched> clip(BatchOp op) {
    List<Operand<?>> inputs = aligned(op);
    Operand<TNumber> low = op.make("Maximum", inputs.get(0), inputs.get(1));
    return BatchOp.batch(op.make("Minimum", low, inputs.get(2)));
  }

  private static List<Batched> ensureShape(BatchOp op) {
    TensorShapeProto single = op.attribute("shape").getShape();
    if (single.getUnknownRank()) {
      return BatchOp.batch(op.value(0));
    }
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(-1));
    shape.addAllDim(single.getDimList());
    AttrValue attribute = AttrValue.newBuilder().setShape(shape).build();
    return BatchOp.batches(op.copy(List.of(op.value(0)), Map.of("shape", attribute)));
  }

  private static List<Batched> identities(BatchOp op) {
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      inputs.add(op.value(i));
    }
    GraphOperation copy = op.copy(inputs);
    List<Batched> outputs = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      outputs.add(new Batched(copy.output(i), op.batched(i)));
    }
    return outputs;
  }
}
