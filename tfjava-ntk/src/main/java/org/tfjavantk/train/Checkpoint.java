package org.tfjavantk.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.graphs.ParameterSpec;

/**
 * The state of a training after an epoch, in one .npz file that Python reads too: the network's
 * variables under their names, the optimizer's under {@code optimizer/...}, and the epochs so far.
 *
 * @param variables parameters and statistics by name
 * @param slots the optimizer's variables by name
 * @param epochs metrics of the epochs done
 */
public record Checkpoint(
    Map<String, double[]> variables, Map<String, double[]> slots, List<EpochMetrics> epochs) {
  private static final String SLOT = "optimizer/";
  private static final Gson GSON = new GsonBuilder().serializeNulls().create();

  private record About(List<EpochMetrics> epochs) {}

  /** Writes the checkpoint by atomic rename. */
  void write(Path path, List<ParameterSpec> specs) throws IOException {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    specs.forEach(spec -> shapes.put(spec.name(), spec.shape()));
    Map<String, Npz.Entry> arrays = new LinkedHashMap<>();
    variables.forEach((name, values) -> arrays.put(name, new Npz.Entry(shapes.get(name), values)));
    slots.forEach(
        (name, values) ->
            arrays.put(SLOT + name, new Npz.Entry(new int[] {values.length}, values)));
    Npz.write(path, new Npz.Contents(arrays, GSON.toJson(new About(epochs))));
  }

  /** The checkpoint at the path, if there is one. */
  public static Optional<Checkpoint> read(Path path) throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    Npz.Contents contents = Npz.read(path);
    Map<String, double[]> variables = new LinkedHashMap<>();
    Map<String, double[]> slots = new LinkedHashMap<>();
    contents
        .arrays()
        .forEach(
            (name, entry) -> {
              if (name.startsWith(SLOT)) {
                slots.put(name.substring(SLOT.length()), entry.values());
              } else {
                variables.put(name, entry.values());
              }
            });
    return Optional.of(
        new Checkpoint(variables, slots, GSON.fromJson(contents.text(), About.class).epochs()));
  }
}
