package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;

/**
 * What a {@link JvpRule} sees: an operation, the tangents of its inputs, and the means to write new
 * operations.
 */
public final class ForwardOp {
  private final Ops tf;
  private final GraphOperation operation;
  private final List<Operand<?>> tangents;

  ForwardOp(Ops tf, GraphOperation operation, List<Operand<?>> tangents) {
    this.tf = tf;
    this.operation = operation;
    this.tangents = tangents;
  }

  /** Writes into the graph. */
  public Ops tf() {
    return tf;
  }

  /** The operation y = g(x). */
  public GraphOperation operation() {
    return operation;
  }

  /** x_i. */
  public Operand<TNumber> input(int i) {
    return number(operation.input(i));
  }

  /** y_i. */
  public Operand<TNumber> output(int i) {
    return number(operation.output(i));
  }

  /** ẋ_i, or null where it is zero. */
  public Operand<TNumber> tangent(int i) {
    Operand<?> tangent = tangents.get(i);
    return tangent == null ? null : number(tangent);
  }

  /** ẋ_i, with zeros written out. */
  public Operand<TNumber> tangentOrZeros(int i) {
    Operand<TNumber> tangent = tangent(i);
    return tangent == null ? tf.zerosLike(input(i)) : tangent;
  }

  /** The operation again, with x_i replaced by {@code with}. */
  public GraphOperation copyWith(int i, Operand<?> with) {
    List<Operand<?>> inputs = new ArrayList<>(operation.inputs());
    inputs.set(i, with);
    return copy(inputs);
  }

  /** The operation again, with these inputs. */
  public GraphOperation copy(List<? extends Operand<?>> inputs) {
    return OpCopy.copy(tf, operation, inputs);
  }

  /** A new operation with one output. */
  public Operand<TNumber> make(String type, Operand<?>... inputs) {
    return make(type, Map.of(), inputs);
  }

  /** A new operation with one output and these attributes. */
  public Operand<TNumber> make(
      String type, Map<String, AttrValue> attributes, Operand<?>... inputs) {
    return number(OpCopy.make(tf, type, attributes, Arrays.asList(inputs)).output(0));
  }

  /** A constant of the type of x_i. */
  public Operand<TNumber> constant(int i, double value) {
    return tf.constant(input(i).type(), value);
  }

  /** x + y, where null is zero. */
  public Operand<TNumber> sum(Operand<TNumber> x, Operand<TNumber> y) {
    if (x == null || y == null) {
      return x == null ? y : x;
    }
    return tf.math.add(x, y);
  }

  @SuppressWarnings("unchecked")
  private static Operand<TNumber> number(Operand<?> operand) {
    return (Operand<TNumber>) operand;
  }
}
