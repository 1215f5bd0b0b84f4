package org.tfjavantk.graphs.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;
import org.tfjavantk.graphs.UserException;

/** Values of a SavedModel's variables after TensorFlow has loaded and restored it. */
final class BundleValues {
  /** The contents of a variable. */
  record Content(long[] shape, Values values) {}

  /** How much is fetched by one run. */
  private static final long CHUNK_BYTES = 256L << 20;

  private BundleValues() {}

  /**
   * The contents of the variables, by key; those that loading leaves without a value are missing.
   *
   * @throws UserException when TensorFlow cannot load the folder
   */
  static Map<String, Content> read(Path dir, List<String> tags, List<FileVariable> wanted) {
    Map<String, Content> contents = new LinkedHashMap<>();
    try (SavedModelBundle bundle =
        SavedModelBundle.loader(dir.toString()).withTags(tags.toArray(new String[0])).load()) {
      Graph graph = bundle.graph();
      Ops tf = Ops.create(graph).withSubScope("read_variables");
      Map<FileVariable, Operand<?>> held = new LinkedHashMap<>();
      wanted.forEach(variable -> held.put(variable, node(graph, tf, variable)));
      List<FileVariable> present = initialized(bundle.session(), tf, held);
      for (List<FileVariable> chunk : chunks(present)) {
        Session.Runner runner = bundle.session().runner();
        for (FileVariable variable : chunk) {
          if (variable.reference()) {
            runner.fetch(variable.node());
          } else {
            runner.fetch(tf.readVariableOp(resource(held.get(variable)), type(variable)));
          }
        }
        try (var result = runner.run()) {
          for (int i = 0; i < chunk.size(); i++) {
            var tensor = result.get(i);
            contents.put(
                chunk.get(i).key(), new Content(tensor.shape().asArray(), Values.of(tensor)));
          }
        }
      }
    } catch (TensorFlowException e) {
      throw new UserException(
          "TensorFlow cannot load the SavedModel " + dir + ": " + e.getMessage(), e);
    }
    return contents;
  }

  private static Operand<?> node(Graph graph, Ops tf, FileVariable variable) {
    if (variable.node() != null) {
      return graph.operationOrThrow(variable.node()).output(0);
    }
    return tf.varHandleOp(
        type(variable),
        Shape.of(Types.shape(variable.shape())),
        VarHandleOp.sharedName(variable.sharedName()),
        VarHandleOp.container(variable.container()));
  }

  private static List<FileVariable> initialized(
      Session session, Ops tf, Map<FileVariable, Operand<?>> held) {
    List<FileVariable> all = List.copyOf(held.keySet());
    if (all.isEmpty()) {
      return all;
    }
    Session.Runner runner = session.runner();
    for (FileVariable variable : all) {
      runner.fetch(
          variable.reference()
              ? tf.isVariableInitialized(resource(held.get(variable)))
              : tf.varIsInitializedOp(resource(held.get(variable))));
    }
    List<FileVariable> present = new ArrayList<>();
    try (var result = runner.run()) {
      for (int i = 0; i < all.size(); i++) {
        if (((TBool) result.get(i)).getBoolean()) {
          present.add(all.get(i));
        }
      }
    }
    return present;
  }

  private static List<List<FileVariable>> chunks(List<FileVariable> variables) {
    List<List<FileVariable>> chunks = new ArrayList<>();
    long bytes = CHUNK_BYTES;
    for (FileVariable variable : variables) {
      if (bytes >= CHUNK_BYTES) {
        chunks.add(new ArrayList<>());
        bytes = 0;
      }
      chunks.get(chunks.size() - 1).add(variable);
      bytes += bytes(variable);
    }
    return chunks;
  }

  private static long bytes(FileVariable variable) {
    long bytes = Values.width(variable.dtype());
    for (TensorShapeProto.Dim dim : variable.shape().getDimList()) {
      bytes = Math.multiplyExact(bytes, Math.max(1, dim.getSize()));
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new UserException(
          "variable "
              + variable.sharedName()
              + " has "
              + bytes
              + " bytes; at most 2 GiB can be read");
    }
    return bytes;
  }

  /** TensorFlow Java's operands are typed by class; a file's are typed by what it says. */
  @SuppressWarnings("unchecked")
  private static Operand<TType> resource(Operand<?> operand) {
    return (Operand<TType>) operand;
  }

  private static Class<? extends TType> type(FileVariable variable) {
    DataType dtype = variable.dtype();
    return switch (dtype) {
      case DT_FLOAT -> TFloat32.class;
      case DT_DOUBLE -> TFloat64.class;
      case DT_HALF -> TFloat16.class;
      case DT_BFLOAT16 -> TBfloat16.class;
      case DT_INT32 -> TInt32.class;
      case DT_INT64 -> TInt64.class;
      case DT_UINT8 -> TUint8.class;
      case DT_BOOL -> TBool.class;
      default ->
          throw new UserException(
              "variable " + variable.sharedName() + " is of type " + dtype + ", which is not read");
    };
  }
}
