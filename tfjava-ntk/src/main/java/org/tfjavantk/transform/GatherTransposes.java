package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;
import org.tfjavantk.graphs.UserException;

/** The transposes of operations that take or put entries by index. */
final class GatherTransposes {
  private GatherTransposes() {}

  static void addTo(Map<String, TransposeRule> rules) {
    TransposeRules.of(rules, "GatherV2", 0, GatherTransposes::gather);
    TransposeRules.of(
        rules,
        "GatherNd",
        0,
        (op, g) ->
            op.make(
                "ScatterNd", op.input(1), g, StructureTransposes.as(op, op.shape(0), op.input(1))));
    TransposeRules.of(rules, "ScatterNd", 1, (op, g) -> op.make("GatherNd", g, op.input(0)));
    TransposeRules.of(
        rules,
        "SegmentSum",
        0,
        (op, g) -> op.make("GatherV2", g, op.input(1), op.tf().constant(0)));
    TransposeRules.of(rules, "UnsortedSegmentSum", 0, GatherTransposes::segments);
    TransposeRules.of(
        rules,
        "SegmentMean",
        0,
        (op, g) -> {
          Ops tf = op.tf();
          Operand<TNumber> ids = op.input(1);
          Operand<TNumber> ones = tf.fill(tf.shape(ids), op.constant(0, 1));
          Operand<TNumber> count = op.make("SegmentSum", ones, ids);
          Operand<TNumber> each = op.make("GatherV2", count, ids, tf.constant(0));
          Operand<TNumber> taken = op.make("GatherV2", g, ids, tf.constant(0));
          return op.make("RealDiv", taken, op.make("Reshape", each, column(op, ids, taken)));
        });
    for (String type : List.of("TensorScatterAdd", "TensorScatterSub", "TensorScatterUpdate")) {
      rules.put(
          type,
          op -> {
            Operand<TNumber> g = op.cotangent(0);
            Operand<TNumber> updates = op.make("GatherNd", g, op.input(1));
            Operand<TNumber> rest = g;
            if (type.endsWith("Update") && op.linear(0)) {
              rest = op.make(type, g, op.input(1), op.zeros(2));
            }
            return Arrays.asList(
                rest, null, type.endsWith("Sub") ? op.make("Neg", updates) : updates);
          });
    }
    TransposeRules.each(
        rules,
        "OneHot",
        (op, i, g) -> {
          // Where the on value stands, by the same operation.
          Operand<TNumber> one = op.constant(i, 1);
          Operand<TNumber> zero = op.constant(i, 0);
          Operand<TNumber> here = i == 2 ? one : zero;
          Operand<TNumber> elsewhere = i == 2 ? zero : one;
          Operand<TNumber> mask =
              op.make("OneHot", op.attributes("axis"), op.input(0), op.input(1), here, elsewhere);
          return TransposeRules.total(op, op.make("Mul", g, mask));
        });
  }

  /** Entries with a negative segment belong to none. */
  private static Operand<TNumber> segments(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    Operand<TNumber> ids = op.input(1);
    Operand<TNumber> zero = op.make("ZerosLike", ids);
    Operand<TNumber> taken = op.make("GatherV2", g, op.make("Maximum", ids, zero), tf.constant(0));
    long[] known = ConstantValue.integers(ids).orElse(null);
    if (known != null && Arrays.stream(known).allMatch(id -> id >= 0)) {
      return taken;
    }
    Operand<?> mask = op.make("GreaterEqual", ids, zero);
    Operand<TNumber> spread = op.make("Reshape", mask, column(op, ids, taken));
    return op.make("SelectV2", spread, taken, op.constant(0, 0));
  }

  /** The shape of ids, with a 1 for every further axis of the entries. */
  private static Operand<TInt32> column(
      TransposeOp op, Operand<TNumber> ids, Operand<TNumber> entries) {
    Ops tf = op.tf();
    Operand<TInt32> count = tf.math.sub(tf.rank(entries), tf.rank(ids));
    Operand<TInt32> more = tf.fill(tf.reshape(count, tf.constant(new int[] {1})), tf.constant(1));
    return tf.concat(List.of(tf.shape(ids), more), tf.constant(0));
  }

