package org.tfjavantk.graphs.load;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tfjavantk.graphs.UserException;

/** Parses model files. */
final class ModelFiles {
  private ModelFiles() {}

  /** What a path is, by what is there. */
  static Inspection.Format format(Path path) {
    if (isSavedModel(path)) {
      return Inspection.Format.SAVED_MODEL;
    }
    if (Files.isRegularFile(path)) {
      return Inspection.Format.FROZEN_GRAPH;
    }
    throw new UserException(
        path
            + (Files.exists(path) ? " holds no" : " does not exist: looked for a folder with a")
            + " saved_model.pb or saved_model.pbtxt, or a file with a frozen graph");
  }

  /** Whether the path is a folder with a SavedModel in it. */
  static boolean isSavedModel(Path path) {
    return Files.exists(path.resolve("saved_model.pb"))
        || Files.exists(path.resolve("saved_model.pbtxt"));
  }

  static SavedModel savedModel(Path dir) {
    if (!isSavedModel(dir)) {
      throw new UserException(
          dir
              + (Files.isDirectory(dir) ? " holds neither" : " is no folder with")
              + " saved_model.pb nor saved_model.pbtxt: a SavedModel is a folder with one of them");
    }
    Path binary = dir.resolve("saved_model.pb");
    Path file = Files.exists(binary) ? binary : dir.resolve("saved_model.pbtxt");
    SavedModel model = parse(file, SavedModel.newBuilder()).build();
    if (model.getMetaGraphsCount() == 0) {
      throw new UserException(file + " holds no graph: it is no SavedModel, or it was cut off");
    }
    return model;
  }

  static GraphDef graph(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          file + " is no file: a frozen graph is a file such as frozen.pb or frozen.pbtxt");
    }
    GraphDef graph = parse(file, GraphDef.newBuilder()).build();
    if (graph.getNodeCount() == 0 || graph.getNode(0).getOp().isEmpty()) {
      throw new UserException(file + " holds no nodes: it is no GraphDef");
    }
    return graph;
  }

  /** The graph with these tags; without tags "serve", or the only one. */
  static MetaGraphDef metaGraph(SavedModel model, List<String> tags) {
    List<MetaGraphDef> graphs = model.getMetaGraphsList();
    if (tags.isEmpty() && graphs.size() == 1) {
      return graphs.get(0);
    }
    List<String> wanted = tags.isEmpty() ? List.of("serve") : tags;
    List<MetaGraphDef> found =
        graphs.stream()
            .filter(
                graph -> {
                  List<String> own = graph.getMetaInfoDef().getTagsList();
                  return own.size() == wanted.size() && own.containsAll(wanted);
                })
            .toList();
    if (found.size() != 1) {
      throw new UserException(
          "the SavedModel has no graph with tags "
              + wanted
              + "; it has "
              + graphs.stream().map(graph -> graph.getMetaInfoDef().getTagsList()).toList());
    }
    return found.get(0);
  }

  private static <B extends Message.Builder> B parse(Path file, B builder) {
    try (InputStream in = Files.newInputStream(file)) {
      if (file.toString().endsWith("txt")) {
        TextFormat.merge(new String(in.readAllBytes(), StandardCharsets.UTF_8), builder);
      } else {
        builder.mergeFrom(in);
      }
      return builder;
    } catch (InvalidProtocolBufferException | TextFormat.ParseException e) {
      throw new UserException(
          file + " is damaged, cut off, or no TensorFlow file: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
