package org.tfjavantk.graphs.load;

import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A variable as the file has it.
 *
 * @param key what it is called while the program runs: two nodes with one key are one variable
 * @param node the node in the main graph, or null where it is inside a function
 * @param sharedName the resource's name
 * @param container the resource's container
 * @param reference whether it is a TensorFlow 1 reference variable
 * @param dtype its type
 * @param shape its shape
 */
record FileVariable(
    String key,
    String node,
    String sharedName,
    String container,
    boolean reference,
    DataType dtype,
    TensorShapeProto shape) {

  static boolean isVariable(NodeDef node) {
    return node.getOp().equals("VarHandleOp") || isReference(node);
  }

  private static boolean isReference(NodeDef node) {
    return node.getOp().equals("VariableV2") || node.getOp().equals("Variable");
  }

  static FileVariable of(Frame frame, NodeDef node) {
    Map<String, AttrValue> attributes = frame.attributes(node);
    String shared = string(attributes, "shared_name");
    String container = string(attributes, "container");
    String own = frame.path() + node.getName();
    return new FileVariable(
        container + "/" + (shared.isEmpty() ? own : shared),
        frame.main() ? node.getName() : null,
        shared.isEmpty() ? own : shared,
        container,
        isReference(node),
        attributes.get("dtype").getType(),
        attributes.getOrDefault("shape", AttrValue.getDefaultInstance()).getShape());
  }

  private static String string(Map<String, AttrValue> attributes, String name) {
    return attributes.getOrDefault(name, AttrValue.getDefaultInstance()).getS().toStringUtf8();
  }
}
