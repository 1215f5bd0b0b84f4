package org.tfjavantk.graphs.load;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;
import org.tfjavantk.graphs.UserException;

/**
 * Computes, for tensors of a graph with function calls and conditionals, the same tensors in a flat
 * graph. It works backwards from what is asked for, so nothing else is looked at, and with a stack
 * of its own, so the depth of a graph doesn't matter.
 */
final class Flattener {
  /** What stands for a tensor of the file. */
  private sealed interface Value {
    /** A tensor of the flat graph, "node:index". */
    record Data(String tensor) implements Value {}

    /** A variable as such, not its value. */
    record Handle(int variable) implements Value {}

    /** Never computed: the branch of a conditional that is not taken. */
    record Dead() implements Value {}
  }

  /** An operation of the flat graph that stands for a call's node. */
  private record Call(Frame frame, String node) {}

  private static final String VARIABLE = "variable#";

  /** What {@code tf.custom_gradient} writes on the node that hands on the function's results. */
  private static final String OWN_GRADIENT = "_gradient_op_type";

  private final Frame main;
  private final VersionDef versions;
  private final Map<Endpoint, Value> known = new HashMap<>();
  private final Map<Call, String> emitted = new HashMap<>();
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Map<String, FileVariable> variables = new LinkedHashMap<>();
  private final List<String> variableKeys = new ArrayList<>();
  private final List<Endpoint> missing = new ArrayList<>();
  private final Set<String> ownGradients = new TreeSet<>();

  Flattener(GraphDef graph) {
    main = Frame.of(graph);
    versions = graph.getVersions();
  }

  Frame main() {
    return main;
  }

  /** The nodes of the flat graph so far, each after those it depends on. */
  Map<String, NodeDef> nodes() {
    return nodes;
  }

  /** The variables met so far, in the order of first use. */
  List<FileVariable> variables() {
    return List.copyOf(variables.values());
  }

  /** The nodes met so far that were given gradients of their own, by name. */
  Set<String> ownGradients() {
    return ownGradients;
  }

  /** The tensor that stands for the value of a variable until it has nodes. */
  static String read(int variable) {
    return VARIABLE + variable + ":0";
  }

  /** The position of the variable that a tensor is the value of; -1 for other tensors. */
  static int variable(String tensor) {
    return tensor.startsWith(VARIABLE)
        ? Integer.parseInt(tensor.substring(VARIABLE.length(), tensor.length() - 2))
        : -1;
  }

  /** Takes a tensor of the main graph as an input: a Placeholder stands for it. */
  String cut(String tensor, DataType dtype, TensorShapeProto shape) {
    Endpoint endpoint = endpoint(tensor);
    NodeDef.Builder node =
        NodeDef.newBuilder()
            .setOp("Placeholder")
            .putAttr("dtype", Types.attr(dtype))
            .putAttr("shape", AttrValue.newBuilder().setShape(shape).build());
    String name = add(endpoint.node(), node);
    known.put(endpoint, new Value.Data(name + ":0"));
    return name + ":0";
  }

  /** The flat graph's tensor for a tensor of the main graph. */
  String flatten(String tensor) {
    Endpoint root = endpoint(tensor);
    Deque<Endpoint> stack = new ArrayDeque<>();
    Set<Endpoint> open = new HashSet<>();
    stack.push(root);
    while (!stack.isEmpty()) {
      Endpoint top = stack.peek();
      if (known.containsKey(top)) {
        open.remove(stack.pop());
        continue;
      }
      open.add(top);
      missing.clear();
      Value value = value(top);
      if (missing.isEmpty()) {
        known.put(top, value);
        open.remove(stack.pop());
      } else {
        // The first is to be on top: nodes then come in the order of their inputs.
        Collections.reverse(missing);
        for (Endpoint next : missing) {
          if (open.contains(next)) {
            throw new UserException(
                "node " + next + " depends on itself: export the model unrolled");
          }
          stack.push(next);
        }
      }
    }
    if (known.get(root) instanceof Value.Data data) {
      return data.tensor();
    }
    throw new UserException(tensor + " is a variable or a branch never taken, not a tensor");
  }

  private Endpoint endpoint(String tensor) {
    String[] parts = tensor.split(":");
    if (main.node(parts[0]) == null) {
      throw new UserException("the graph has no node " + parts[0]);
    }
    return new Endpoint(main, parts[0], parts.length == 1 ? 0 : Integer.parseInt(parts[1]), false);
  }

  /** The value of another tensor; null, and noted as missing, when it isn't known yet. */
  private Value need(Endpoint endpoint) {
    Value value = known.get(endpoint);
    if (value == null) {
      missing.add(endpoint);
    }
    return value;
  }

