package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Operations that choose entries of x: the largest ones, or those of a segment. */
final class SelectionRules {
  private SelectionRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    rules.put("TopKV2", SelectionRules::top);
    for (String type : List.of("SegmentMax", "SegmentMin")) {
      rules.put(type, op -> extremum(op, "SegmentSum"));
    }
    for (String type : List.of("UnsortedSegmentMax", "UnsortedSegmentMin")) {
      rules.put(type, op -> extremum(op, "UnsortedSegmentSum"));
    }
  }

  /** The tangents of the k largest entries of the last axis. */
  private static List<Operand<?>> top(ForwardOp op) {
    Ops tf = op.tf();
    int rank = op.input(0).shape().numDimensions();
    var batch = Attributes.integer(rank - 1);
    Operand<TNumber> values =
        op.make(
            "GatherV2",
            Map.of("batch_dims", batch),
            op.tangent(0),
            op.output(1),
            tf.constant(rank - 1));
    return Arrays.asList(values, null);
  }

  /** The mean tangent of the entries that attain their segment's extremum. */
  private static List<Operand<?>> extremum(ForwardOp op, String sum) {
    Ops tf = op.tf();
    Operand<TNumber> x = op.input(0);
    Operand<TNumber> ids = op.input(1);
    boolean unsorted = sum.startsWith("Unsorted");
    Operand<TNumber> safe = unsorted ? op.make("Maximum", ids, op.make("ZerosLike", ids)) : ids;
    Operand<TNumber> best = op.make("GatherV2", op.output(0), safe, tf.constant(0));
    Operand<TNumber> attained = tf.dtypes.cast(op.make("Equal", x, best), x.type());
    Operand<TNumber> count = sum(op, sum, attained);
    Operand<TNumber> total = sum(op, sum, op.make("Mul", attained, op.tangent(0)));
    return Arrays.asList((Operand<?>) op.make("DivNoNan", total, count));
  }

  private static Operand<TNumber> sum(ForwardOp op, String type, Operand<TNumber> x) {
    Operand<TNumber> result =
        op.operation().numInputs() == 3
            ? op.make(type, x, op.input(1), op.input(2))
            : op.make(type, x, op.input(1));
    return op.shapedLike(op.output(0), result);
  }
}
