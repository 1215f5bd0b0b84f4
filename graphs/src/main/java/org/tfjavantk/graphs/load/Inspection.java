package org.tfjavantk.graphs.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorInfo;
import org.tfjavantk.graphs.UserException;

/**
 * What a model file holds, without the values of its variables.
 *
 * @param path the folder or file
 * @param format what it is
 * @param signatures all of them, by name; for a frozen graph one, called "graph"
 * @param signature the one that the rest is about; empty when it must be chosen first
 * @param variables that its outputs depend on; for a frozen graph the constants that could be
 *     parameters
 * @param operations how often each operation type occurs on the way from the inputs to the outputs,
 *     with function calls taken apart, by type
 * @param heads the names of the outputs that end in a softmax, log-softmax or sigmoid
 * @param notes what a user should know, a sentence each
 * @param trouble why the model cannot be read, if it cannot; then only the signatures are known
 */
public record Inspection(
    Path path,
    Format format,
    List<SignaturePorts> signatures,
    String signature,
    List<VariableShape> variables,
    Map<String, Integer> operations,
    List<String> heads,
    List<String> notes,
    Optional<String> trouble) {
  /** Kinds of model files. */
  public enum Format {
    SAVED_MODEL,
    FROZEN_GRAPH
  }

  /**
   * What goes into and comes out of a signature. The tensors are the file's own.
   *
   * @param name its name
   * @param inputs sorted by name
   * @param outputs sorted by name
   */
  public record SignaturePorts(String name, List<Port> inputs, List<Port> outputs) {}

  /**
   * A variable, or a constant that could be one.
   *
   * @param name its name
   * @param dtype its type
   * @param shape its shape
   * @param trainable whether it is a parameter unless the user says otherwise
   */
  public record VariableShape(String name, DataType dtype, long[] shape, boolean trainable) {
    /** The number of scalars. */
    public long size() {
      return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }
  }

  private static final String GRAPH = "graph";
  private static final String NONE = "";

  /**
   * Looks into a SavedModel folder or a frozen graph.
   *
   * @param options signature, tags, inputs and outputs; the patterns for parameters are not used
   * @throws UserException for a path that is neither, and a damaged file
   */
  public static Inspection of(Path path, Options options) {
    return ModelFiles.format(path) == Format.SAVED_MODEL
        ? savedModel(path, options)
        : frozen(path, options);
  }

  private static Inspection savedModel(Path path, Options options) {
    MetaGraphDef meta = ModelFiles.metaGraph(ModelFiles.savedModel(path), options.tags());
    List<SignaturePorts> signatures = new ArrayList<>();
    Reading.signatures(meta)
        .forEach(
            (name, def) ->
                signatures.add(
                    new SignaturePorts(
                        name, ports(def.getInputsMap()), ports(def.getOutputsMap()))));
    List<String> notes = new ArrayList<>();
    String signature = NONE;
    try {
      signature = Reading.signatureName(meta, options.signature());
      Reading reading = new Reading(meta, options);
      List<VariableShape> variables = new ArrayList<>();
      List<String> repaired = new ArrayList<>();
      boolean silent = false;
      for (VariableCatalog.Entry entry : reading.variables()) {
        FileVariable variable = entry.variable();
        boolean floating = Types.isFloating(variable.dtype());
        variables.add(
            new VariableShape(
                entry.name(),
                variable.dtype(),
                Types.shape(variable.shape()),
                floating && entry.trainable().orElse(true)));
        silent |= floating && entry.trainable().isEmpty();
        reading
            .catalog()
            .source(variable)
            .filter(source -> !source.equals(variable))
            .ifPresent(copy -> repaired.add(variable.sharedName() + " from " + copy.sharedName()));
      }
      if (!repaired.isEmpty()) {
        notes.add(Notes.repaired(repaired));
      }
      if (silent) {
        notes.add(Notes.silent());
      }
      notes.addAll(reading.notes());
      return new Inspection(
          path,
          Format.SAVED_MODEL,
          signatures,
          signature,
          variables,
          count(reading.nodes(), reading.operations()),
          heads(reading.nodes(), reading.outputs()),
          notes,
          Optional.empty());
    } catch (UserException e) {
      if (options.signature().isPresent() && signature.equals(NONE)) {
        throw e;
      }
      return unreadable(path, Format.SAVED_MODEL, signatures, signature, e);
    }
  }

  private static Inspection frozen(Path path, Options options) {
    ModelFiles.graph(path);
    try {
      FrozenGraphs.Frozen frozen = FrozenGraphs.open(path, options);
      List<VariableShape> variables =
          frozen.candidates().stream()
              .filter(draft -> draft.values().size() > 1)
              .map(draft -> new VariableShape(draft.name(), draft.dtype(), draft.shape(), false))
              .toList();
      return new Inspection(
          path,
          Format.FROZEN_GRAPH,
          List.of(new SignaturePorts(GRAPH, frozen.inputs(), frozen.outputs())),
          GRAPH,
          variables,
          count(frozen.nodes(), frozen.operations()),
          heads(frozen.nodes(), frozen.outputs()),
          Notes.of(frozen.nodes(), frozen.operations()),
          Optional.empty());
    } catch (UserException e) {
      return unreadable(path, Format.FROZEN_GRAPH, List.of(), GRAPH, e);
    }
  }

  private static Inspection unreadable(
      Path path,
      Format format,
      List<SignaturePorts> signatures,
      String signature,
      UserException trouble) {
    return new Inspection(
        path,
        format,
        signatures,
        signature,
        List.of(),
        Map.of(),
        List.of(),
        List.of(),
        Optional.of(trouble.getMessage()));
  }

  private static List<Port> ports(Map<String, TensorInfo> infos) {
    List<Port> ports = new ArrayList<>();
    new TreeMap<>(infos)
        .forEach(
            (name, info) ->
                ports.add(
                    new Port(
                        name,
                        info.getName(),
                        info.getDtype(),
                        Types.shape(info.getTensorShape()))));
    return ports;
  }

  private static Map<String, Integer> count(Map<String, NodeDef> nodes, Set<String> operations) {
    Map<String, Integer> count = new TreeMap<>();
    operations.forEach(name -> count.merge(nodes.get(name).getOp(), 1, Integer::sum));
    return count;
  }

  private static List<String> heads(Map<String, NodeDef> nodes, List<Port> outputs) {
    return outputs.stream().filter(port -> Reading.isHead(nodes, port)).map(Port::name).toList();
  }
}
