package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/**
 * What a {@link BatchRule} sees: an operation y = g(x) on single tensors, and for some of its
 * inputs a batch of B of them, stacked along a new axis 0.
 */
public final class BatchOp extends RuleOp {
  private final List<Batched> inputs;
  private final Length size;

  BatchOp(Ops tf, GraphOperation operation, List<Batched> inputs, Length size) {
    super(tf, operation);
    this.inputs = inputs;
    this.size = size;
  }

  /** How many inputs there are. */
  public int count() {
    return inputs.size();
  }

  /** Whether there is a batch of x_i. */
  public boolean batched(int i) {
    return inputs.get(i).batched();
  }

  /** The batch of x_i, with the new axis 0; or x_i itself (as mapped) where there is none. */
  public Operand<TNumber> value(int i) {
    return number(inputs.get(i).value());
  }

  /** The batch of x_i, with the new axis 0, repeated where it is the same for all. */
  public Operand<TNumber> stacked(int i) {
    return stacked(tf(), inputs.get(i), size);
  }

  /**
   * x_i, which has to be the same for the whole batch: a shape, axes, where to cut.
   *
   * @throws UserException if there is a batch of it
   */
  public Operand<TNumber> fixed(int i) {
    if (batched(i)) {
      throw new UserException(
          "input "
              + i
              + " of the operation "
              + described()
              + " differs within the batch of vmap; it must be the same for the whole batch, so"
              + " make it independent of what is mapped");
    }
    return value(i);
  }

  /** B, a scalar; a constant where it is known. */
  public Operand<TInt32> size() {
    return size.operand(tf());
  }

  /**
   * The rank of one x_i.
   *
   * @throws UserException if it is not known before the graph runs
   */
  public int rank(int i) {
    int rank = rankOrUnknown(i);
    if (rank < 0) {
      throw new UserException(
          "the rank of input "
              + i
              + " of the operation "
              + described()
              + " is not known, and vmap needs it; give the placeholders that it comes from a"
              + " shape, of unknown lengths if need be");
    }
    return rank;
  }

  /** The rank of one x_i, or -1. */
  int rankOrUnknown(int i) {
    Shape single = input(i).shape();
    if (!single.isUnknown()) {
      return single.numDimensions();
    }
    Shape batch = value(i).shape();
    return batch.isUnknown() ? -1 : batch.numDimensions() - (batched(i) ? 1 : 0);
  }

  /** B. */
  Length length() {
    return size;
  }

  /** The length of one x_i along an axis, 0 or more. */
  Length length(int i, int axis) {
    Shape single = input(i).shape();
    Length mapped = Length.of(tf(), value(i), batched(i) ? axis + 1 : axis);
    boolean known = !mapped.isKnown() && !single.isUnknown() && single.get(axis) >= 0;
    return known ? Length.of(single.get(axis)) : mapped;
  }

  /** The shape of one x_i. */
  List<Length> lengths(int i) {
    List<Length> lengths = new ArrayList<>();
    for (int axis = 0; axis < rank(i); axis++) {
      lengths.add(length(i, axis));
    }
    return lengths;
  }

  /** The type of the operation and the name of the node, for messages. */
  String described() {
    return operation().type() + " (node " + operation().name() + ")";
  }

  /** The operation again, with these inputs and some other attributes. */
  GraphOperation copy(List<? extends Operand<?>> with, Map<String, AttrValue> changed) {
    return OpCopy.copy(tf(), operation(), with, changed);
  }

  /** The operation again, with these inputs. */
  GraphOperation again(Operand<?>... with) {
    return copy(Arrays.asList(with));
  }

  /** All outputs of an operation, as batches. */
  static List<Batched> batches(GraphOperation op) {
    List<Batched> outputs = new ArrayList<>();
    for (int k = 0; k < op.numOutputs(); k++) {
      outputs.add(Batched.batch(op.output(k)));
    }
    return outputs;
  }

  static List<Batched> batch(Operand<?> value) {
    return List.of(Batched.batch(value));
  }

  static Operand<TNumber> stacked(Ops tf, Batched batched, Length size) {
    Operand<TNumber> value = number(batched.value());
    if (batched.batched()) {
      return value;
    }
    // Copies block by block, which is faster than to broadcast.
    Operand<TInt32> first = tf.fill(Length.vector(tf, List.of(size)), tf.constant(0));
    return tf.gather(tf.expandDims(value, tf.constant(0)), first, tf.constant(0));
  }
}
