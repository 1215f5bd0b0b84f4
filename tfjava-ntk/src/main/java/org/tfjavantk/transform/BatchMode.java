package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** Carries batches through a graph, operation by operation. */
final class BatchMode {
  private final Ops tf;
  private final Rules rules;
  private final Map<Output<?>, Batched> values = new HashMap<>();
  private Length size;

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
      requireBatch(x.get(i), batches.get(i), i);
      values.put(x.get(i).asOutput(), Batched.batch(batches.get(i)));
    }
    size = size(tf, batches);
    for (GraphOperation op : Paths.between(x, f)) {
      push(op);
    }
    return f.stream().map(output -> value(output)).toList();
  }

  /** f again, with other operands in the places of x; no batch at all. */
  Operand<?> replaced(
      Operand<?> f, List<? extends Operand<?>> x, List<? extends Operand<?>> others) {
    for (int i = 0; i < x.size(); i++) {
      values.put(x.get(i).asOutput(), Batched.same(others.get(i)));
    }
    for (GraphOperation op : Paths.between(x, List.of(f))) {
      push(op);
    }
    return value(f).value();
  }

  /** The values with the axis of the batch, repeated where they are all the same. */
  Operand<TNumber> stacked(Batched batched) {
    return BatchOp.stacked(tf, batched, size);
  }

  private Batched value(Operand<?> operand) {
    Batched mapped = values.get(operand.asOutput());
    return mapped == null ? Batched.same(operand) : mapped;
  }

  private static void requireBatch(Operand<?> x, Operand<?> batch, int i) {
    Shape whole = batch.shape();
    boolean fits = x.type() == batch.type();
    if (fits && !whole.isUnknown()) {
      fits = whole.numDimensions() > 0 && x.shape().isCompatibleWith(whole.tail());
    }
    if (!fits) {
      throw new IllegalArgumentException(
          String.format(
              "batch %d is %s of shape %s, but x is %s of shape %s; the batch needs the type of x"
                  + " and its shape after a new axis 0",
              i, batch.type().getSimpleName(), whole, x.type().getSimpleName(), x.shape()));
    }
  }

  /** B, a number if one of the batches tells. */
  static Length size(Ops tf, List<? extends Operand<?>> batches) {
    Length known = null;
    for (Operand<?> batch : batches) {
      Length own = Length.of(tf, batch, 0);
      if (known != null && known.isKnown() && own.isKnown() && known.known() != own.known()) {
        throw new IllegalArgumentException(
            "the batches have different sizes, " + known.known() + " and " + own.known());
      }
      known = known == null || !known.isKnown() ? own : known;
    }
    if (known == null) {
      throw new IllegalArgumentException("there is no x to map over; give at least one");
    }
    return known;
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
