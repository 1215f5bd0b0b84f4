package org.tfjavantk.transform;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.OpDef;

/**
 * Makes operations of any type, new ones or copies with other inputs, by their definitions in
 * TensorFlow.
 */
final class OpCopy {
  private static final Map<String, OpDef> DEFINITIONS =
      TensorFlow.registeredOpList().getOpList().stream()
          .collect(Collectors.toUnmodifiableMap(OpDef::getName, Function.identity()));

  private OpCopy() {}

  /** The operation {@code op} again, with the same attributes and these inputs. */
  static GraphOperation copy(Ops tf, GraphOperation op, List<? extends Operand<?>> inputs) {
    return copy(tf, op, inputs, Map.of());
  }

  /** The operation {@code op} again, with these inputs and some other attributes. */
  static GraphOperation copy(
      Ops tf,
      GraphOperation op,
      List<? extends Operand<?>> inputs,
      Map<String, AttrValue> changed) {
    OpDef definition = DEFINITIONS.get(op.type());
    OperationBuilder builder = builder(tf, op.type());
    int next = 0;
    for (OpDef.ArgDef argument : definition.getInputArgList()) {
      int length = listLength(op, argument);
      if (length < 0) {
        builder.addInput(inputs.get(next++).asOutput());
      } else {
        Output<?>[] list = new Output<?>[length];
        for (int k = 0; k < length; k++) {
          list[k] = inputs.get(next++).asOutput();
        }
        builder.addInputList(list);
      }
    }
    for (OpDef.AttrDef attribute : definition.getAttrList()) {
      String name = attribute.getName();
      AttrValue value = changed.get(name);
      builder.setAttr(name, value == null ? op.attributes().getAttrValueProto(name) : value);
    }
    return (GraphOperation) builder.build();
  }

  /** A new operation whose inputs are no lists; types follow from the inputs. */
  static GraphOperation make(
      Ops tf, String type, Map<String, AttrValue> attributes, List<? extends Operand<?>> inputs) {
    OperationBuilder builder = builder(tf, type);
    inputs.forEach(input -> builder.addInput(input.asOutput()));
    attributes.forEach(builder::setAttr);
    return (GraphOperation) builder.build();
  }

  private static OperationBuilder builder(Ops tf, String type) {
    return tf.scope().env().opBuilder(type, tf.scope().makeOpName(type), tf.scope());
  }

  /** The length of a list argument, or -1 of one that is no list. */
  private static int listLength(GraphOperation op, OpDef.ArgDef argument) {
    if (!argument.getNumberAttr().isEmpty()) {
      return Math.toIntExact(op.attributes().getAttrInt(argument.getNumberAttr()));
    }
    if (!argument.getTypeListAttr().isEmpty()) {
      return op.attributes().getAttrTypeList(argument.getTypeListAttr()).length;
    }
    return -1;
  }
}
