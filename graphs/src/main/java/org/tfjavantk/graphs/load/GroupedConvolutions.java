package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Writes every convolution in groups as one convolution for each group: TensorFlow has no gradient
 * of the former on CPUs, and cannot run what its optimiser makes of it and a bias.
 */
final class GroupedConvolutions {
  private final GraphDef def;
  private final GraphDef.Builder split;
  private final Set<String> taken = new HashSet<>();

  private GroupedConvolutions(GraphDef def) {
    this.def = def;
    split = def.toBuilder().clearNode();
    def.getNodeList().forEach(node -> taken.add(node.getName()));
  }

  /**
   * The graph without convolutions in groups.
   *
   * @param graph the same in TensorFlow, which knows its shapes
   */
  static GraphDef split(GraphDef def, Graph graph) {
    return new GroupedConvolutions(def).run(graph);
  }

  private GraphDef run(Graph graph) {
    for (NodeDef node : def.getNodeList()) {
      int groups = node.getOp().equals("Conv2D") ? groups(graph.operation(node.getName())) : 1;
      if (groups == 1) {
        split.addNode(node);
      } else {
        split(node, groups);
      }
    }
    return split.build();
  }

  /** The channels of the image over those of the kernel; 1 where one of them is not known. */
  private static int groups(GraphOperation op) {
    Shape image = op.input(0).shape();
    Shape kernel = op.input(1).shape();
    if (image.isUnknown() || kernel.isUnknown()) {
      return 1;
    }
    long channels = image.get(channelsFirst(op.attributes().getAttrString("data_format")) ? 1 : 3);
    long inGroup = kernel.get(2);
    return channels > 0 && inGroup > 0 ? Math.toIntExact(channels / inGroup) : 1;
  }

  private static boolean channelsFirst(String format) {
    return format.equals("NCHW");
  }

  private void split(NodeDef node, int groups) {
    boolean first =
        node.containsAttr("data_format")
            && channelsFirst(node.getAttrOrThrow("data_format").getS().toStringUtf8());
    DataType dtype = node.getAttrOrThrow("T").getType();
    String channels = axis(node.getName() + "/channels", first ? 1 : 3);
    String filters = axis(node.getName() + "/filters", 3);
    String images = parts(node.getName() + "/images", channels, node.getInput(0), groups, dtype);
    String kernels = parts(node.getName() + "/kernels", filters, node.getInput(1), groups, dtype);
    List<String> outputs = new ArrayList<>();
    for (int g = 0; g < groups; g++) {
      String name = unique(node.getName() + "/group");
      String part = g == 0 ? "" : ":" + g;
      split.addNode(
          node.toBuilder()
              .setName(name)
              .clearInput()
              .addInput(images + part)
              .addInput(kernels + part));
      outputs.add(name);
    }
    split.addNode(
        NodeDef.newBuilder()
            .setName(node.getName())
            .setOp("ConcatV2")
            .addAllInput(outputs)
            .addInput(channels)
            .putAttr("T", Types.attr(dtype))
            .putAttr("N", Types.attr(groups))
            .putAttr("Tidx", Types.attr(DataType.DT_INT32)));
  }

  private String axis(String wanted, int axis) {
    String name = unique(wanted);
    split.addNode(Types.constant(Values.of(DataType.DT_INT32, axis)).setName(name));
    return name;
  }

  private String parts(String wanted, String axis, String whole, int groups, DataType dtype) {
    String name = unique(wanted);
    split.addNode(
        NodeDef.newBuilder()
            .setName(name)
            .setOp("Split")
            .addInput(axis)
            .addInput(whole)
            .putAttr("T", Types.attr(dtype))
            .putAttr("num_split", Types.attr(groups)));
    return name;
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 1; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
