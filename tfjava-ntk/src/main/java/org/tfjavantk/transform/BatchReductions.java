package org.tfjavantk.transform;

import static org.tfjavantk.transform.LinearRules.words;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Batches pass through sums, extrema and what works along the last axis. */
final class BatchReductions {
  private BatchReductions() {}

  static void addTo(Map<String, BatchRule> rules) {
    for (String type : words("Sum Mean Max Min Prod All Any EuclideanNorm ArgMax ArgMin")) {
      rules.put(
          type,
          op -> {
            Operand<?> axes = Integers.shifted(op.tf(), op.fixed(1));
            return BatchOp.batches(op.again(op.value(0), axes));
          });
    }
    for (String type : words("Softmax LogSoftmax")) {
      rules.put(type, op -> BatchOp.batches(op.again(op.value(0))));
    }
    rules.put("TopKV2", op -> BatchOp.batches(op.again(op.value(0), op.fixed(1))));
    rules.put("SoftmaxCrossEntropyWithLogits", BatchReductions::crossEntropy);
    rules.put("SparseSoftmaxCrossEntropyWithLogits", BatchReductions::crossEntropy);
    rules.put("L2Loss", BatchReductions::l2Loss);
    rules.put("OneHot", BatchReductions::oneHot);
    rules.put("InTopKV2", BatchReductions::inTop);
  }

  /** Rows of all examples below each other. */
  private static List<Batched> crossEntropy(BatchOp op) {
    Ops tf = op.tf();
    int labelled = op.rank(1);
    // Logits and labels broadcast: where they could, write them out first.
    boolean broadcast = labelled == 2 && !sameLengths(op);
    Operand<TNumber> logits = op.stacked(0);
    Operand<TNumber> labels = op.stacked(1);
    if (broadcast) {
      Operand<TNumber> zero = tf.zerosLike(op.make("AddV2", logits, labels));
      logits = tf.math.add(logits, zero);
      labels = tf.math.add(labels, zero);
    }
    Length rows = broadcast ? Length.of(tf, logits, 1) : op.length(0, 0);
    Length columns = broadcast ? Length.of(tf, logits, 2) : op.length(0, 1);
    Length all = op.length().times(tf, rows);
    List<Length> table = List.of(all, columns);
    GraphOperation losses =
        op.again(
            Length.reshape(tf, logits, table),
            Length.reshape(tf, labels, labelled == 2 ? table : List.of(all)));
    Operand<TNumber> loss = Length.reshape(tf, losses.output(0), List.of(op.length(), rows));
    Operand<TNumber> backprop =
        Length.reshape(tf, losses.output(1), List.of(op.length(), rows, columns));
    return List.of(Batched.batch(loss), Batched.batch(backprop));
  }

  private static boolean sameLengths(BatchOp op) {
    for (int axis = 0; axis < 2; axis++) {
      long a = op.length(0, axis).known();
      long b = op.length(1, axis).known();
      if (a < 0 || a != b) {
        return false;
      }
    }
    return true;
  }

  private static List<Batched> l2Loss(BatchOp op) {
    Ops tf = op.tf();
    List<Length> flat = List.of(op.length(), Length.product(tf, op.lengths(0)));
    Operand<TNumber> squares = op.make("Square", Length.reshape(tf, op.value(0), flat));
    Operand<TNumber> sum = tf.sum(squares, tf.constant(1));
    return BatchOp.batch(op.make("Mul", sum, op.constant(0, 0.5)));
  }

  private static List<Batched> oneHot(BatchOp op) {
    boolean values = op.batched(2) || op.batched(3);
    if (!values) {
      long axis = Integers.shifted(op.attribute("axis").getI());
      var moved = Map.of("axis", Attributes.integer(axis));
      List<Operand<?>> inputs = List.of(op.value(0), op.fixed(1), op.value(2), op.value(3));
      return BatchOp.batches(op.copy(inputs, moved));
    }
    // Every example has values of its own: find the places, and choose.
    Ops tf = op.tf();
    long axis = op.attribute("axis").getI();
    var moved = Map.of("axis", Attributes.integer(op.batched(0) ? Integers.shifted(axis) : axis));
    Operand<?> here =
        op.make("OneHot", moved, op.value(0), op.fixed(1), tf.constant(true), tf.constant(false));
    List<Length> alone = new ArrayList<>(List.of(op.length()));
    for (int k = 0; k <= op.rank(0); k++) {
      alone.add(Length.of(1));
    }
    List<Operand<?>> choice = new ArrayList<>(List.of(here));
    for (int i = 2; i < 4; i++) {
      choice.add(op.batched(i) ? Length.reshape(tf, op.value(i), alone) : op.value(i));
    }
    return BatchOp.batch(op.make("SelectV2", choice.toArray(Operand<?>[]::new)));
  }

  /** Rows of all examples below each other. */
  private static List<Batched> inTop(BatchOp op) {
    Operand<?> found = op.again(Folds.into(op, 0, 0), Folds.into(op, 1, 0), op.fixed(2)).output(0);
    return BatchOp.batch(Length.reshape(op.tf(), found, List.of(op.length(), op.length(1, 0))));
  }
}
