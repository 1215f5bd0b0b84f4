package org.tfjavantk.graphs.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.Graph;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tfjavantk.graphs.UserException;

/**
 * Reads frozen graphs: a GraphDef in a file (binary, or text when the name ends in {@code txt})
 * whose weights are Const nodes.
 */
public final class FrozenGraphs {
  private FrozenGraphs() {}

  /**
   * A frozen graph.
   *
   * @param file the file
   * @param options inputs and outputs are names of tensors; without them the inputs are all
   *     Placeholders that the outputs depend on, and the output is the one floating-point tensor
   *     that nothing uses. {@code parameters} chooses the Const nodes that are parameters
   * @throws UserException for a file that is damaged or none, unknown names, outputs or parameters
   *     that must be chosen, and a model that no flat graph can hold
   */
  public static FlatModel read(Path file, Options options) {
    Frozen frozen = open(file, options);
    List<Draft> candidates = frozen.candidates();
    if (options.parameters().isEmpty()) {
      throw new UserException(
          file
              + " is a frozen graph, which doesn't say which of its constants are parameters:"
              + " choose them by name; there are "
              + String.join(
                  ", ",
                  candidates.stream()
                      .filter(draft -> draft.values().size() > 1)
                      .map(draft -> draft.name() + " " + Arrays.toString(draft.shape()))
                      .toList()));
    }
    List<Draft> chosen = choose(candidates, options);
    List<String> notes = Notes.of(frozen.nodes(), frozen.operations());
    return Completion.complete(
        frozen.assembly().assemble(frozen.inputs(), frozen.outputs(), chosen, notes));
  }

  /** A frozen graph as flat nodes, before parameters are chosen. */
  record Frozen(
      Map<String, NodeDef> nodes, Assembly assembly, List<Port> inputs, List<Port> outputs) {
    Set<String> operations() {
      return assembly.reachable(outputs.stream().map(Port::tensor).toList(), Set.of());
    }

    /** The floating-point Const nodes that the outputs depend on. */
    List<Draft> candidates() {
      Set<String> kept = operations();
      List<Draft> drafts = new ArrayList<>();
      for (NodeDef node : nodes.values()) {
        if (kept.contains(node.getName()) && node.getOp().equals("Const")) {
          TensorProto tensor = node.getAttrOrThrow("value").getTensor();
          if (Types.isFloating(tensor.getDtype())) {
            drafts.add(
                new Draft(
                    node.getName() + ":0",
                    node.getName(),
                    tensor.getDtype(),
                    Types.shape(tensor.getTensorShape()),
                    true,
                    Values.of(tensor)));
          }
        }
      }
      return drafts;
    }
  }

  static Frozen open(Path file, Options options) {
    GraphDef def = ModelFiles.graph(file);
    try (Graph graph = Completion.imported(def)) {
      Flattener flattener = new Flattener(def);
      List<Port> inputs = new ArrayList<>();
      for (String name : options.inputs().isEmpty() ? placeholders(def) : options.inputs()) {
        Port port = Completion.port(graph, name);
        String tensor = flattener.cut(port.tensor(), port.dtype(), Types.shape(port.shape()));
        inputs.add(port.with(tensor, port.dtype()));
      }
      List<Port> outputs = new ArrayList<>();
      for (String name : options.outputs().isEmpty() ? output(def, graph) : options.outputs()) {
        Port port = Completion.port(graph, name);
        Port flat = port.with(flattener.flatten(port.tensor()), port.dtype());
        outputs.add(options.logits() ? Reading.logits(flattener.nodes(), flat) : flat);
      }
      if (!flattener.variables().isEmpty()) {
        throw new UserException(
            file
                + " holds variables without values, such as "
                + flattener.variables().get(0).sharedName()
                + ": it is no frozen graph; read the SavedModel that it belongs to, or freeze it");
      }
      Assembly assembly = new Assembly(flattener.nodes(), def.getVersions());
      if (options.inputs().isEmpty()) {
        Set<String> kept =
            assembly.reachable(outputs.stream().map(Port::tensor).toList(), Set.of());
        inputs.removeIf(port -> !kept.contains(Assembly.node(port.tensor())));
      }
      inputs.sort(Comparator.comparing(Port::name));
      outputs.sort(Comparator.comparing(Port::name));
      return new Frozen(flattener.nodes(), assembly, inputs, outputs);
    }
  }

  private static List<String> placeholders(GraphDef def) {
    return def.getNodeList().stream()
        .filter(node -> node.getOp().equals("Placeholder"))
        .map(NodeDef::getName)
        .toList();
  }

  private static List<String> output(GraphDef def, Graph graph) {
    Set<String> used = new HashSet<>();
    for (NodeDef node : def.getNodeList()) {
      node.getInputList().forEach(input -> used.add(Assembly.node(input)));
    }
    List<String> candidates =
        def.getNodeList().stream()
            .filter(node -> !used.contains(node.getName()) && node.getInputCount() > 0)
            .map(NodeDef::getName)
            .filter(name -> graph.operationOrThrow(name).numOutputs() > 0)
            .filter(name -> Types.isFloating(Completion.port(graph, name).dtype()))
            .toList();
    if (candidates.size() != 1) {
      throw new UserException(
          "the graph doesn't say what its outputs are: choose them; "
              + (candidates.isEmpty()
                  ? "no floating-point tensor is left unused"
                  : "nothing else uses " + String.join(", ", candidates)));
    }
    return candidates;
  }

  /** In the order of the patterns; one with wildcards passes over single numbers. */
  private static List<Draft> choose(List<Draft> candidates, Options options) {
    List<String> all = candidates.stream().map(Draft::name).toList();
    List<String> arrays =
        candidates.stream().filter(d -> d.values().size() > 1).map(Draft::name).toList();
    Set<String> names = new LinkedHashSet<>();
    for (String pattern : options.parameters()) {
      names.addAll(Names.match(List.of(pattern), Names.isGlob(pattern) ? arrays : all, "constant"));
    }
    for (String pattern : options.exclude()) {
      names.removeAll(Names.match(List.of(pattern), all, "constant"));
    }
    if (names.isEmpty()) {
      throw new UserException("no parameters are left: everything chosen is excluded, too");
    }
    return names.stream().map(name -> candidates.get(all.indexOf(name))).toList();
  }
}
