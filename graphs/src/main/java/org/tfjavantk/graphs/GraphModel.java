package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.HashMap;
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
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;
import org.tfjavantk.random.RandomStream;

/**
 * A TensorFlow graph with one or several inputs, an output f(x) of shape (n, o) and named
 * parameters. Holds native memory: close it. Not for use by several threads at once, except {@link
 * #session()}.
 */
public final class GraphModel implements AutoCloseable {
  /** Values that are fed in one call, unless one variable has more. */
  private static final int ASSIGNED_TOGETHER = 1 << 22;

  private final ModelParts parts;
  private final Network network;
  private final Ops tf;
  private final Session session;
  private final Precision precision;
  private final int outputs;
  private final Map<Parameter, Assignment> assignments = new HashMap<>();
  private final DeviceChoice device;

  private record Assignment(Operand<? extends TType> value, Op target) {}

  /**
   * A model of these parts; its variables have no values yet.
   *
   * @param network null if the graph does not come from a network of layers
   */
  GraphModel(ModelParts parts, Network network, DeviceChoice device) {
    this.parts = parts;
    this.network = network;
    this.device = device;
    tf = device.ops(parts.graph());
    precision = Precision.of(parts.output().type());
    outputs = Math.toIntExact(parts.output().shape().get(1));
    for (Parameter variable : parts.variables()) {
      Operand<? extends TType> value = tf.withName("assigned").placeholder(variable.value().type());
      assignments.put(
          variable, new Assignment(value, tf.assignVariableOp(variable.handle(), value)));
    }
    session = new Session(parts.graph(), device.config());
  }

  /**
   * A model that does not come from a network of layers; its variables have no values yet.
   *
   * @param device on which the operations of the parts are placed
   * @throws IllegalArgumentException if the output is no matrix with a known number of columns
   */
  public static GraphModel of(ModelParts parts, DeviceChoice device) {
    Shape shape = parts.output().shape();
    if (shape.numDimensions() != 2 || shape.get(1) == Shape.UNKNOWN_SIZE) {
      throw new IllegalArgumentException("the output has shape " + shape);
    }
    return new GraphModel(parts, null, device);
  }

  /**
   * TensorFlow Java's operations are typed by class; this project's are typed by {@link Precision}.
   */
  @SuppressWarnings("unchecked")
  static Class<TFloating> type(Precision precision) {
    return (Class<TFloating>) precision.type();
  }

  /**
   * Sets the named variables.
   *
   * @throws UserException if the model has no variable of a name, or of another size
   */
  public void assign(Map<String, double[]> values) {
    // TensorFlow prepares the graph anew for every set of operations that it is asked for, so a
    // deep network is slow to fill one variable at a time; all at once would double its memory.
    Map<Parameter, double[]> together = new LinkedHashMap<>();
    long size = 0;
    for (Map.Entry<String, double[]> entry : values.entrySet()) {
      Parameter variable = variable(entry.getKey());
      double[] value = entry.getValue();
      ParameterSpec spec = variable.spec();
      if (value.length != spec.size()) {
        throw new UserException(
            String.format(
                "%s has %d values, the network wants %s",
                entry.getKey(), value.length, Shapes.text(spec.shape())));
      }
      if (size > 0 && size + value.length > ASSIGNED_TOGETHER) {
        assignTogether(together);
        together.clear();
        size = 0;
      }
      together.put(variable, value);
      size += value.length;
    }
    assignTogether(together);
  }