  private Value value(Endpoint endpoint) {
    Frame frame = endpoint.frame();
    if (endpoint.argument()) {
      return need(frame.arguments().get(endpoint.index()));
    }
    NodeDef node = frame.node(endpoint.node());
    if (node == null) {
      throw new UserException("the graph has no node " + endpoint);
    }
    if (dead(frame, node) || !missing.isEmpty()) {
      return new Value.Dead();
    }
    List<Endpoint> inputs = frame.inputs(node);
    return switch (node.getOp()) {
      case "Identity",
              "RefIdentity",
              "PlaceholderWithDefault",
              "PreventGradient",
              "CheckNumerics",
              "Snapshot",
              "Print",
              "ReadVariableOp" ->
          alias(need(inputs.get(0)), frame, node);
      case "IdentityN" -> {
        if (node.containsAttr(OWN_GRADIENT)) {
          ownGradients.add(frame.path() + node.getName());
        }
        yield need(inputs.get(endpoint.index()));
      }
      case "PartitionedCall", "StatefulPartitionedCall" ->
          need(
              frame
                  .call(node, frame.attributes(node).get("f").getFunc(), 0)
                  .results()
                  .get(endpoint.index()));
      case "VarHandleOp", "VariableV2", "Variable" -> variable(frame, node);
      case "VarIsInitializedOp", "IsVariableInitialized" -> initialized(frame, node);
      case "If", "StatelessIf" -> branch(endpoint, node, "then_branch", "else_branch");
      case "Case", "StatelessCase" -> branch(endpoint, node);
      case "Switch", "RefSwitch" -> side(endpoint, node);
      case "Merge", "RefMerge" -> merge(endpoint, node);
      case "Placeholder" -> throw placeholder(frame, node);
      case "GreaterEqual", "Floor" -> random(endpoint, node);
      default ->
          frame.isFunction(node.getOp())
              ? need(frame.call(node).results().get(endpoint.index()))
              : plain(endpoint, node);
    };
  }

  private static UserException placeholder(Frame frame, NodeDef node) {
    return new UserException(
        "the outputs depend on the Placeholder "
            + frame.path()
            + node.getName()
            + ", which is not among the inputs: choose it as an input, or outputs without it");
  }

  /** What random numbers don't change is a constant, which broadcasts to the mask it stands for. */
  private Value random(Endpoint endpoint, NodeDef node) {
    Frame frame = endpoint.frame();
    boolean all = Dropouts.keepsAll(frame, node, this::constantOrNaN);
    if (!missing.isEmpty()) {
      return null;
    }
    DataType type =
        node.getOp().equals("Floor") ? frame.attributes(node).get("T").getType() : DataType.DT_BOOL;
    if (!all || type == DataType.DT_HALF || type == DataType.DT_BFLOAT16) {
      return plain(endpoint, node);
    }
    return new Value.Data(
        add(frame.path() + node.getName(), Types.constant(Values.of(type, 1))) + ":0");
  }

  private double constantOrNaN(Endpoint endpoint) {
    return need(endpoint) instanceof Value.Data data
        ? Constants.scalar(nodes, versions, data.tensor()).orElse(Double.NaN)
        : Double.NaN;
  }

  /** A handle that is read gives the variable's value; everything else stays what it is. */
  private Value alias(Value input, Frame frame, NodeDef node) {
    if (node.getOp().equals("ReadVariableOp") && input instanceof Value.Handle handle) {
      requireUnchanged(handle, frame, node);
      return new Value.Data(read(handle.variable()));
    }
    return input;
  }

  /** A read that waits for a write of the same variable doesn't give the file's value. */
  private void requireUnchanged(Value.Handle handle, Frame frame, NodeDef read) {
    for (String reference : read.getInputList()) {
      NodeDef before = reference.startsWith("^") ? frame.node(reference.substring(1)) : null;
      if (before != null && before.getOp().matches("Assign.*VariableOp")) {
        Value written = need(frame.inputs(before).get(0));
        if (handle.equals(written)) {
          throw Refusals.readAfterWrite(before.getOp(), frame.path() + before.getName());
        }
      }
    }
  }

  private Value variable(Frame frame, NodeDef node) {
    FileVariable variable = FileVariable.of(frame, node);
    if (variables.putIfAbsent(variable.key(), variable) == null) {
      variableKeys.add(variable.key());
    }
    int position = variableKeys.indexOf(variable.key());
    return variable.reference() ? new Value.Data(read(position)) : new Value.Handle(position);
  }

  private Value initialized(Frame frame, NodeDef node) {
    NodeDef.Builder yes = Types.constant(Values.of(DataType.DT_BOOL, 1));
    return new Value.Data(add(frame.path() + node.getName(), yes) + ":0");
  }

  /** Case, and If as the case of two branches. */
  private Value branch(Endpoint endpoint, NodeDef node, String... names) {
    Frame frame = endpoint.frame();
    Value selector = need(frame.inputs(node).get(0));
    if (selector == null) {
      return null;
    }
    if (!(selector instanceof Value.Data data)) {
      return selector;
    }
    double chosen = constant(data, frame, node);
    Map<String, AttrValue> attributes = frame.attributes(node);
    var function =
        names.length == 2
            ? attributes.get(chosen != 0 ? names[0] : names[1]).getFunc()
            : caseBranch(attributes.get("branches").getList(), chosen);
    return need(frame.call(node, function, 1).results().get(endpoint.index()));
  }

