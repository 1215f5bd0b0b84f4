package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tfjavantk.graphs.UserException;

/**
 * The main graph, or one call of a function: nodes by name, what their inputs refer to, and the
 * frames of the calls inside it. Identity of the object is identity of the call.
 */
final class Frame {
  private static final String GENERATED_CALL = "(Stateful)?PartitionedCall(_\\d+)?";

  private final Map<String, FunctionDef> library;
  private final String path;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final FunctionDef function;
  private final Map<String, AttrValue> attributes;
  private final List<Endpoint> arguments;
  private final Map<String, Integer> argumentOffsets = new HashMap<>();
  private final Map<String, Frame> calls = new HashMap<>();
  private final Map<String, List<Endpoint>> inputs = new HashMap<>();

  private Frame(
      Map<String, FunctionDef> library,
      String path,
      List<NodeDef> nodes,
      FunctionDef function,
      Map<String, AttrValue> attributes,
      List<Endpoint> arguments) {
    this.library = library;
    this.path = path;
    nodes.forEach(node -> this.nodes.put(node.getName(), node));
    this.function = function;
    this.attributes = attributes;
    this.arguments = arguments;
    if (function != null) {
      OpDef signature = function.getSignature();
      int offset = 0;
      for (OpDef.ArgDef argument : signature.getInputArgList()) {
        argumentOffsets.put(argument.getName(), offset);
        offset += OpDefs.length(signature, argument, attributes);
      }
    }
  }

  /** The main graph. */
  static Frame of(GraphDef graph) {
    Map<String, FunctionDef> library = new HashMap<>();
    for (FunctionDef function : graph.getLibrary().getFunctionList()) {
      library.put(function.getSignature().getName(), function);
    }
    return new Frame(library, "", graph.getNodeList(), null, Map.of(), List.of());
  }

  /** What to put before the names of this frame's nodes. */
  String path() {
    return path;
  }

  boolean main() {
    return function == null;
  }

  Iterable<NodeDef> nodes() {
    return nodes.values();
  }

  /** The node with this name; null when there is none. */
  NodeDef node(String name) {
    return nodes.get(name);
  }

  /** The tensors that the function was called with, in the caller's frame. */
  List<Endpoint> arguments() {
    return arguments;
  }

  boolean isFunction(String name) {
    return library.containsKey(name);
  }

  /** The attributes of a node with the function's own attributes put in. */
  Map<String, AttrValue> attributes(NodeDef node) {
    return substitute(node.getAttrMap());
  }

  private Map<String, AttrValue> substitute(Map<String, AttrValue> map) {
    Map<String, AttrValue> result = new LinkedHashMap<>();
    map.forEach(
        (name, value) -> {
          if (value.hasFunc() && !attributes.isEmpty()) {
            NameAttrList.Builder func = value.getFunc().toBuilder().clearAttr();
            func.putAllAttr(substitute(value.getFunc().getAttrMap()));
            value = AttrValue.newBuilder().setFunc(func).build();
          }
          if (value.getPlaceholder().isEmpty()) {
            result.put(name, value);
          } else if (attributes.containsKey(value.getPlaceholder())) {
            result.put(name, attributes.get(value.getPlaceholder()));
          }
        });
    return result;
  }

  /** The tensors that go into a node. */
  List<Endpoint> inputs(NodeDef node) {
    return inputs.computeIfAbsent(
        node.getName(),
        name -> {
          List<Endpoint> all = new ArrayList<>();
          for (String reference : node.getInputList()) {
            if (!reference.startsWith("^")) {
              all.addAll(endpoints(reference));
            }
          }
          return all;
        });
  }

  /** The tensors that the function returns. */
  List<Endpoint> results() {
    List<Endpoint> all = new ArrayList<>();
    for (OpDef.ArgDef output : function.getSignature().getOutputArgList()) {
      all.addAll(endpoints(function.getRetOrThrow(output.getName())));
    }
    return all;
  }