  /**
   * Draws all variables anew: each from its distribution and its own stream of the seed, as {@link
   * Network#build} does.
   *
   * @throws IllegalStateException if the values come with the model
   */
  public void draw(long seed) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Parameter variable : variables()) {
      RandomStream stream = RandomStream.of(seed, "initial/" + variable.name());
      values.put(
          variable.name(), variable.spec().initializer().draw(variable.spec().size(), stream));
    }
    assign(values);
  }

  private void assignTogether(Map<Parameter, double[]> values) {
    if (values.isEmpty()) {
      return;
    }
    List<Tensor> tensors = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      values.forEach(
          (variable, value) -> {
            Assignment assignment = assignments.get(variable);
            long[] shape = Shapes.longs(variable.spec().shape());
            Tensor tensor = Tensors.of(value, assignment.value.type(), shape);
            tensors.add(tensor);
            runner.feed(assignment.value, tensor).addTarget(assignment.target);
          });
      runner.run().close();
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  /** The values of all variables, parameters and statistics, by name, in running order. */
  public Map<String, double[]> values() {
    Map<String, double[]> values = new LinkedHashMap<>();
    Session.Runner runner = session.runner();
    parts.variables().forEach(variable -> runner.fetch(variable.value()));
    try (var result = runner.run()) {
      for (int k = 0; k < result.size(); k++) {
        values.put(parts.variables().get(k).name(), Tensors.toDoubles(result.get(k)));
      }
    }
    return values;
  }

  private Parameter variable(String name) {
    return parts.variables().stream()
        .filter(v -> v.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserException(
                    "the network has no parameter "
                        + name
                        + "; it has "
                        + parts.variables().stream().map(Parameter::name).toList()));
  }

  /**
   * f(x) in inference mode.
   *
   * @param x n examples, row-major
   * @return n x outputs, row-major
   */
  public double[] predict(double[] x, int n) {
    try (Fetched f = run(x, n, List.of(output()))) {
      return Tensors.toDoubles(f.get(0));
    }
  }

  /**
   * Computes operands that have one block of rows for every example: their axis 0 has a length
   * proportional to n. A graph that takes a fixed number of examples is run as often as it takes.
   *
   * @param x n examples, row-major, the inputs of an example one after another
   * @throws UserException if a value does not fit the type of its input
   */
  public Fetched run(double[] x, int n, List<? extends Operand<?>> fetches) {
    if (parts.batch() == 0 || parts.batch() == n) {
      return Feed.run(this, x, n, Map.of(), fetches);
    }
    return Feed.runInBatches(this, x, n, parts.batch(), fetches);
  }

  /**
   * Computes operands of any shape, in one run, with other placeholders fed as well.
   *
   * @param x n examples, row-major; n must be {@link #batch()} where that is fixed
   * @param others values of placeholders that are no inputs of the model
   * @throws UserException if a value does not fit the type of its input
   */
  public Fetched run(
      double[] x, int n, Map<Operand<?>, Tensor> others, List<? extends Operand<?>> fetches) {
    if (parts.batch() != 0 && parts.batch() != n) {
      throw new IllegalArgumentException(
          name() + " takes " + parts.batch() + " examples at a time, not " + n);
    }
    return Feed.run(this, x, n, others, fetches);
  }

  /** Computes operands that don't depend on the inputs. */
  public Fetched fetch(List<? extends Operand<?>> fetches) {
    Session.Runner runner = session.runner();
    fetches.forEach(runner::fetch);
    List<Tensor> values = new ArrayList<>();
    runner.run().forEach(value -> values.add(value.getValue()));
    return new Fetched(values);
  }

  /** Whether the graph runs on a GPU. */
  public boolean onGpu() {
    return device.onGpu();
  }

  /** The first n examples of x as a tensor that feeds the only input. The caller closes it. */
  public Tensor inputTensor(double[] x, int n) {
    return Feed.tensor(onlyInput(), x, n, 0, exampleSize());
  }

  /**
   * The only input.
   *
   * @throws IllegalStateException if there are several
   */
  public ModelInput onlyInput() {
    if (parts.inputs().size() != 1) {
      throw new IllegalStateException(name() + " has " + parts.inputs().size() + " inputs");
    }
    return parts.inputs().get(0);
  }

  /**
   * Another reading of the network in this graph, in training mode, with the same variables.
   *
   * @throws UserException if the model comes from a file: such a graph has one mode only
   */
  public LayerGraph trainingGraph() {
    if (network == null) {
      throw new UserException(
          name()
              + " comes from a file, in inference mode; only networks of layers are trained here");
    }
    return new LayerGraph(network, tf, type(), parts.variables(), LayerGraph.Mode.TRAINING);
  }

  /** Names the model in reports. */
  public String name() {
    return parts.name();
  }

  public Graph graph() {
    return parts.graph();
  }

  /** Makes operations in the graph, on the model's device. */
  public Ops tf() {
    return tf;
  }

  public Session session() {
    return session;
  }

  public Precision precision() {
    return precision;
  }

  /** Where the graph runs; AUTO is decided if devices are listed. */
  public DeviceChoice device() {
    return device;
  }

  /** The type of all values in the graph. */
  public Class<TFloating> type() {
    return type(precision);
  }

  /** In the order in which an example holds their values. */
  public List<ModelInput> inputs() {
    return parts.inputs();
  }

  /** Values of one example, of all inputs together. */
  public int exampleSize() {
    return parts.inputs().stream().mapToInt(ModelInput::size).sum();
  }

  /** The number of examples that the graph takes at a time, 0 if it takes any. */
  public int batch() {
    return parts.batch();
  }

  /** o, the length of f(x). */
  public int outputs() {
    return outputs;
  }

  /** The trainable variables in running order. */
  public List<Parameter> parameters() {
    return parts.variables().stream().filter(v -> v.spec().trainable()).toList();
  }

  /** The trainable variables and the statistics. */
  public List<Parameter> variables() {
    return parts.variables();
  }

  /** p, the number of trainable scalars. */
  public long parameterCount() {
    return parameters().stream().mapToLong(v -> v.spec().size()).sum();
  }

  /** f of shape (n, o), in inference mode. */
  public Operand<TFloating> output() {
    return parts.output();
  }

  @Override
  public void close() {
    session.close();
    parts.graph().close();
  }
}
