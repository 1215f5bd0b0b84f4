package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tfjavantk.graphs.UserException;

/**
 * One signature of a SavedModel as flat nodes, with the variables it uses, before their values are
 * read.
 */
final class Reading {
  private static final Set<String> HEADS = Set.of("Softmax", "LogSoftmax", "Sigmoid");
  private static final String DEFAULT_SIGNATURE = "serving_default";

  private final Flattener flattener;
  private final Assembly assembly;
  private final VariableCatalog catalog;
  private final List<Port> inputs = new ArrayList<>();
  private final List<Port> outputs = new ArrayList<>();
  private final List<VariableCatalog.Entry> variables;
  private final List<String> notes = new ArrayList<>();

  Reading(MetaGraphDef meta, Options options) {
    GraphDef graph = meta.getGraphDef();
    SignatureDef signature = signatures(meta).get(signatureName(meta, options.signature()));
    flattener = new Flattener(graph);
    Map<String, TensorInfo> ins = new TreeMap<>(signature.getInputsMap());
    Map<String, TensorInfo> outs = new TreeMap<>(signature.getOutputsMap());
    for (String name :
        Names.choose(options.inputs(), ins.keySet(), "input").stream().sorted().toList()) {
      TensorInfo info = ins.get(name);
      if (options.inputs().isEmpty() && isSetting(info)) {
        notes.add(Notes.setting(name));
        continue;
      }
      TensorShapeProto shape = info.getTensorShape();
      String tensor = flattener.cut(tensor(name, info), info.getDtype(), shape);
      inputs.add(new Port(name, tensor, info.getDtype(), Types.shape(shape)));
    }
    for (String name :
        Names.choose(options.outputs(), outs.keySet(), "output").stream().sorted().toList()) {
      TensorInfo info = outs.get(name);
      String tensor = flattener.flatten(tensor(name, info));
      Port port = new Port(name, tensor, info.getDtype(), Types.shape(info.getTensorShape()));
      outputs.add(options.logits() ? logits(flattener.nodes(), port) : port);
    }
    assembly = new Assembly(flattener.nodes(), graph.getVersions());
    Restoration restoration =
        new Restoration(flattener.main(), Assembly.node(meta.getSaverDef().getRestoreOpName()));
    catalog = new VariableCatalog(meta, restoration);
    variables = catalog.describe(used());
    notes.addAll(Notes.of(flattener.nodes(), operations()));
    if (!flattener.ownGradients().isEmpty()) {
      notes.add(Notes.ownGradients(flattener.ownGradients()));
    }
  }

  /** A single number with a default, as of dropout or of a training flag, and no example. */
  private boolean isSetting(TensorInfo info) {
    NodeDef node = flattener.main().node(Assembly.node(info.getName()));
    TensorShapeProto shape = info.getTensorShape();
    return node != null
        && node.getOp().equals("PlaceholderWithDefault")
        && !shape.getUnknownRank()
        && shape.getDimCount() == 0;
  }

  /** What a user should know, a sentence each. */
  List<String> notes() {
    return notes;
  }

  private List<FileVariable> used() {
    List<FileVariable> all = flattener.variables();
    Set<String> tensors = new HashSet<>();
    outputs.forEach(port -> tensors.add(port.tensor()));
    for (String node : operations()) {
      tensors.addAll(flattener.nodes().get(node).getInputList());
    }
    List<FileVariable> used = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      if (tensors.contains(Flattener.read(i))) {
        used.add(all.get(i));
      }
    }
    return used;
  }

  /** The names of the flat nodes that the outputs depend on. */
  Set<String> operations() {
    return assembly.reachable(outputs.stream().map(Port::tensor).toList(), Set.of());
  }

  Map<String, NodeDef> nodes() {
    return flattener.nodes();
  }

  Assembly assembly() {
    return assembly;
  }

  VariableCatalog catalog() {
    return catalog;
  }

  List<Port> inputs() {
    return inputs;
  }

  List<Port> outputs() {
    return outputs;
  }

  /** The variables that the outputs depend on. */
  List<VariableCatalog.Entry> variables() {
    return variables;
  }

  /** What stands for a variable's value among the nodes. */
  String tensor(FileVariable variable) {
    return Flattener.read(flattener.variables().indexOf(variable));
  }

  /** The signatures that compute something, by name. */
  static Map<String, SignatureDef> signatures(MetaGraphDef meta) {
    Map<String, SignatureDef> signatures = new TreeMap<>(meta.getSignatureDefMap());
    signatures.keySet().removeIf(name -> name.startsWith("__saved_model_"));
    return signatures;
  }

  /** The wanted signature; without one {@code serving_default}, or the only one. */
  static String signatureName(MetaGraphDef meta, Optional<String> wanted) {
    Set<String> names = signatures(meta).keySet();
    if (names.isEmpty()) {
      throw new UserException(
          "the SavedModel has no signature: save it with one, e.g."
              + " tf.saved_model.save(module, dir, signatures=module.serve)");
    }
    if (wanted.isPresent()) {
      if (!names.contains(wanted.get())) {
        throw Names.unknown(wanted.get(), names, "signature");
      }
      return wanted.get();
    }
    if (names.contains(DEFAULT_SIGNATURE)) {
      return DEFAULT_SIGNATURE;
    }
    if (names.size() == 1) {
      return names.iterator().next();
    }
    throw new UserException(
        "the SavedModel has several signatures and none is called "
            + DEFAULT_SIGNATURE
            + ": choose one of "
            + String.join(", ", names));
  }

  /** Whether an output is a softmax, log-softmax or sigmoid, whose input could be taken instead. */
  static boolean isHead(Map<String, NodeDef> nodes, Port output) {
    NodeDef node = nodes.get(Assembly.node(output.tensor()));
    return node != null && HEADS.contains(node.getOp());
  }

  /** The output before its softmax, log-softmax or sigmoid. */
  static Port logits(Map<String, NodeDef> nodes, Port output) {
    if (!isHead(nodes, output)) {
      NodeDef node = nodes.get(Assembly.node(output.tensor()));
      throw new UserException(
          "output "
              + output.name()
              + " ends in "
              + (node == null ? "a variable" : node.getOp())
              + ", not in Softmax, LogSoftmax or Sigmoid: logits cannot be asked for");
    }
    NodeDef head = nodes.get(Assembly.node(output.tensor()));
    return output.with(head.getInput(0), output.dtype());
  }

  private static String tensor(String name, TensorInfo info) {
    if (info.getName().isEmpty()) {
      throw new UserException(
          name + " is a sparse or composite tensor, which is not read: export dense tensors");
    }
    return info.getName();
  }
}