  /** "node", "node:0", and in a function "argument", "argument:0", "node:output:0". */
  private List<Endpoint> endpoints(String reference) {
    String[] parts = reference.split(":");
    if (function == null) {
      int index = parts.length == 1 ? 0 : Integer.parseInt(parts[1]);
      return List.of(new Endpoint(this, parts[0], index, false));
    }
    OpDef signature = function.getSignature();
    if (argumentOffsets.containsKey(parts[0])) {
      OpDef.ArgDef argument =
          signature.getInputArgList().stream()
              .filter(arg -> arg.getName().equals(parts[0]))
              .findFirst()
              .orElseThrow();
      int length = OpDefs.length(signature, argument, attributes);
      return range(parts, 1, argumentOffsets.get(parts[0]), length, true);
    }
    NodeDef node = nodes.get(parts[0]);
    if (node == null || parts.length < 2) {
      throw new UserException(
          "function "
              + signature.getName()
              + " refers to "
              + reference
              + ", which it doesn't have");
    }
    OpDef op = definition(node);
    Map<String, AttrValue> attrs = attributes(node);
    int offset = 0;
    for (OpDef.ArgDef output : op.getOutputArgList()) {
      int length = OpDefs.length(op, output, attrs);
      if (output.getName().equals(parts[1])) {
        return range(parts, 2, offset, length, false);
      }
      offset += length;
    }
    throw new UserException(
        "function " + signature.getName() + " refers to " + reference + ", which doesn't exist");
  }

  private List<Endpoint> range(
      String[] parts, int position, int offset, int length, boolean argument) {
    if (parts.length > position) {
      int index = offset + Integer.parseInt(parts[position]);
      return List.of(new Endpoint(this, parts[0], index, argument));
    }
    List<Endpoint> all = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      all.add(new Endpoint(this, parts[0], offset + i, argument));
    }
    return all;
  }

  /** What a node's operation is: TensorFlow's, or a function of the file's library. */
  OpDef definition(NodeDef node) {
    FunctionDef called = library.get(node.getOp());
    if (called != null) {
      return called.getSignature();
    }
    return OpDefs.find(node.getOp())
        .orElseThrow(
            () ->
                new UserException(
                    "operation type "
                        + node.getOp()
                        + " of node "
                        + path
                        + node.getName()
                        + " is not known to TensorFlow "
                        + TensorFlow.version()
                        + "; export the model without custom operations"));
  }

  /** The frame of a call of a function attribute, with some of the node's inputs. */
  Frame call(NodeDef node, NameAttrList called, int firstInput) {
    return calls.computeIfAbsent(
        node.getName() + " " + called.getName(),
        key -> {
          List<Endpoint> all = inputs(node);
          return enter(
              node, called.getName(), called.getAttrMap(), all.subList(firstInput, all.size()));
        });
  }

  /** The frame of a node whose operation type is the name of a function. */
  Frame call(NodeDef node) {
    return calls.computeIfAbsent(
        node.getName(), key -> enter(node, node.getOp(), attributes(node), inputs(node)));
  }

  private Frame enter(
      NodeDef node, String name, Map<String, AttrValue> attributes, List<Endpoint> arguments) {
    FunctionDef called = library.get(name);
    if (called == null) {
      throw new UserException(
          "node " + path + node.getName() + " calls function " + name + ", which the file lacks");
    }
    String inner = node.getName().matches(GENERATED_CALL) ? path : path + node.getName() + "/";
    return new Frame(
        library, inner, called.getNodeDefList(), called, Map.copyOf(attributes), arguments);
  }

  /**
   * Where a tensor comes from, through calls, arguments and operations that hand on their input
   * unchanged.
   */
  static Endpoint origin(Endpoint endpoint) {
    Endpoint at = endpoint;
    while (true) {
      if (at.argument()) {
        at = at.frame().arguments().get(at.index());
        continue;
      }
      NodeDef node = at.frame().node(at.node());
      if (node == null) {
        return at;
      }
      switch (node.getOp()) {
        case "Identity", "Reshape", "Cast" -> at = at.frame().inputs(node).get(0);
        case "IdentityN" -> at = at.frame().inputs(node).get(at.index());
        case "PartitionedCall", "StatefulPartitionedCall" -> {
          var called = at.frame().attributes(node).get("f").getFunc();
          at = at.frame().call(node, called, 0).results().get(at.index());
        }
        default -> {
          return at;
        }
      }
    }
  }
}
