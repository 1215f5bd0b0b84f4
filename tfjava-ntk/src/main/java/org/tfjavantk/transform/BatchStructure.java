package org.tfjavantk.transform;

import static org.tfjavantk.transform.LinearRules.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** Batches pass through operations that cut, join and rearrange: along axes that move by one. */
final class BatchStructure {
  private BatchStructure() {}

  static void addTo(Map<String, BatchRule> rules) {
    rules.put("Reshape", BatchStructure::reshape);
    for (String type : words("Transpose ConjugateTranspose")) {
      rules.put(
          type,
          op ->
              structured(op, Integers.prepend(op.tf(), 0, Integers.shifted(op.tf(), op.fixed(1)))));
    }
    for (String type : words("ExpandDims ReverseV2 Cumsum Cumprod CumulativeLogsumexp")) {
      rules.put(type, op -> structured(op, Integers.shifted(op.tf(), op.fixed(1))));
    }
    rules.put("Squeeze", BatchStructure::squeeze);
    rules.put("ReverseSequence", BatchStructure::reverseSequence);
    rules.put(
        "Roll",
        op -> {
          Operand<?> axes = Integers.shifted(op.tf(), op.fixed(2));
          return BatchOp.batches(op.again(op.value(0), op.fixed(1), axes));
        });
    for (String type : words("Pad MirrorPad MirrorPadGrad")) {
      rules.put(type, op -> structured(op, paddings(op)));
    }
    rules.put("PadV2", BatchStructure::padWith);
    rules.put("Slice", BatchStructure::slice);
    rules.put("StridedSlice", op -> stridedSlice(op, op.value(0)));
    rules.put(
        "StridedSliceGrad",
        op -> stridedSlice(op, Integers.prepend(op.tf(), op.length(), op.fixed(0))));
    rules.put("ConcatV2", op -> concat(op, op.count() - 1));
    rules.put("Concat", op -> concat(op, 0));
    rules.put("Pack", op -> BatchOp.batches(op.copy(BatchElementwise.stacked(op), axis(op))));
    rules.put("Unpack", op -> BatchOp.batches(op.copy(List.of(op.value(0)), axis(op))));
    rules.put(
        "Split",
        op -> BatchOp.batches(op.again(Integers.shifted(op.tf(), op.fixed(0)), op.value(1))));
    rules.put(
        "SplitV",
        op -> {
          Operand<?> axis = Integers.shifted(op.tf(), op.fixed(2));
          return BatchOp.batches(op.again(op.value(0), op.fixed(1), axis));
        });
    rules.put("Tile", op -> structured(op, Integers.prepend(op.tf(), 1, op.fixed(1))));
    rules.put("BroadcastTo", op -> BatchOp.batch(broadcast(op, 0, op.fixed(1))));
    rules.put("Fill", op -> BatchOp.batch(broadcast(op, 1, op.fixed(0))));
    rules.put("Where", BatchStructure::where);
    addDiagonals(rules);
    addShapes(rules);
  }

  private static List<Batched> where(BatchOp op) {
    throw new UserException(
        "the operation "
            + op.described()
            + " finds another number of places in every example, and vmap needs results of one"
            + " shape; compute with a mask of all places (SelectV2) instead");
  }

  private static void addDiagonals(Map<String, BatchRule> rules) {
    // The last axes are those of a matrix; all before are a batch already.
    for (String type :
        words(
            "MatrixDiag MatrixDiagV2 MatrixDiagV3 MatrixDiagPart MatrixDiagPartV2 MatrixDiagPartV3"
                + " MatrixBandPart Cholesky MatrixInverse MatrixDeterminant LogMatrixDeterminant")) {
      rules.put(
          type,
          op -> {
            List<Operand<?>> inputs = new ArrayList<>(List.of(op.value(0)));
            for (int i = 1; i < op.count(); i++) {
              inputs.add(op.fixed(i));
            }
            return BatchOp.batches(op.copy(inputs));
          });
    }
    for (String type : words("MatrixSetDiagV2 MatrixSetDiagV3")) {
      rules.put(type, op -> BatchOp.batches(op.again(op.stacked(0), op.stacked(1), op.fixed(2))));
    }
    for (String type : words("MatrixSetDiag MatrixSolve MatrixTriangularSolve CholeskyGrad")) {
      rules.put(type, op -> BatchOp.batches(op.copy(BatchElementwise.stacked(op))));
    }
    rules.put("Diag", BatchStructure::diagonal);
    rules.put("DiagPart", BatchStructure::diagonalPart);
  }

