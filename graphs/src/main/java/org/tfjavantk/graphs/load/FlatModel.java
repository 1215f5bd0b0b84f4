package org.tfjavantk.graphs.load;

import java.nio.file.Path;
import java.util.List;
import org.tensorflow.proto.GraphDef;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Precision;

/**
 * A model read from a file, as one flat graph of plain operations: no function calls, no control
 * inputs, nothing that the outputs don't depend on. Every variable is one VarHandleOp and one
 * ReadVariableOp, whatever it was in the file; every input is a Placeholder.
 *
 * @param graph the graph
 * @param inputs sorted by name
 * @param outputs sorted by name
 * @param variables all that the outputs depend on, in the order of the file's own list where it has
 *     one
 * @param notes what a user should know about how the file was read, a sentence each
 */
public record FlatModel(
    GraphDef graph,
    List<Port> inputs,
    List<Port> outputs,
    List<Variable> variables,
    List<String> notes) {
  public FlatModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    variables = List.copyOf(variables);
    notes = List.copyOf(notes);
  }

  /**
   * Reads a model: a SavedModel where the path is a folder with one, else a frozen graph.
   *
   * @throws org.tfjavantk.graphs.UserException as {@link SavedModels#read} and {@link
   *     FrozenGraphs#read} do, and for a path that is neither
   */
  public static FlatModel read(Path path, Options options) {
    return ModelFiles.format(path) == Inspection.Format.SAVED_MODEL
        ? SavedModels.read(path, options)
        : FrozenGraphs.read(path, options);
  }

  /** The trainable variables, in order. */
  public List<Variable> parameters() {
    return variables.stream().filter(Variable::trainable).toList();
  }

  /** p, the number of trainable scalars. */
  public long parameterCount() {
    return parameters().stream().mapToLong(Variable::size).sum();
  }

  /**
   * The same model with every floating-point tensor in one precision: the arithmetic changes, the
   * weights are the file's (rounded when the precision is lower). A FusedBatchNorm in inference
   * mode, which has no float64 kernel, becomes (x - mean) * (scale / sqrt(variance + epsilon)) +
   * offset.
   *
   * @throws org.tfjavantk.graphs.UserException naming the operations that have no kernel in this
   *     precision
   */
  public FlatModel in(Precision precision) {
    return new Conversion(precision).apply(this);
  }

  /**
   * The model in a graph of its own, with the file's values in its variables.
   *
   * @param name names it in reports and messages
   * @param exampleShape shape of one example of the data, which tells sizes that the file leaves
   *     open; null if there are none. Of a model with several inputs, all values of an example
   * @throws org.tfjavantk.graphs.UserException if the data don't fit the inputs, or if an output is
   *     not one block for every example
   */
  public GraphModel build(String name, int[] exampleShape, DeviceChoice device) {
    return new ModelBuilder(this, name, exampleShape, device).build();
  }
}
