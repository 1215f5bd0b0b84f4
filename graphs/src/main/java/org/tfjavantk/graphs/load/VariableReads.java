package org.tfjavantk.graphs.load;

import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** Operations that read a variable through its handle, as operations on its value. */
final class VariableReads {
  /** What {@link #rewrite} takes. */
  static final Set<String> TYPES = Set.of("ResourceGather", "ResourceGatherNd", "VariableShape");

  private VariableReads() {}

  /**
   * Rewrites a node whose first input is already the variable's value.
   *
   * @param variable the variable's type
   * @param constants adds a Const node under a name and gives its tensor
   */
  static void rewrite(
      NodeDef.Builder node,
      DataType variable,
      BiFunction<String, NodeDef.Builder, String> constants) {
    Map<String, AttrValue> attributes = Map.copyOf(node.getAttrMap());
    node.clearAttr();
    AttrValue dtype = Types.attr(variable);
    switch (node.getOp()) {
      case "ResourceGather" -> {
        AttrValue batch = attributes.getOrDefault("batch_dims", integer(0));
        node.setOp("GatherV2")
            .addInput(
                constants.apply("axis", Types.constant(Values.of(DataType.DT_INT32, batch.getI()))))
            .putAttr("Tparams", dtype)
            .putAttr("Tindices", attributes.get("Tindices"))
            .putAttr("Taxis", Types.attr(DataType.DT_INT32))
            .putAttr("batch_dims", batch);
      }
      case "ResourceGatherNd" ->
          node.setOp("GatherNd")
              .putAttr("Tparams", dtype)
              .putAttr("Tindices", attributes.get("Tindices"));
      case "VariableShape" ->
          node.setOp("Shape")
              .putAttr("T", dtype)
              .putAttr(
                  "out_type", attributes.getOrDefault("out_type", Types.attr(DataType.DT_INT32)));
      default -> throw new IllegalArgumentException(node.getOp());
    }
  }

  private static AttrValue integer(long value) {
    return AttrValue.newBuilder().setI(value).build();
  }
}
