package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Replaces what is computed from constants alone, in integers, by its value: axes and shapes that a
 * graph puts together at run time are then known to those who read the graph.
 */
final class ConstantFolding {
  private static final int MOST_NUMBERS = 1024;

  private final GraphDef graph;
  private final Map<String, NodeDef> nodes = new HashMap<>();
  private final Set<String> constant = new HashSet<>();

  private ConstantFolding(GraphDef graph) {
    this.graph = graph;
    // Each node comes after its inputs.
    for (NodeDef node : graph.getNodeList()) {
      nodes.put(node.getName(), node);
      boolean computed =
          node.getInputCount() > 0
              && node.getInputList().stream().allMatch(i -> constant.contains(Assembly.node(i)));
      if (node.getOp().equals("Const") || computed) {
        constant.add(node.getName());
      }
    }
  }

  /** The graph with integer constants in place of what makes them. */
  static GraphDef fold(GraphDef graph) {
    return new ConstantFolding(graph).run();
  }

  private GraphDef run() {
    Set<String> wanted = new LinkedHashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      if (!constant.contains(node.getName())) {
        node.getInputList().stream()
            .filter(input -> constant.contains(Assembly.node(input)))
            .filter(input -> !nodes.get(Assembly.node(input)).getOp().equals("Const"))
            .forEach(wanted::add);
      }
    }
    if (wanted.isEmpty()) {
      return graph;
    }
    Map<String, NodeDef> values = values(new ArrayList<>(wanted));
    GraphDef.Builder folded = graph.toBuilder().clearNode();
    values.values().forEach(folded::addNode);
    for (NodeDef node : graph.getNodeList()) {
      NodeDef.Builder changed = node.toBuilder();
      for (int i = 0; !constant.contains(node.getName()) && i < node.getInputCount(); i++) {
        NodeDef value = values.get(node.getInput(i));
        if (value != null) {
          changed.setInput(i, value.getName());
        }
      }
      folded.addNode(changed);
    }
    return folded.build();
  }

  /** Const nodes for those of the tensors that are small and of integers, by tensor. */
  private Map<String, NodeDef> values(List<String> tensors) {
    GraphDef.Builder part = graph.toBuilder().clearNode();
    graph.getNodeList().stream()
        .filter(node -> constant.contains(node.getName()))
        .forEach(part::addNode);
    Map<String, NodeDef> values = new HashMap<>();
    try (Graph own = new Graph()) {
      own.importGraphDef(part.build());
      try (Session session = new Session(own)) {
        Session.Runner runner = session.runner();
        List<String> fetched = new ArrayList<>();
        for (String tensor : tensors) {
          int colon = tensor.indexOf(':');
          int index = colon < 0 ? 0 : Integer.parseInt(tensor.substring(colon + 1));
          Output<?> operand = own.operation(Assembly.node(tensor)).output(index);
          DataType type = operand.dataType();
          if (type == DataType.DT_INT32 || type == DataType.DT_INT64) {
            runner.fetch(operand);
            fetched.add(tensor);
          }
        }
        if (fetched.isEmpty()) {
          return values;
        }
        try (var result = runner.run()) {
          for (int i = 0; i < fetched.size(); i++) {
            if (result.get(i).shape().size() <= MOST_NUMBERS) {
              values.put(fetched.get(i), node(fetched.get(i), result.get(i)));
            }
          }
        }
      }
    }
    return values;
  }

  private NodeDef node(String tensor, Tensor value) {
    String name = tensor.replace(':', '_') + "/folded";
    while (nodes.containsKey(name)) {
      name += "_";
    }
    AttrValue type = AttrValue.newBuilder().setType(value.dataType()).build();
    AttrValue number =
        AttrValue.newBuilder().setTensor(Values.of(value).toProto(value.shape().asArray())).build();
    return NodeDef.newBuilder()
        .setName(name)
        .setOp("Const")
        .putAttr("dtype", type)
        .putAttr("value", number)
        .build();
  }
}
