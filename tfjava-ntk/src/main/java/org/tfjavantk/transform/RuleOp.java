package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;

/** What every rule sees: an operation y = g(x), and the means to write new operations. */
public abstract class RuleOp {
  private final Ops tf;
  private final GraphOperation operation;

  RuleOp(Ops tf, GraphOperation operation) {
    this.tf = tf;
    this.operation = operation;
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

  /** An attribute of the operation. */
  public AttrValue attribute(String name) {
    return operation.attributes().getAttrValueProto(name);
  }

  /** Some attributes of the operation, for another one that has them, too. */
  public Map<String, AttrValue> attributes(String... names) {
    Map<String, AttrValue> same = new LinkedHashMap<>();
    for (String name : names) {
      same.put(name, attribute(name));
    }
    return same;
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
  static Operand<TNumber> number(Operand<?> operand) {
    return (Operand<TNumber>) operand;
  }
}
