package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorProto;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

/** Puts all floating-point tensors of a model into one precision. */
final class Conversion {
  private final Precision precision;
  private final DataType dtype;

  Conversion(Precision precision) {
    this.precision = precision;
    this.dtype = precision == Precision.FLOAT64 ? DataType.DT_DOUBLE : DataType.DT_FLOAT;
  }

  FlatModel apply(FlatModel model) {
    // Which tensors the statistics that a fused normalisation hands on are.
    Map<String, String> statistics = new HashMap<>();
    List<NodeDef> nodes = new ArrayList<>();
    for (NodeDef node : model.graph().getNodeList()) {
      if (precision == Precision.FLOAT64 && FusedBatchNorms.is(node)) {
        nodes.addAll(FusedBatchNorms.expand(node, dtype));
        for (int output = 1; output <= 4; output++) {
          statistics.put(node.getName() + ":" + output, FusedBatchNorms.statistic(node, output));
        }
      } else {
        nodes.add(convert(node));
      }
    }
    GraphDef.Builder graph = GraphDef.newBuilder().setVersions(model.graph().getVersions());
    Set<String> refused = new TreeSet<>();
    for (NodeDef node : nodes) {
      NodeDef.Builder copy = node.toBuilder().clearInput();
      node.getInputList().forEach(input -> copy.addInput(statistics.getOrDefault(input, input)));
      if (!possible(node)) {
        refused.add(node.getOp() + " (node " + node.getName() + ")");
      }
      graph.addNode(copy);
    }
    if (!refused.isEmpty()) {
      throw new UserException(
          "the model cannot be computed in "
              + precision
              + ", because TensorFlow cannot compute "
              + String.join(", ", refused)
              + " in it: choose another precision");
    }
    return new FlatModel(
        graph.build(),
        model.inputs().stream().map(this::convert).toList(),
        model.outputs().stream()
            .map(port -> convert(port, statistics.getOrDefault(port.tensor(), port.tensor())))
            .toList(),
        model.variables().stream().map(this::convert).toList(),
        model.notes());
  }

  private Port convert(Port port) {
    return convert(port, port.tensor());
  }

  private Port convert(Port port, String tensor) {
    String full = tensor.contains(":") ? tensor : tensor + ":0";
    return port.with(full, convert(port.dtype()));
  }

  private Variable convert(Variable v) {
    DataType converted = convert(v.dtype());
    return new Variable(
        v.name(),
        v.handle(),
        v.read(),
        converted,
        v.shape(),
        v.trainable(),
        v.values().as(converted));
  }

  private DataType convert(DataType type) {
    return Types.isFloating(type) ? dtype : type;
  }

  private NodeDef convert(NodeDef node) {
    NodeDef.Builder converted = node.toBuilder();
    // Files leave out attributes that have their default, and a default may be DT_FLOAT.
    OpDefs.withDefaults(node)
        .forEach(
            (name, value) -> {
              switch (value.getValueCase()) {
                case TYPE -> converted.putAttr(name, Types.attr(convert(value.getType())));
                case LIST -> converted.putAttr(name, list(value));
                case TENSOR -> converted.putAttr(name, tensor(value));
                default -> {
                  // Numbers, names and shapes stay.
                }
              }
            });
    return converted.build();
  }

  private AttrValue list(AttrValue value) {
    if (value.getList().getTypeCount() == 0) {
      return value;
    }
    return Types.attr(value.getList().getTypeList().stream().map(this::convert).toList());
  }

  private AttrValue tensor(AttrValue value) {
    TensorProto tensor = value.getTensor();
    return Types.isFloating(tensor.getDtype())
        ? Types.attr(Values.of(tensor).as(dtype), Types.shape(tensor.getTensorShape()))
        : value;
  }

  /** Whether there is a kernel, and no argument is of one floating-point type whatever is asked. */
  private boolean possible(NodeDef node) {
    OpDef op = OpDefs.find(node.getOp()).orElseThrow();
    for (List<OpDef.ArgDef> arguments : List.of(op.getInputArgList(), op.getOutputArgList())) {
      for (OpDef.ArgDef argument : arguments) {
        if (Types.isFloating(argument.getType()) && argument.getType() != dtype) {
          return false;
        }
      }
    }
    return !isComplexOfOther(node) && OpDefs.runsOnCpu(node);
  }

  /** Whether the node makes or reads complex numbers whose parts are of another precision. */
  private boolean isComplexOfOther(NodeDef node) {
    DataType other =
        precision == Precision.FLOAT64 ? DataType.DT_COMPLEX64 : DataType.DT_COMPLEX128;
    return OpDefs.withDefaults(node).values().stream().anyMatch(v -> v.getType() == other);
  }
}
