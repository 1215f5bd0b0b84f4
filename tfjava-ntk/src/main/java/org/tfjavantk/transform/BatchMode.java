package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** Carries batches through a graph, operation by operation. */
final class BatchMode {
  private final Ops tf;
  private final Rules rules;
  private final Map<Output<?>, Batched> values = new HashMap<>();
  private Operand<TInt32> size;

  BatchMode(Ops tf, Rules rules) {
    this.tf = tf;
    this.rules = rules;
  }

  /** The batches of f, given those of x. */
  List<Batched> run(
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> batches) {
    for (int i = 0; i < x.size(); i++) {
      values.put(x.get(i).asOutput(), Batched.batch(batches.get(i)));
    }
    size = size(batches.get(0));
    for (GraphOperation op : Paths.between(x, f)) {
      push(op);
    }
    return f.stream().map(output -> value(output)).toList();
  }

  /** The values with the axis of the batch, repeated where they are all the same. */
  Operand<TNumber> stacked(Batched batched) {
    Operand<TNumber> value = RuleOp.number(batched.value());
    if (batched.batched()) {
      return value;
    }
    Operand<TInt32> length = tf.reshape(size, tf.constant(new int[] {1}));
    Operand<TInt32> shape = tf.concat(List.of(length, tf.shape(value)), tf.constant(0));
    return tf.broadcastTo(value, shape);
  }

  private Batched value(Operand<?> operand) {
    Batched mapped = values.get(operand.asOutput());
    return mapped == null ? Batched.same(operand) : mapped;
  }

  private Operand<TInt32> size(Operand<?> batch) {
    long size = batch.shape().get(0);
    if (size >= 0) {
      return tf.constant(Math.toIntExact(size));
    }
    return tf.shape.size(tf.shape(batch), tf.constant(0));
  }

  private void push(GraphOperation op) {
    List<Batched> inputs = new ArrayList<>();
    op.inputs().forEach(input -> inputs.add(value(input)));
    List<Batched> outputs;
    if (inputs.stream().noneMatch(Batched::batched)) {
      // It only reads what is the same for the whole batch, for instance the shape of one example.
      outputs = new ArrayList<>();
      GraphOperation copy = OpCopy.copy(tf, op, inputs.stream().map(Batched::value).toList());
      for (int k = 0; k < copy.numOutputs(); k++) {
        outputs.add(Batched.same(copy.output(k)));
      }
    } else {
      outputs = rule(op).apply(new BatchOp(tf, op, inputs, size));
    }
    for (int k = 0; k < outputs.size(); k++) {
      // An output that is itself one of x keeps the batch that was given.
      values.putIfAbsent(op.output(k), outputs.get(k));
    }
  }

  private BatchRule rule(GraphOperation op) {
    return rules
        .batch(op.type())
        .orElseThrow(
            () ->
                new UserException(
                    "there is no batching rule for the operation "
                        + op.type()
                        + " (node "
                        + op.name()
                        + "); give one by Rules.withBatch(\""
                        + op.type()
                        + "\", rule), or write the node with other operations"));
  }
}
