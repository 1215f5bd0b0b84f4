package org.tfjavantk.graphs.load;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;

/** Values of tensors that depend on neither inputs nor variables. */
final class Constants {
  private Constants() {}

  /**
   * The value of a scalar, computed by TensorFlow from the nodes it depends on; empty when it is
   * not constant.
   */
  static OptionalDouble scalar(Map<String, NodeDef> nodes, VersionDef versions, String tensor) {
    Set<String> needed = new LinkedHashSet<>();
    Deque<String> stack = new ArrayDeque<>();
    stack.push(Assembly.node(tensor));
    while (!stack.isEmpty()) {
      String name = stack.pop();
      NodeDef node = nodes.get(name);
      if (node == null || node.getOp().equals("Placeholder")) {
        return OptionalDouble.empty();
      }
      if (needed.add(name)) {
        node.getInputList().forEach(input -> stack.push(Assembly.node(input)));
      }
    }
    GraphDef.Builder part = GraphDef.newBuilder().setVersions(versions);
    needed.forEach(name -> part.addNode(nodes.get(name)));
    try (Graph graph = new Graph()) {
      graph.importGraphDef(part.build());
      try (Session session = new Session(graph);
          var result = session.runner().fetch(tensor).run()) {
        return OptionalDouble.of(Values.of(result.get(0)).doubles()[0]);
      }
    }
  }
}
