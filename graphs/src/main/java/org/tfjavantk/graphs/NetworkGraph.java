package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TFloating;

/** Builds the model of a network: its variables, its input, and its layers in inference mode. */
final class NetworkGraph {
  private NetworkGraph() {}

  static GraphModel build(
      Network network,
      int[] inputShape,
      Precision precision,
      long seed,
      DeviceChoice choice,
      LayerGraph.Mode mode) {
    DeviceChoice device = choice.resolved();
    NetworkShape shape = network.shape(inputShape);
    if (shape.output().length != 1) {
      throw new UserException(
          "network "
              + network.name()
              + " ends in an image of shape "
              + Shapes.text(shape.output())
              + "; its last layer must give a vector");
    }
    Graph graph = new Graph();
    GraphModel model;
    try {
      model =
          new GraphModel(
              parts(network, shape, inputShape, device.ops(graph), graph, precision, mode),
              network,
              device);
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
    try {
      model.draw(seed);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    return model;
  }

  private static ModelParts parts(
      Network network,
      NetworkShape shape,
      int[] inputShape,
      Ops tf,
      Graph graph,
      Precision precision,
      LayerGraph.Mode mode) {
    Class<TFloating> type = GraphModel.type(precision);
    List<Parameter> variables = new ArrayList<>();
    for (ParameterSpec spec : shape.parameters()) {
      String node = spec.name().replace('/', '.');
      var handle =
          tf.withName(node)
              .varHandleOp(
                  type, Shape.of(Shapes.longs(spec.shape())), VarHandleOp.sharedName(spec.name()));
      Operand<TFloating> value = tf.withName(node + ".read").readVariableOp(handle, type);
      variables.add(new Parameter(spec, handle, value));
    }
    long[] batch = new long[inputShape.length + 1];
    batch[0] = Shape.UNKNOWN_SIZE;
    for (int i = 0; i < inputShape.length; i++) {
      batch[i + 1] = inputShape[i];
    }
    Operand<TFloating> input =
        tf.withName("input").placeholder(type, Placeholder.shape(Shape.of(batch)));
    LayerGraph layers = new LayerGraph(network, tf, type, variables, mode);
    Operand<TFloating> output = layers.apply(input);
    List<ModelInput> inputs = new ArrayList<>();
    inputs.add(new ModelInput("input", input, inputShape.clone()));
    inputs.addAll(layers.dropoutInputs());
    return new ModelParts(network.name(), graph, inputs, output, variables, 0);
  }
}