  /** Shapes are those of one example, the same for the whole batch. */
  private static void addShapes(Map<String, BatchRule> rules) {
    rules.put("Shape", op -> List.of(Batched.same(shape(op, 0, op.output(0)))));
    rules.put(
        "ShapeN",
        op -> {
          List<Batched> shapes = new ArrayList<>();
          for (int i = 0; i < op.count(); i++) {
            shapes.add(Batched.same(shape(op, i, op.output(i))));
          }
          return shapes;
        });
    rules.put(
        "Size",
        op -> {
          Operand<TNumber> product =
              op.tf().reduceProd(shape(op, 0, op.output(0)), op.tf().constant(0));
          return List.of(Batched.same(product));
        });
    rules.put(
        "Rank",
        op -> {
          Ops tf = op.tf();
          Operand<TInt32> rank =
              op.rankOrUnknown(0) >= 0
                  ? tf.constant(op.rankOrUnknown(0))
                  : tf.math.sub(tf.rank(op.value(0)), tf.constant(1));
          return List.of(Batched.same(rank));
        });
  }

  /** g(batch of x_0, something for x_1), with all other attributes and no further inputs. */
  private static List<Batched> structured(BatchOp op, Operand<?> structure) {
    return BatchOp.batches(op.again(op.value(0), structure));
  }

  private static List<Batched> reshape(BatchOp op) {
    var single = op.output(0).shape();
    Operand<?> shape =
        single.isUnknown() || single.hasUnknownDimension()
            ? op.fixed(1)
            : Integers.vector(op.tf(), op.fixed(1), single.asArray());
    return structured(op, Integers.prepend(op.tf(), op.length(), shape));
  }

  private static List<Batched> squeeze(BatchOp op) {
    long[] axes = Attributes.integers(op.attribute("squeeze_dims"));
    List<Length> kept = new ArrayList<>(List.of(op.length()));
    if (axes.length > 0) {
      for (int k = 0; k < axes.length; k++) {
        axes[k] = Integers.shifted(axes[k]);
      }
      var changed = Map.of("squeeze_dims", Attributes.integers(axes));
      return BatchOp.batches(op.copy(List.of(op.value(0)), changed));
    }
    for (Length length : op.lengths(0)) {
      if (!length.isKnown()) {
        return BatchOp.batch(squeezeWhatIsOne(op));
      }
      if (length.known() != 1) {
        kept.add(length);
      }
    }
    return BatchOp.batch(Length.reshape(op.tf(), op.value(0), kept));
  }

  /** Without a list of axes, and with lengths that only the run knows. */
  private static Operand<TNumber> squeezeWhatIsOne(BatchOp op) {
    Ops tf = op.tf();
    Operand<TNumber> shape = shape(op, 0, tf.constant(0));
    Operand<TNumber> one = tf.constant(shape.type(), 1);
    Operand<TNumber> kept = tf.gatherNd(shape, tf.where(tf.math.notEqual(shape, one)));
    return tf.reshape(op.value(0), Integers.prepend(tf, op.length(), kept));
  }

  /** Examples with lengths of their own become one long row of sequences. */
  private static List<Batched> reverseSequence(BatchOp op) {
    long time = op.attribute("seq_dim").getI();
    long rows = op.attribute("batch_dim").getI();
    if (op.batched(1)) {
      int axis = Math.toIntExact(rows);
      var all = op.again(Folds.into(op, 0, axis), Folds.into(op, 1, 0)).output(0);
      return BatchOp.batch(
          Folds.outOf(op, RuleOp.number(all), op.rank(0), axis, op.length(0, axis)));
    }
    Map<String, AttrValue> moved =
        Map.of(
            "seq_dim", Attributes.integer(Integers.shifted(time)),
            "batch_dim", Attributes.integer(Integers.shifted(rows)));
    return BatchOp.batches(op.copy(List.of(op.value(0), op.value(1)), moved));
  }

  /** (0, 0) for the axis of the batch. */
  private static Operand<TNumber> paddings(BatchOp op) {
    Operand<TNumber> paddings = op.fixed(1);
    Operand<TNumber> none =
        op.tf()
            .reshape(Integers.vector(op.tf(), paddings, 0, 0), op.tf().constant(new int[] {1, 2}));
    return op.tf().concat(List.of(none, paddings), op.tf().constant(0));
  }

  private static List<Batched> padWith(BatchOp op) {
    Operand<TNumber> x = op.stacked(0);
    Operand<TNumber> paddings = paddings(op);
    if (!op.batched(2)) {
      return BatchOp.batches(op.again(x, paddings, op.value(2)));
    }
    // Every example has its own value: find the places, and choose.
    Ops tf = op.tf();
    Operand<TNumber> zero = tf.zerosLike(x);
    Operand<TNumber> none = op.constant(0, 0);
    Operand<TNumber> one = op.constant(0, 1);
    Operand<TNumber> outside = op.make("PadV2", zero, paddings, one);
    List<Length> lengths = new ArrayList<>(List.of(op.length()));
    while (lengths.size() <= op.rank(0)) {
      lengths.add(Length.of(1));
    }
    Operand<TNumber> values = Length.reshape(tf, op.value(2), lengths);
    Operand<TNumber> padded = op.make("PadV2", x, paddings, none);
    return BatchOp.batch(op.make("SelectV2", op.make("Equal", outside, one), values, padded));
  }