  /** An index that is out of range takes the last branch. */
  private static NameAttrList caseBranch(AttrValue.ListValue branches, double index) {
    int last = branches.getFuncCount() - 1;
    return branches.getFunc(index < 0 || index > last ? last : (int) index);
  }

  /** Output 0 of a Switch is the data where the condition is false, output 1 where it is true. */
  private Value side(Endpoint endpoint, NodeDef node) {
    List<Endpoint> inputs = endpoint.frame().inputs(node);
    Value condition = need(inputs.get(1));
    if (condition == null) {
      return null;
    }
    if (!(condition instanceof Value.Data data)) {
      return condition;
    }
    boolean taken = constant(data, endpoint.frame(), node) != 0 == (endpoint.index() == 1);
    return taken ? need(inputs.get(0)) : new Value.Dead();
  }

  /** The one input that is computed; output 1 says which it is. */
  private Value merge(Endpoint endpoint, NodeDef node) {
    List<Endpoint> inputs = endpoint.frame().inputs(node);
    if (inputs.stream().anyMatch(Flattener::closesLoop)) {
      Refusals.check("NextIteration", endpoint.frame().path() + node.getName(), null);
    }
    for (int i = 0; i < inputs.size(); i++) {
      Value value = need(inputs.get(i));
      if (value == null) {
        return null;
      }
      if (!(value instanceof Value.Dead)) {
        return endpoint.index() == 0 ? value : index(endpoint, i);
      }
    }
    return new Value.Dead();
  }

  private Value index(Endpoint merge, int index) {
    NodeDef.Builder constant = Types.constant(Values.of(DataType.DT_INT32, index));
    return new Value.Data(add(merge.frame().path() + merge.node() + "/index", constant) + ":0");
  }

  private static boolean closesLoop(Endpoint input) {
    NodeDef node = input.argument() ? null : input.frame().node(input.node());
    return node != null && node.getOp().endsWith("NextIteration");
  }

  private double constant(Value.Data data, Frame frame, NodeDef node) {
    return Constants.scalar(nodes, versions, data.tensor())
        .orElseThrow(() -> Refusals.conditional(node.getOp(), frame.path() + node.getName()));
  }

  /**
   * TensorFlow 1 ties a node without inputs to its branch by a control input on an Identity of the
   * Switch.
   */
  private boolean dead(Frame frame, NodeDef node) {
    for (String reference : node.getInputList()) {
      if (reference.startsWith("^")) {
        NodeDef pivot = frame.node(reference.substring(1));
        if (pivot != null && pivot.getOp().equals("Identity") && fromSwitch(frame, pivot)) {
          Value value = need(new Endpoint(frame, pivot.getName(), 0, false));
          if (value instanceof Value.Dead) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean fromSwitch(Frame frame, NodeDef pivot) {
    Endpoint input = frame.inputs(pivot).get(0);
    NodeDef source = input.argument() ? null : frame.node(input.node());
    return source != null && source.getOp().equals("Switch");
  }

  private Value plain(Endpoint endpoint, NodeDef node) {
    Frame frame = endpoint.frame();
    String path = frame.path() + node.getName();
    String done = emitted.get(new Call(frame, node.getName()));
    if (done != null) {
      return new Value.Data(done + ":" + endpoint.index());
    }
    List<Value> inputs = new ArrayList<>();
    for (Endpoint input : frame.inputs(node)) {
      inputs.add(need(input));
    }
    if (!missing.isEmpty()) {
      return null;
    }
    // What a branch that isn't taken would do doesn't matter.
    if (inputs.stream().anyMatch(Value.Dead.class::isInstance)) {
      return new Value.Dead();
    }
    boolean reads = VariableReads.TYPES.contains(node.getOp());
    if (!reads) {
      Refusals.check(node.getOp(), path, frame.definition(node));
    }
    List<String> tensors = new ArrayList<>();
    for (Value input : inputs) {
      if (input instanceof Value.Data data) {
        tensors.add(data.tensor());
      } else if (input instanceof Value.Handle handle) {
        if (!reads) {
          throw Refusals.resource(node.getOp(), path);
        }
        tensors.add(read(handle.variable()));
      }
    }
    NodeDef.Builder flat = NodeDef.newBuilder().setOp(node.getOp()).addAllInput(tensors);
    frame
        .attributes(node)
        .forEach(
            (name, value) -> {
              // Attributes with an underscore are hints to the runtime; _class names other nodes.
              if (!name.startsWith("_")) {
                flat.putAttr(name, value);
              }
            });
    if (reads) {
      DataType dtype = variables().get(variable(tensors.get(0))).dtype();
      VariableReads.rewrite(
          flat, dtype, (type, constant) -> add(path + "/" + type, constant) + ":0");
    }
    String name = add(path, flat);
    emitted.put(new Call(frame, node.getName()), name);
    return new Value.Data(name + ":" + endpoint.index());
  }

  private String add(String wanted, NodeDef.Builder node) {
    String name = wanted;
    for (int i = 1; nodes.containsKey(name); i++) {
      name = wanted + "_" + i;
    }
    nodes.put(name, node.setName(name).build());
    return name;
  }
}
