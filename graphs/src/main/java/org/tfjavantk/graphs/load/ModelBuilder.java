package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Initializer;
import org.tfjavantk.graphs.ModelInput;
import org.tfjavantk.graphs.ModelParts;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.ParameterSpec;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.UserException;

/**
 * Makes a {@link GraphModel} of a {@link FlatModel}: fixes the shapes of the inputs, joins the
 * outputs to one matrix (n, o), and sets the variables.
 */
final class ModelBuilder {
  private final FlatModel flat;
  private final String name;
  private final DeviceChoice device;
  private final List<int[]> exampleShapes;
  private final int batch;

  ModelBuilder(FlatModel flat, String name, int[] exampleShape, DeviceChoice device) {
    this.flat = flat;
    this.name = name;
    this.device = device.resolved();
    this.batch = batch();
    this.exampleShapes = exampleShapes(exampleShape);
  }

  GraphModel build() {
    Graph graph = new Graph();
    GraphModel model;
    try {
      GraphDef folded = ReshapeFolding.fold(ConstantFolding.fold(withShapes()));
      graph.importGraphDef(device.placed(folded));
      model = GraphModel.of(parts(graph), device);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
    try {
      Map<String, double[]> values = new LinkedHashMap<>();
      flat.variables().forEach(v -> values.put(v.name(), v.values().doubles()));
      model.assign(values);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    return model;
  }

  /** The number of examples that the signature takes at a time, 0 for any. */
  private int batch() {
    long found = -1;
    for (Port input : flat.inputs()) {
      if (input.shape() == null) {
        continue;
      }
      if (input.shape().length == 0) {
        throw new UserException(
            "input "
                + input.name()
                + " of "
                + name
                + " is a single number, not a batch of examples; export a signature without it, or with a"
                + " default for it (tf.compat.v1.placeholder_with_default)");
      }
      long here = input.shape()[0];
      if (here > 0 && found > 0 && here != found) {
        throw new UserException(
            "the inputs of " + name + " take batches of different sizes: " + describeInputs());
      }
      found = Math.max(found, here);
    }
    return Math.toIntExact(Math.max(found, 0));
  }

  private List<int[]> exampleShapes(int[] data) {
    List<int[]> shapes = new ArrayList<>();
    long total = 0;
    for (Port input : flat.inputs()) {
      int[] shape = exampleShape(input, data);
      shapes.add(shape);
      total += Shapes.size(shape);
    }
    if (data != null && total != Shapes.size(data)) {
      throw new UserException(
          String.format(
              "%s takes %d values for an example (%s), and the examples of the data set have %d (%s)",
              name, total, describeInputs(), Shapes.size(data), Shapes.text(data)));
    }
    return shapes;
  }

  /** What the file leaves open, the data tell, if the model has one input. */
  private int[] exampleShape(Port input, int[] data) {
    long[] shape = input.shape();
    boolean open = shape == null || Arrays.stream(shape).skip(1).anyMatch(d -> d < 0);
    if (!open) {
      return Arrays.stream(shape).skip(1).mapToInt(Math::toIntExact).toArray();
    }
    if (flat.inputs().size() > 1 || data == null) {
      throw new UserException(
          "the shape of input "
              + input.name()
              + " of "
              + name
              + " is not fully known; export the model with an input signature of known sizes");
    }
    if (shape == null || shape.length - 1 == data.length) {
      return data.clone();
    }
    boolean grey = shape.length == data.length && data[data.length - 1] == 1;
    if (!grey) {
      throw new UserException(
          name
              + " takes "
              + describeInputs()
              + ", and the examples have shape "
              + Shapes.text(data));
    }
    return Arrays.copyOf(data, data.length - 1);
  }

  private String describeInputs() {
    return flat.inputs().stream()
        .map(input -> input.name() + " " + Port.text(input.shape()))
        .collect(Collectors.joining(", "));
  }

  private GraphDef withShapes() {
    Map<String, int[]> byNode = new HashMap<>();
    for (int i = 0; i < flat.inputs().size(); i++) {
      byNode.put(flat.inputs().get(i).tensor().replaceFirst(":0$", ""), exampleShapes.get(i));
    }
    GraphDef.Builder graph = flat.graph().toBuilder();
    for (NodeDef.Builder node : graph.getNodeBuilderList()) {
      int[] shape = byNode.get(node.getName());
      if (shape != null) {
        TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
        proto.addDimBuilder().setSize(batch > 0 ? batch : Shape.UNKNOWN_SIZE);
        for (int d : shape) {
          proto.addDimBuilder().setSize(d);
        }
        node.putAttr("shape", AttrValue.newBuilder().setShape(proto).build());
      }
    }
    return graph.build();
  }

  private ModelParts parts(Graph graph) {
    List<ModelInput> inputs = new ArrayList<>();
    for (int i = 0; i < flat.inputs().size(); i++) {
      Port port = flat.inputs().get(i);
      inputs.add(new ModelInput(port.name(), tensor(graph, port.tensor()), exampleShapes.get(i)));
    }
    List<Parameter> variables = new ArrayList<>();
    for (Variable variable : flat.variables()) {
      int[] shape = Arrays.stream(variable.shape()).mapToInt(Math::toIntExact).toArray();
      ParameterSpec spec =
          new ParameterSpec(variable.name(), shape, new Initializer.Given(), variable.trainable());
      variables.add(
          new Parameter(
              spec,
              tensor(graph, variable.handle() + ":0"),
              tensor(graph, variable.read() + ":0")));
    }
    return new ModelParts(name, graph, inputs, output(graph), variables, batch);
  }

  /** All floating-point outputs side by side, each flattened to (n, its size). */
  private Operand<TFloating> output(Graph graph) {
    Ops tf = device.ops(graph);
    List<Operand<TFloating>> matrices = new ArrayList<>();
    for (Port port : flat.outputs()) {
      if (port.dtype() != DataType.DT_FLOAT && port.dtype() != DataType.DT_DOUBLE) {
        continue;
      }
      Output<TFloating> tensor = tensor(graph, port.tensor());
      Shape shape = tensor.shape();
      boolean open = shape.isUnknown();
      for (int i = 1; !open && i < shape.numDimensions(); i++) {
        open = shape.get(i) < 0;
      }
      if (open || shape.numDimensions() == 0) {
        throw new UserException(
            "output "
                + port.name()
                + " of "
                + name
                + " has shape "
                + shape
                + "; wanted: one block of a known size for every example");
      }
      long size = 1;
      for (int i = 1; i < shape.numDimensions(); i++) {
        size *= shape.get(i);
      }
      boolean flat = shape.numDimensions() == 2;
      matrices.add(flat ? tensor : tf.reshape(tensor, tf.constant(new long[] {-1, size})));
    }
    if (matrices.isEmpty()) {
      throw new UserException(name + " has no floating-point output");
    }
    return matrices.size() == 1 ? matrices.get(0) : tf.concat(matrices, tf.constant(1));
  }

  @SuppressWarnings("unchecked")
  private static <T extends TType> Output<T> tensor(Graph graph, String name) {
    int colon = name.lastIndexOf(':');
    GraphOperation op = graph.operation(name.substring(0, colon));
    return (Output<T>) op.output(Integer.parseInt(name.substring(colon + 1)));
  }
}
