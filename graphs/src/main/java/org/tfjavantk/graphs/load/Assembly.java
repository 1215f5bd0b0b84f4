package org.tfjavantk.graphs.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.VersionDef;

/** Puts the nodes, variables and ports of a flat model together. */
final class Assembly {
  private final Map<String, NodeDef> nodes;
  private final VersionDef versions;

  /**
   * @param nodes of the flat graph, with the tensors of {@link Draft}s in place of variables
   * @param versions of TensorFlow that the file asks for
   */
  Assembly(Map<String, NodeDef> nodes, VersionDef versions) {
    this.nodes = nodes;
    this.versions = versions;
  }

  /** The nodes that tensors depend on, themselves included; variables' tensors are leaves. */
  Set<String> reachable(List<String> tensors, Set<String> leaves) {
    Set<String> reached = new HashSet<>();
    Deque<String> stack = new ArrayDeque<>(tensors);
    while (!stack.isEmpty()) {
      String tensor = stack.pop();
      String name = node(tensor);
      if (!leaves.contains(tensor) && nodes.containsKey(name) && reached.add(name)) {
        nodes.get(name).getInputList().forEach(stack::push);
      }
    }
    return reached;
  }

  /** The model, with those of the variables that its outputs depend on. */
  FlatModel assemble(
      List<Port> inputs, List<Port> outputs, List<Draft> drafts, List<String> notes) {
    Map<String, Draft> byTensor = new HashMap<>();
    drafts.forEach(draft -> byTensor.put(draft.tensor(), draft));
    List<String> roots = outputs.stream().map(Port::tensor).toList();
    Set<String> kept = reachable(roots, byTensor.keySet());
    Set<String> used = new HashSet<>(roots);
    kept.forEach(name -> used.addAll(nodes.get(name).getInputList()));
    inputs.forEach(input -> kept.add(node(input.tensor())));

    GraphDef.Builder graph = GraphDef.newBuilder().setVersions(versions);
    Set<String> taken = new HashSet<>(kept);
    Map<String, String> renamed = new HashMap<>();
    List<Variable> variables = new ArrayList<>();
    for (Draft draft : drafts) {
      if (used.contains(draft.tensor())) {
        String legal = draft.name().replaceAll("[^A-Za-z0-9_./\\-]", "_");
        String handle = unique(legal.matches("[A-Za-z0-9.].*") ? legal : "v" + legal, taken);
        String read = unique(handle + "/read", taken);
        graph.addNode(
            NodeDef.newBuilder()
                .setName(handle)
                .setOp("VarHandleOp")
                .putAttr("dtype", Types.attr(draft.dtype()))
                .putAttr("shape", Types.attr(draft.shape()))
                .putAttr("shared_name", Types.attr(handle)));
        graph.addNode(
            NodeDef.newBuilder()
                .setName(read)
                .setOp("ReadVariableOp")
                .addInput(handle)
                .putAttr("dtype", Types.attr(draft.dtype())));
        renamed.put(draft.tensor(), read + ":0");
        variables.add(
            new Variable(
                draft.name(),
                handle,
                read,
                draft.dtype(),
                draft.shape(),
                draft.trainable(),
                draft.values()));
      }
    }
    for (NodeDef node : nodes.values()) {
      if (kept.contains(node.getName())) {
        NodeDef.Builder copy = node.toBuilder().clearInput();
        for (String input : node.getInputList()) {
          String tensor = renamed.getOrDefault(input, input);
          copy.addInput(tensor.endsWith(":0") ? node(tensor) : tensor);
        }
        graph.addNode(copy);
      }
    }
    List<Port> ends =
        outputs.stream()
            .map(
                port -> port.with(renamed.getOrDefault(port.tensor(), port.tensor()), port.dtype()))
            .toList();
    return new FlatModel(graph.build(), inputs, ends, variables, notes);
  }

  static String node(String tensor) {
    int colon = tensor.lastIndexOf(':');
    return colon < 0 ? tensor : tensor.substring(0, colon);
  }

  private static String unique(String wanted, Set<String> taken) {
    String name = wanted;
    for (int i = 1; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
