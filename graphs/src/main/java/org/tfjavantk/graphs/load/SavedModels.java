package org.tfjavantk.graphs.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.MetaGraphDef;
import org.tfjavantk.graphs.UserException;

/**
 * Reads SavedModel folders, as Keras's {@code model.export(dir)}, {@code tf.saved_model.save} and
 * TensorFlow 1's builder write them.
 */
public final class SavedModels {
  private SavedModels() {}

  /**
   * One signature of a SavedModel.
   *
   * @param dir the folder with {@code saved_model.pb} and {@code variables/}
   * @throws UserException for a folder or file that is damaged or none, an unknown signature,
   *     input, output or pattern, and a model that no flat graph can hold (loops, conditionals that
   *     depend on the inputs, random numbers)
   */
  public static FlatModel read(Path dir, Options options) {
    MetaGraphDef meta = ModelFiles.metaGraph(ModelFiles.savedModel(dir), options.tags());
    Reading reading = new Reading(meta, options);
    List<String> notes = new ArrayList<>();
    List<Draft> drafts = Selection.choose(drafts(dir, meta, reading, notes), options, "parameter");
    notes.addAll(reading.notes());
    return Completion.complete(
        reading.assembly().assemble(reading.inputs(), reading.outputs(), drafts, notes));
  }

  private static List<Draft> drafts(
      Path dir, MetaGraphDef meta, Reading reading, List<String> notes) {
    List<VariableCatalog.Entry> entries = reading.variables();
    if (entries.isEmpty()) {
      return List.of();
    }
    if (!Files.exists(dir.resolve("variables").resolve("variables.index"))) {
      throw new UserException(
          dir
              + " lacks variables/variables.index, the values of its "
              + entries.size()
              + " variables: copy the whole SavedModel folder");
    }
    Set<FileVariable> wanted = new LinkedHashSet<>();
    for (VariableCatalog.Entry entry : entries) {
      wanted.add(entry.variable());
      reading.catalog().source(entry.variable()).ifPresent(wanted::add);
    }
    Map<String, BundleValues.Content> contents =
        BundleValues.read(dir, meta.getMetaInfoDef().getTagsList(), List.copyOf(wanted));
    List<Draft> drafts = new ArrayList<>();
    List<String> repaired = new ArrayList<>();
    boolean silent = false;
    for (VariableCatalog.Entry entry : entries) {
      FileVariable variable = entry.variable();
      BundleValues.Content content = contents.get(variable.key());
      if (content == null) {
        FileVariable copy = reading.catalog().source(variable).orElse(variable);
        content = contents.get(copy.key());
        repaired.add(variable.sharedName() + " from " + copy.sharedName());
      }
      if (content == null) {
        throw new UserException(
            "loading "
                + dir
                + " leaves variable "
                + entry.name()
                + " without a value, and the file holds no copy of it: save the model again, with"
                + " Keras's model.export(dir)");
      }
      silent |= entry.trainable().isEmpty() && Types.isFloating(variable.dtype());
      drafts.add(
          new Draft(
              reading.tensor(variable),
              entry.name(),
              variable.dtype(),
              content.shape(),
              entry.trainable().orElse(true) && Types.isFloating(variable.dtype()),
              content.values()));
    }
    if (!repaired.isEmpty()) {
      notes.add(Notes.repaired(repaired));
    }
    if (silent) {
      notes.add(Notes.silent());
    }
    return drafts;
  }
}