  /**
   * The sum of the cotangents by index. With x of axes (outer, mid, axis, rest), of which outer are
   * batch axes, and indices of axes (outer, inner), g has (outer, mid, inner, rest): inner is moved
   * to the front, and the entries of all outer indices are numbered through.
   */
  private static Operand<TNumber> gather(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    Operand<TNumber> indices = op.input(1);
    long[] constantAxis = ConstantValue.integers(op.input(2)).orElse(null);
    int rank = op.input(0).shape().numDimensions();
    int indexRank = indices.shape().numDimensions();
    if (constantAxis == null || rank < 0 || indexRank < 0) {
      throw new UserException(
          "the transpose of the gather "
              + op.operation().name()
              + " needs a constant axis and known ranks; give them in the model");
    }
    int axis = Math.toIntExact(constantAxis[0] < 0 ? constantAxis[0] + rank : constantAxis[0]);
    int batch = Math.toIntExact(op.attribute("batch_dims").getI());
    batch = batch < 0 ? batch + indexRank : batch;
    Operand<TInt32> shape = op.shape(0);
    Operand<TNumber> count = StructureTransposes.as(op, part(tf, shape, axis), indices);
    if (axis == 0) {
      return op.make("UnsortedSegmentSum", g, indices, count);
    }
    int inner = indexRank - batch;
    List<Integer> order = new ArrayList<>();
    range(order, 0, batch);
    range(order, axis, axis + inner);
    range(order, batch, axis);
    range(order, axis + inner, rank - 1 + inner);
    Operand<TNumber> moved = transpose(op, g, order);
    Operand<TNumber> ids = indices;
    Operand<TNumber> segments = count;
    if (batch > 0) {
      Operand<TInt32> outer = tf.slice(shape, tf.constant(new int[] {0}), ints(tf, batch));
      Operand<TInt32> many = tf.reduceProd(outer, tf.constant(0));
      Operand<TNumber> number =
          StructureTransposes.as(op, tf.range(tf.constant(0), many, tf.constant(1)), indices);
      int[] ones = new int[inner];
      Arrays.fill(ones, 1);
      Operand<TInt32> aligned = tf.concat(List.of(outer, tf.constant(ones)), tf.constant(0));
      ids = op.make("AddV2", ids, op.make("Mul", count, tf.reshape(number, aligned)));
      segments = op.make("Mul", count, StructureTransposes.as(op, many, indices));
    }
    Operand<TNumber> sums = op.make("UnsortedSegmentSum", moved, ids, segments);
    // Now (outer × axis, mid, rest): back to (outer, mid, axis, rest).
    List<Integer> split = new ArrayList<>();
    range(split, 0, batch);
    split.add(axis);
    range(split, batch, axis);
    range(split, axis + 1, rank);
    if (batch > 0) {
      sums = tf.reshape(sums, tf.gather(shape, tf.constant(array(split)), tf.constant(0)));
    }
    List<Integer> back = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      back.add(split.indexOf(i));
    }
    return transpose(op, sums, back);
  }

  private static Operand<TNumber> transpose(
      TransposeOp op, Operand<TNumber> x, List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return op.make("Transpose", x, op.tf().constant(array(order)));
      }
    }
    return x;
  }

  private static Operand<TInt32> part(Ops tf, Operand<TInt32> shape, int axis) {
    long[] known = ConstantValue.integers(shape).orElse(null);
    return known != null
        ? tf.constant(Math.toIntExact(known[axis]))
        : tf.gather(shape, tf.constant(axis), tf.constant(0));
  }

  private static Operand<TInt32> ints(Ops tf, int value) {
    return tf.constant(new int[] {value});
  }

  private static void range(List<Integer> list, int from, int to) {
    for (int i = from; i < to; i++) {
      list.add(i);
    }
  }

  private static int[] array(List<Integer> list) {
    return list.stream().mapToInt(i -> i).toArray();
  }
}