  private static List<Batched> slice(BatchOp op) {
    Operand<?> begin = Integers.prepend(op.tf(), 0, op.fixed(1));
    Operand<?> size = Integers.prepend(op.tf(), -1, op.fixed(2));
    return BatchOp.batches(op.again(op.value(0), begin, size));
  }

  /** A full slice comes first; the masks have a bit for each. */
  private static List<Batched> stridedSlice(BatchOp op, Operand<?> first) {
    List<Operand<?>> inputs = new ArrayList<>(List.of(first));
    for (int i = 1; i <= 3; i++) {
      inputs.add(Integers.prepend(op.tf(), i < 3 ? 0 : 1, op.fixed(i)));
    }
    for (int i = 4; i < op.count(); i++) {
      inputs.add(op.stacked(i));
    }
    Map<String, AttrValue> masks =
        Map.of(
            "begin_mask", Attributes.integer(op.attribute("begin_mask").getI() << 1 | 1),
            "end_mask", Attributes.integer(op.attribute("end_mask").getI() << 1 | 1),
            "ellipsis_mask", Attributes.integer(op.attribute("ellipsis_mask").getI() << 1),
            "new_axis_mask", Attributes.integer(op.attribute("new_axis_mask").getI() << 1),
            "shrink_axis_mask", Attributes.integer(op.attribute("shrink_axis_mask").getI() << 1));
    return BatchOp.batches(op.copy(inputs, masks));
  }

  private static List<Batched> concat(BatchOp op, int axis) {
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      inputs.add(i == axis ? Integers.shifted(op.tf(), op.fixed(i)) : op.stacked(i));
    }
    return BatchOp.batches(op.copy(inputs));
  }

  private static Map<String, AttrValue> axis(BatchOp op) {
    return Map.of("axis", Attributes.integer(Integers.shifted(op.attribute("axis").getI())));
  }

  private static Operand<TNumber> broadcast(BatchOp op, int i, Operand<TNumber> shape) {
    Ops tf = op.tf();
    Operand<TNumber> whole = Integers.prepend(tf, op.length(), shape);
    if (shape.shape().isUnknown() || shape.shape().get(0) < 0) {
      // How many axes come between is known only when the graph runs.
      Operand<TInt32> missing = tf.math.sub(tf.size(shape), tf.constant(op.rank(i)));
      Operand<TInt32> ones =
          tf.fill(tf.reshape(missing, tf.constant(new int[] {1})), tf.constant(1));
      Operand<TInt32> first = Length.vector(tf, List.of(op.length()));
      Operand<TInt32> last = Length.vector(tf, op.lengths(i));
      Operand<TInt32> wide = tf.concat(List.of(first, ones, last), tf.constant(0));
      return tf.broadcastTo(tf.reshape(op.value(i), wide), whole);
    }
    int rank = Math.toIntExact(shape.shape().get(0));
    return tf.broadcastTo(BatchElementwise.widened(op, i, rank), whole);
  }

  /** (B, s) → (B, s, s), by the matrix of the flat vector. */
  private static List<Batched> diagonal(BatchOp op) {
    Ops tf = op.tf();
    List<Length> lengths = op.lengths(0);
    Length flat = Length.product(tf, lengths);
    Operand<TNumber> matrix =
        op.make("MatrixDiag", Length.reshape(tf, op.value(0), List.of(op.length(), flat)));
    List<Length> twice = new ArrayList<>(List.of(op.length()));
    twice.addAll(lengths);
    twice.addAll(lengths);
    return BatchOp.batch(Length.reshape(tf, matrix, twice));
  }

  /** (B, s, s) → (B, s). */
  private static List<Batched> diagonalPart(BatchOp op) {
    Ops tf = op.tf();
    List<Length> lengths = op.lengths(0).subList(0, op.rank(0) / 2);
    Length flat = Length.product(tf, lengths);
    Operand<TNumber> matrix = Length.reshape(tf, op.value(0), List.of(op.length(), flat, flat));
    List<Length> once = new ArrayList<>(List.of(op.length()));
    once.addAll(lengths);
    return BatchOp.batch(Length.reshape(tf, op.make("MatrixDiagPart", matrix), once));
  }

  /** The shape of one x_i in the type of {@code like}: a constant where it is known. */
  private static Operand<TNumber> shape(BatchOp op, int i, Operand<? extends TNumber> like) {
    Ops tf = op.tf();
    Class<TNumber> type = RuleOp.number(like).type();
    if (op.rankOrUnknown(i) >= 0) {
      List<Length> lengths = op.lengths(i);
      if (lengths.stream().allMatch(Length::isKnown)) {
        return Integers.vector(tf, like, lengths.stream().mapToLong(Length::known).toArray());
      }
    }
    Operand<TInt32> whole = tf.shape(op.value(i));
    if (!op.batched(i)) {
      return tf.dtypes.cast(whole, type);
    }
    Operand<TInt32> tail = tf.slice(whole, tf.constant(new int[] {1}), tf.constant(new int[] {-1}));
    return tf.dtypes.cast(tail, type);
  }
}
