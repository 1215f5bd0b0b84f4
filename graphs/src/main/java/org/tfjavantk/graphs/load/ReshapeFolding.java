package org.tfjavantk.graphs.load;

import java.util.HashMap;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Gives every Reshape whose target a graph computes from shapes a constant target with a single -1,
 * where only one size in it is open. {@code tf.tensordot}, which Keras takes for a Dense layer on
 * sequences, writes such targets, and TensorFlow itself does not know the shapes behind them.
 */
final class ReshapeFolding {
  /** The shape of one Reshape may tell that of a later one: as many rounds as there are layers. */
  private static final int MOST_ROUNDS = 500;

  private ReshapeFolding() {}

  /** The graph with constant targets wherever they follow from the shapes of its inputs. */
  static GraphDef fold(GraphDef graph) {
    GraphDef folded = graph;
    for (int round = 0; round < MOST_ROUNDS; round++) {
      GraphDef next = once(folded);
      if (next == folded) {
        break;
      }
      folded = next;
    }
    return folded;
  }

  private static GraphDef once(GraphDef def) {
    Map<String, NodeDef> nodes = new HashMap<>();
    def.getNodeList().forEach(node -> nodes.put(node.getName(), node));
    boolean any = def.getNodeList().stream().anyMatch(node -> isComputed(nodes, node));
    if (!any) {
      return def;
    }
    Map<String, NodeDef> targets = new HashMap<>();
    try (Graph graph = new Graph()) {
      graph.importGraphDef(def);
      PartialValues values = new PartialValues(graph, nodes);
      for (NodeDef node : def.getNodeList()) {
        if (isComputed(nodes, node)) {
          long[] target = target(values, node.getInput(0), values.of(node.getInput(1)));
          if (target != null) {
            targets.put(node.getName(), constant(nodes, node.getName(), target));
          }
        }
      }
    }
    if (targets.isEmpty()) {
      return def;
    }
    GraphDef.Builder folded = def.toBuilder().clearNode();
    for (NodeDef node : def.getNodeList()) {
      NodeDef target = targets.get(node.getName());
      if (target == null) {
        folded.addNode(node);
      } else {
        folded.addNode(target);
        folded.addNode(
            node.toBuilder()
                .setInput(1, target.getName())
                .putAttr("Tshape", Types.attr(DataType.DT_INT64)));
      }
    }
    return folded.build();
  }

  private static boolean isComputed(Map<String, NodeDef> nodes, NodeDef node) {
    return node.getOp().equals("Reshape")
        && !nodes.get(Assembly.node(node.getInput(1))).getOp().equals("Const");
  }

  /** The target with at most one -1, null if more are needed. */
  private static long[] target(PartialValues values, String input, long[] entries) {
    if (entries == null) {
      return null;
    }
    long[] target = entries.clone();
    int rest = -1;
    int open = -1;
    for (int i = 0; i < entries.length; i++) {
      if (entries[i] == 0) {
        return null;
      }
      if (entries[i] == -1) {
        rest = i;
      } else if (PartialValues.isOpen(entries[i])) {
        if (open >= 0) {
          return null;
        }
        open = i;
        target[i] = -1;
      }
    }
    if (open < 0 || rest < 0) {
      return target;
    }
    // (n, -1) of a tensor (n, ...): what is left of an example is known.
    Shape shape = values.shape(input);
    if (shape.isUnknown() || shape.numDimensions() == 0 || values.size(input, 0) != entries[open]) {
      return null;
    }
    long size = 1;
    for (int i = 1; i < shape.numDimensions(); i++) {
      size *= shape.get(i);
      if (shape.get(i) <= 0) {
        return null;
      }
    }
    for (long entry : entries) {
      size /= entry > 0 ? entry : 1;
    }
    target[rest] = size;
    return target;
  }

  private static NodeDef constant(Map<String, NodeDef> nodes, String reshape, long[] target) {
    String name = reshape + "/target";
    while (nodes.containsKey(name)) {
      name += "_";
    }
    double[] numbers = new double[target.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = target[i];
    }
    return Types.constant(Values.of(DataType.DT_INT64, numbers), numbers.length)
        .setName(name)
        .build();
  }
}
