package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.GraphDef;
import org.tfjavantk.graphs.UserException;

/** What TensorFlow itself finds out about a graph: that it is one, and types and shapes. */
final class Completion {
  private Completion() {}

  /**
   * The model with what the file didn't say of the shapes of its outputs, and without convolutions
   * in groups.
   */
  static FlatModel complete(FlatModel model) {
    try (Graph graph = imported(model.graph())) {
      List<Port> outputs = model.outputs().stream().map(port -> complete(graph, port)).toList();
      GraphDef split = GroupedConvolutions.split(model.graph(), graph);
      return new FlatModel(split, model.inputs(), outputs, model.variables(), model.notes());
    }
  }

  /** The graph in TensorFlow. The caller closes it. */
  static Graph imported(GraphDef def) {
    Graph graph = new Graph();
    try {
      graph.importGraphDef(def);
      return graph;
    } catch (RuntimeException e) {
      graph.close();
      throw new UserException(
          "TensorFlow "
              + TensorFlow.version()
              + " does not accept the model's graph: "
              + e.getMessage(),
          e);
    }
  }

  /** A tensor "node" or "node:index" of the graph as a port of that name. */
  static Port port(Graph graph, String name) {
    int colon = name.lastIndexOf(':');
    String node = Assembly.node(name);
    String index = colon < 0 ? "0" : name.substring(colon + 1);
    GraphOperation operation = graph.operation(node);
    if (operation == null
        || !index.matches("\\d{1,6}")
        || Integer.parseInt(index) >= operation.numOutputs()) {
      List<String> names = new ArrayList<>();
      graph.operations().forEachRemaining(op -> names.add(op.name()));
      throw Names.unknown(name, names, "tensor");
    }
    Output<?> output = operation.output(Integer.parseInt(index));
    return new Port(name, node + ":" + index, output.dataType(), shape(output.shape()));
  }

  private static Port complete(Graph graph, Port port) {
    Port found = port(graph, port.tensor());
    long[] shape = port.shape() == null ? found.shape() : port.shape();
    return new Port(port.name(), port.tensor(), found.dtype(), shape);
  }

  private static long[] shape(Shape shape) {
    return shape.isUnknown() ? null : shape.asArray();
  }
}
