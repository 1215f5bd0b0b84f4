package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.random.RandomStream;

/**
 * A TensorFlow graph with one input, one output f(x) of shape (n, o) and named parameters. Holds
 * native memory: close it. Not for use by several threads at once, except {@link #session()}.
 */
public final class GraphModel implements AutoCloseable {
  private final Graph graph;
  private final Ops tf;
  private final Session session;
  private final Precision precision;
  private final int[] inputShape;
  private final int outputs;
  private final List<Parameter> variables;
  private final Placeholder<TFloating> input;
  private final Operand<TFloating> output;
  private final Placeholder<TFloating> assigned;
  private final List<Op> assignments;
  private final Network network;
  private final DeviceChoice device;

  private GraphModel(Network network, int[] inputShape, Precision precision, DeviceChoice device) {
    NetworkShape shape = network.shape(inputShape);
    if (shape.output().length != 1) {
      throw new UserException(
          "network "
              + network.name()
              + " ends in an image of shape "
              + Shapes.text(shape.output())
              + "; its last layer must give a vector");
    }
    this.network = network;
    this.device = device;
    this.precision = precision;
    this.inputShape = inputShape.clone();
    this.outputs = shape.output()[0];
    graph = new Graph();
    tf = Ops.create(graph);
    Class<TFloating> type = type(precision);
    assigned = tf.withName("assigned").placeholder(type);
    variables = new ArrayList<>();
    assignments = new ArrayList<>();
    for (ParameterSpec spec : shape.parameters()) {
      String node = spec.name().replace('/', '.');
      var handle =
          tf.withName(node)
              .varHandleOp(
                  type, Shape.of(Shapes.longs(spec.shape())), VarHandleOp.sharedName(spec.name()));
      Operand<TFloating> value = tf.withName(node + ".read").readVariableOp(handle, type);
      variables.add(new Parameter(spec, handle, value));
      assignments.add(tf.assignVariableOp(handle, assigned));
    }
    long[] batch = new long[inputShape.length + 1];
    batch[0] = Shape.UNKNOWN_SIZE;
    for (int i = 0; i < inputShape.length; i++) {
      batch[i + 1] = inputShape[i];
    }
    input = tf.withName("input").placeholder(type, Placeholder.shape(Shape.of(batch)));
    output = new LayerGraph(this, LayerGraph.Mode.INFERENCE).apply(input);
    session = new Session(graph, device.config());
  }

  static GraphModel of(
      Network network, int[] inputShape, Precision precision, long seed, DeviceChoice device) {
    GraphModel model = new GraphModel(network, inputShape, precision, device);
    try {
      model.initialise(seed);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    return model;
  }

  /**
   * TensorFlow Java's operations are typed by class; this project's are typed by {@link Precision}.
   */
  @SuppressWarnings("unchecked")
  static Class<TFloating> type(Precision precision) {
    return (Class<TFloating>) precision.type();
  }

  private void initialise(long seed) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Parameter variable : variables) {
      RandomStream stream = RandomStream.of(seed, "initial/" + variable.name());
      values.put(
          variable.name(), variable.spec().initializer().draw(variable.spec().size(), stream));
    }
    assign(values);
  }

  /** Sets the named variables. */
  public void assign(Map<String, double[]> values) {
    values.forEach(
        (name, value) -> {
          int k = indexOf(name);
          ParameterSpec spec = variables.get(k).spec();
          if (value.length != spec.size()) {
            throw new UserException(
                String.format(
                    "%s has %d values, the network wants %s",
                    name, value.length, Shapes.text(spec.shape())));
          }
          try (Tensor tensor = Tensors.of(value, precision, Shapes.longs(spec.shape()))) {
            session.runner().feed(assigned, tensor).addTarget(assignments.get(k)).run().close();
          }
        });
  }

  /** The values of all variables, parameters and statistics, by name, in running order. */
  public Map<String, double[]> values() {
    Map<String, double[]> values = new LinkedHashMap<>();
    Session.Runner runner = session.runner();
    variables.forEach(variable -> runner.fetch(variable.value()));
    try (var result = runner.run()) {
      for (int k = 0; k < variables.size(); k++) {
        values.put(variables.get(k).name(), Tensors.toDoubles(result.get(k)));
      }
    }
    return values;
  }

  private int indexOf(String name) {
    for (int k = 0; k < variables.size(); k++) {
      if (variables.get(k).name().equals(name)) {
        return k;
      }
    }
    throw new UserException(
        "the network has no parameter "
            + name
            + "; it has "
            + variables.stream().map(Parameter::name).toList());
  }

  /**
   * f(x) in inference mode.
   *
   * @param x n examples, row-major
   * @return n x outputs, row-major
   */
  public double[] predict(double[] x, int n) {
    try (Tensor tensor = inputTensor(x, n);
        var result = session.runner().feed(input, tensor).fetch(output).run()) {
      return Tensors.toDoubles(result.get(0));
    }
  }

  /** The first n examples of x as a tensor that feeds {@link #input()}. The caller closes it. */
  public Tensor inputTensor(double[] x, int n) {
    long[] shape = new long[inputShape.length + 1];
    shape[0] = n;
    for (int i = 0; i < inputShape.length; i++) {
      shape[i + 1] = inputShape[i];
    }
    return Tensors.of(x, precision, shape);
  }

  /** Another reading of the network in this graph, in training mode, with the same variables. */
  public LayerGraph trainingGraph() {
    return new LayerGraph(this, LayerGraph.Mode.TRAINING);
  }

  public Graph graph() {
    return graph;
  }

  public Ops tf() {
    return tf;
  }

  public Session session() {
    return session;
  }

  public Precision precision() {
    return precision;
  }

  /** Where the graph runs. */
  public DeviceChoice device() {
    return device;
  }

  /** The type of all values in the graph. */
  public Class<TFloating> type() {
    return type(precision);
  }

  public Network network() {
    return network;
  }

  /** Shape of one example. */
  public int[] inputShape() {
    return inputShape.clone();
  }

  /** o, the length of f(x). */
  public int outputs() {
    return outputs;
  }

  /** The trainable variables in running order. */
  public List<Parameter> parameters() {
    return variables.stream().filter(v -> v.spec().trainable()).toList();
  }

  /** The trainable variables and the statistics. */
  public List<Parameter> variables() {
    return List.copyOf(variables);
  }

  /** p, the number of trainable scalars. */
  public long parameterCount() {
    return parameters().stream().mapToLong(v -> v.spec().size()).sum();
  }

  /** Placeholder of shape (n, input shape). */
  public Operand<TFloating> input() {
    return input;
  }

  /** f of shape (n, o), in inference mode. */
  public Operand<TFloating> output() {
    return output;
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
