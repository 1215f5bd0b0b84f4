package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tfjavantk.graphs.UserException;

/** Batch normalisation in one operation, as elementwise operations. */
final class FusedBatchNorms {
  private static final Set<String> TYPES =
      Set.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3");
  private static final float DEFAULT_EPSILON = 1e-4f;

  private FusedBatchNorms() {}

  static boolean is(NodeDef node) {
    return TYPES.contains(node.getOp());
  }

  /** Whether it normalises with the statistics of the batch, which is the operation's default. */
  static boolean isTraining(NodeDef node) {
    return is(node)
        && (!node.containsAttr("is_training") || node.getAttrOrThrow("is_training").getB());
  }

  /**
   * Nodes that compute (x - mean) * (scale / sqrt(variance + epsilon)) + offset; the last one has
   * the name of the given node. Its other outputs are {@link #statistic}.
   */
  static List<NodeDef> expand(NodeDef node, DataType dtype) {
    if (isTraining(node)) {
      throw new UserException(
          node.getOp()
              + " (node "
              + node.getName()
              + ") normalises with the statistics of the batch and cannot be computed in another"
              + " precision: export the model in inference mode");
    }
    return new Expansion(node, dtype).nodes();
  }

  /**
   * What is the same as an output but the first in inference mode: the mean or variance that went
   * in.
   */
  static String statistic(NodeDef node, int output) {
    return node.getInput(output % 2 == 1 ? 3 : 4);
  }

  private static final class Expansion {
    private final NodeDef node;
    private final DataType dtype;
    private final List<NodeDef> nodes = new ArrayList<>();

    Expansion(NodeDef node, DataType dtype) {
      this.node = node;
      this.dtype = dtype;
    }

    List<NodeDef> nodes() {
      Map<String, AttrValue> attributes = node.getAttrMap();
      // The format's default is NHWC; only a leading channel needs another shape of statistics.
      String format =
          attributes.containsKey("data_format")
              ? attributes.get("data_format").getS().toStringUtf8()
              : "NHWC";
      double epsilon =
          attributes.containsKey("epsilon") ? attributes.get("epsilon").getF() : DEFAULT_EPSILON;
      String root =
          add(
              "rsqrt",
              "Rsqrt",
              add("variance", "AddV2", node.getInput(4), constant("epsilon", epsilon)));
      String scale = add("scale", "Mul", node.getInput(1), root);
      String centred =
          add("centred", "Sub", node.getInput(0), shaped("mean", node.getInput(3), format));
      String scaled = add("scaled", "Mul", centred, shaped("factor", scale, format));
      add("", "AddV2", scaled, shaped("offset", node.getInput(2), format));
      return nodes;
    }

    /** Per-channel numbers in a shape that broadcasts against x. */
    private String shaped(String name, String tensor, String format) {
      if (format.endsWith("C")) {
        return tensor;
      }
      double[] shape = new double[format.length()];
      Arrays.fill(shape, 1);
      shape[1] = -1;
      NodeDef.Builder constant =
          Types.constant(Values.of(DataType.DT_INT32, shape), shape.length)
              .setName(name(name + "/shape"));
      nodes.add(constant.build());
      NodeDef.Builder reshape =
          NodeDef.newBuilder()
              .setName(name(name))
              .setOp("Reshape")
              .addInput(tensor)
              .addInput(constant.getName())
              .putAttr("T", Types.attr(dtype))
              .putAttr("Tshape", Types.attr(DataType.DT_INT32));
      nodes.add(reshape.build());
      return reshape.getName();
    }

    private String constant(String name, double value) {
      NodeDef.Builder constant = Types.constant(Values.of(dtype, value)).setName(name(name));
      nodes.add(constant.build());
      return constant.getName();
    }

    private String add(String name, String op, String... inputs) {
      NodeDef.Builder added =
          NodeDef.newBuilder()
              .setName(name.isEmpty() ? node.getName() : name(name))
              .setOp(op)
              .addAllInput(List.of(inputs))
              .putAttr("T", Types.attr(dtype));
      nodes.add(added.build());
      return added.getName();
    }

    private String name(String part) {
      return node.getName() + "/inference/" + part;
    }
  }
}
