package org.tfjavantk.transform;

import static org.tfjavantk.transform.LinearRules.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;
import org.tfjavantk.graphs.UserException;

/** Batches pass through what reads, writes and sums at indices. */
final class BatchGather {
  private BatchGather() {}

  static void addTo(Map<String, BatchRule> rules) {
    rules.put("GatherV2", op -> BatchOp.batch(gather(op, axis(op, op.fixed(2)), batchDims(op))));
    rules.put("Gather", op -> BatchOp.batch(gather(op, 0, 0)));
    rules.put("GatherNd", BatchGather::gatherNd);
    rules.put("ScatterNd", BatchGather::scatterNd);
    for (String type :
        words(
            "TensorScatterAdd TensorScatterSub TensorScatterUpdate TensorScatterMax"
                + " TensorScatterMin ScatterNdNonAliasingAdd")) {
      rules.put(
          type, op -> BatchOp.batches(op.again(op.stacked(0), numbered(op, 1), op.stacked(2))));
    }
    for (String type : words("SegmentSum SegmentMean SegmentProd SegmentMax SegmentMin")) {
      rules.put(type, BatchGather::segments);
    }
    for (String type :
        words("UnsortedSegmentSum UnsortedSegmentProd UnsortedSegmentMax UnsortedSegmentMin")) {
      rules.put(type, BatchGather::unsortedSegments);
    }
  }

  private static int batchDims(BatchOp op) {
    int dims = Math.toIntExact(op.attribute("batch_dims").getI());
    return dims < 0 ? dims + op.rank(1) : dims;
  }

  /** The axis of one table, counted from the front. */
  private static int axis(BatchOp op, Operand<?> axis) {
    long[] value =
        ConstantValue.integers(axis)
            .orElseThrow(
                () ->
                    new UserException(
                        "the axis of the operation "
                            + op.described()
                            + " is not a constant, and vmap needs it; make it one"));
    return Math.toIntExact(value[0] < 0 ? value[0] + op.rank(0) : value[0]);
  }

  private static Operand<TNumber> gather(BatchOp op, int axis, int batchDims) {
    Ops tf = op.tf();
    if (!op.batched(1) && batchDims == 0) {
      return gather(op, op.value(0), op.value(1), axis + 1, 0);
    }
    if (!op.batched(0) && batchDims == 0) {
      // The axes of the indices, with that of the batch first, stand in the place of the axis.
      Operand<TNumber> found = gather(op, op.value(0), op.value(1), axis, 0);
      return Folds.move(tf, found, op.rank(0) + op.rank(1), axis, 0);
    }
    return gather(op, op.stacked(0), op.stacked(1), axis + 1, batchDims + 1);
  }

  private static Operand<TNumber> gather(
      BatchOp op, Operand<?> table, Operand<?> indices, int axis, int batchDims) {
    var attributes = Map.of("batch_dims", Attributes.integer(batchDims));
    return op.make("GatherV2", attributes, table, indices, op.tf().constant(axis));
  }

  private static List<Batched> gatherNd(BatchOp op) {
    if (!op.batched(0)) {
      return BatchOp.batches(op.again(op.value(0), op.value(1)));
    }
    return BatchOp.batches(op.again(op.value(0), numbered(op, 1)));
  }

  private static List<Batched> scatterNd(BatchOp op) {
    Operand<?> shape = Integers.prepend(op.tf(), op.length(), op.fixed(2));
    return BatchOp.batches(op.again(numbered(op, 0), op.stacked(1), shape));
  }

  /** The indices x_i of shape (…, K), with the number of the example before each: (…, 1 + K). */
  private static Operand<TNumber> numbered(BatchOp op, int i) {
    Ops tf = op.tf();
    Operand<TNumber> indices = op.stacked(i);
    List<Length> first = new ArrayList<>(List.of(op.length()));
    List<Length> shape = new ArrayList<>(first);
    for (int axis = 0; axis < op.rank(i) - 1; axis++) {
      first.add(Length.of(1));
      shape.add(op.length(i, axis));
    }
    first.add(Length.of(1));
    shape.add(Length.of(1));
    Operand<TNumber> numbers = Length.reshape(tf, range(op, indices), first);
    numbers = tf.broadcastTo(numbers, Length.vector(tf, shape));
    return tf.concat(List.of(numbers, indices), tf.constant(-1));
  }

  /** 0, …, B − 1 in the type of {@code like}. */
  private static Operand<TNumber> range(BatchOp op, Operand<TNumber> like) {
    Ops tf = op.tf();
    return tf.dtypes.cast(tf.range(tf.constant(0), op.size(), tf.constant(1)), like.type());
  }

  /** Sums along axis 0 of one example leave the other axes alone, so the batch goes there. */
  private static List<Batched> segments(BatchOp op) {
    Operand<TNumber> data = Folds.move(op.tf(), op.value(0), op.rank(0) + 1, 0, 1);
    Operand<TNumber> sums = RuleOp.number(op.again(data, op.fixed(1)).output(0));
    return BatchOp.batch(Folds.move(op.tf(), sums, op.rank(0) + 1, 1, 0));
  }

  private static List<Batched> unsortedSegments(BatchOp op) {
    Ops tf = op.tf();
    int inner = op.rank(1);
    int rank = op.rank(0) + 1;
    Operand<TNumber> segments = op.fixed(2);
    if (!op.batched(1)) {
      Operand<TNumber> data = Folds.move(tf, op.value(0), rank, 0, inner);
      Operand<TNumber> sums = RuleOp.number(op.again(data, op.value(1), segments).output(0));
      return BatchOp.batch(Folds.move(tf, sums, rank - inner + 1, 1, 0));
    }
    // Every example has segments of its own; negative numbers stand for none.
    Operand<TNumber> ids = op.value(1);
    Operand<TNumber> count = tf.dtypes.cast(segments, ids.type());
    List<Length> column = new ArrayList<>(List.of(op.length()));
    while (column.size() <= inner) {
      column.add(Length.of(1));
    }
    Operand<TNumber> offsets = Length.reshape(tf, tf.math.mul(range(op, ids), count), column);
    Operand<TNumber> own = tf.math.add(ids, offsets);
    Operand<TNumber> none = tf.constant(ids.type(), -1);
    Operand<?> kept = op.make("SelectV2", op.make("Less", ids, tf.zerosLike(ids)), none, own);
    Operand<TNumber> all = tf.math.mul(segments, tf.dtypes.cast(op.size(), segments.type()));
    Operand<TNumber> sums = RuleOp.number(op.again(op.stacked(0), kept, all).output(0));
    List<Length> shape = new ArrayList<>(List.of(op.length()));
    var known = ConstantValue.integers(segments);
    shape.add(
        known.isPresent()
            ? Length.of(known.get()[0])
            : new Length(-1, tf.dtypes.cast(segments, org.tensorflow.types.TInt32.class)));
    shape.addAll(op.lengths(0).subList(inner, op.rank(0)));
    return BatchOp.batch(Length.reshape(tf, sums, shape));
  }
}
