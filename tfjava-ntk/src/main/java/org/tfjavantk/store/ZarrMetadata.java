package org.tfjavantk.store;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.ToNumberPolicy;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tfjavantk.graphs.UserException;

/**
 * The file {@code zarr.json} of a kernel: a two-dimensional array of Zarr v3 with a regular chunk
 * grid, the default chunk keys and the codecs {@code bytes} and {@code crc32c}. The fill value is
 * NaN, so that a missing chunk is never mistaken for zeros. The attribute {@code kernel} holds the
 * layout; the other attributes are the writer's.
 */
record ZarrMetadata(KernelLayout layout, JsonObject attributes) {
  static final String FILE = "zarr.json";
  static final String LAYOUT = "kernel";

  /** The attribute for what was seen of the values once they were there; not what they are. */
  static final String MEASURED = "measured";

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
          .create();

  static ZarrMetadata of(KernelLayout layout, Map<String, ?> attributes) {
    for (String reserved : List.of(LAYOUT, MEASURED)) {
      if (attributes.containsKey(reserved)) {
        throw new IllegalArgumentException("the attribute \"" + reserved + "\" is the store's");
      }
    }
    // Through text and back, so that numbers compare as they will when read from the file.
    return new ZarrMetadata(
        layout, JsonParser.parseString(GSON.toJson(attributes)).getAsJsonObject());
  }

  /** With what was seen of the values. */
  ZarrMetadata withMeasured(Map<String, ?> values) {
    JsonObject all = attributes.deepCopy();
    all.add(MEASURED, JsonParser.parseString(GSON.toJson(values)));
    return new ZarrMetadata(layout, all);
  }

  String toJson() {
    JsonObject root = new JsonObject();
    root.addProperty("zarr_format", 3);
    root.addProperty("node_type", "array");
    root.add("shape", pair(layout.rows(), layout.columns()));
    root.addProperty("data_type", layout.storage().zarrName());
    JsonObject chunks = new JsonObject();
    chunks.add("chunk_shape", pair(layout.chunkSide(), layout.chunkSide()));
    root.add("chunk_grid", named("regular", chunks));
    root.add("chunk_key_encoding", named("default", single("separator", "/")));
    root.addProperty("fill_value", "NaN");
    JsonArray codecs = new JsonArray();
    codecs.add(named("bytes", single("endian", "little")));
    codecs.add(named("crc32c", null));
    root.add("codecs", codecs);
    root.add("attributes", allAttributes());
    root.add("dimension_names", strings("row", "column"));
    return GSON.toJson(root) + "\n";
  }

  private JsonObject allAttributes() {
    JsonObject all = attributes.deepCopy();
    JsonObject kernel = new JsonObject();
    kernel.addProperty("row_examples", layout.rowExamples());
    kernel.addProperty("column_examples", layout.columnExamples());
    kernel.addProperty("outputs", layout.outputs());
    kernel.addProperty("tile_examples", layout.tileExamples());
    kernel.addProperty("triangle", layout.symmetric() ? "upper" : "full");
    kernel.addProperty("order", "example-major, then output");
    all.add(LAYOUT, kernel);
    return all;
  }

  /** The attributes of the writer, numbers as Long or Double. */
  Map<String, Object> attributeMap() {
    return GSON.fromJson(attributes, new TypeToken<Map<String, Object>>() {}.getType());
  }

  /** One line per difference, empty when there is none. */
  List<String> differencesFrom(ZarrMetadata other) {
    JsonObject mine = allAttributes();
    JsonObject theirs = other.allAttributes();
    mine.addProperty("data_type", layout.storage().zarrName());
    theirs.addProperty("data_type", other.layout.storage().zarrName());
    Set<String> names = new TreeSet<>(mine.keySet());
    names.addAll(theirs.keySet());
    names.remove(MEASURED);
    return names.stream()
        .filter(name -> !same(mine.get(name), theirs.get(name)))
        .map(
            name ->
                name + ": " + shown(mine.get(name)) + " there, " + shown(theirs.get(name)) + " now")
        .toList();
  }

  private static boolean same(JsonElement a, JsonElement b) {
    return a != null && b != null && normalized(a).equals(normalized(b));
  }

  private static JsonElement normalized(JsonElement element) {
    return JsonParser.parseString(element.toString());
  }

  private static String shown(JsonElement element) {
    return element == null ? "nothing" : element.toString();
  }

  /**
   * Reads the file.
   *
   * @throws UserException when it is missing, is not JSON or not a kernel that this package writes
   */
  static ZarrMetadata read(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new UserException(directory + " is not a kernel store: it has no file " + FILE);
    }
    try {
      return new Reader(file).read(JsonParser.parseString(Files.readString(file)));
    } catch (JsonParseException e) {
      String why = e.getMessage().lines().findFirst().orElse("");
      throw new UserException(file + " is not JSON: " + why, e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Checks every field against the one form that the store understands. */
  private record Reader(Path file) {
    ZarrMetadata read(JsonElement json) {
      JsonObject root = object(json, "the file");
      expect(root, "zarr_format", "3");
      expect(root, "node_type", "\"array\"");
      expect(
          root,
          "codecs",
          "[{\"name\":\"bytes\",\"configuration\":{\"endian\":\"little\"}},{\"name\":\"crc32c\"}]");
      expect(
          root,
          "chunk_key_encoding",
          "{\"name\":\"default\",\"configuration\":{\"separator\":\"/\"}}");
      StorageType storage =
          StorageType.ofZarrName(
              member(root, "data_type", "the file").getAsString(), file.toString());
      JsonObject attributes = object(member(root, "attributes", "the file"), "attributes");
      JsonObject kernel = object(member(attributes, LAYOUT, "attributes"), "attributes." + LAYOUT);
      KernelLayout layout = layout(kernel, storage);
      expect(root, "shape", pair(layout.rows(), layout.columns()).toString());
      expect(
          root,
          "chunk_grid",
          "{\"name\":\"regular\",\"configuration\":{\"chunk_shape\":"
              + pair(layout.chunkSide(), layout.chunkSide())
              + "}}");
      JsonObject others = attributes.deepCopy();
      others.remove(LAYOUT);
      return new ZarrMetadata(layout, others);
    }

    private KernelLayout layout(JsonObject kernel, StorageType storage) {
      String where = "attributes." + LAYOUT;
      String triangle = member(kernel, "triangle", where).getAsString();
      if (!triangle.equals("upper") && !triangle.equals("full")) {
        throw new UserException(
            file + ": " + where + ".triangle is \"" + triangle + "\"; expected upper or full");
      }
      try {
        return new KernelLayout(
            member(kernel, "row_examples", where).getAsInt(),
            member(kernel, "column_examples", where).getAsInt(),
            member(kernel, "outputs", where).getAsInt(),
            member(kernel, "tile_examples", where).getAsInt(),
            triangle.equals("upper"),
            storage);
      } catch (NumberFormatException | UnsupportedOperationException e) {
        throw new UserException(file + ": " + where + ": " + e.getMessage(), e);
      } catch (IllegalArgumentException e) {
        throw new UserException(file + ": " + where + ": " + e.getMessage(), e);
      }
    }

    private void expect(JsonObject root, String name, String expected) {
      JsonElement found = member(root, name, "the file");
      if (!normalized(found).equals(JsonParser.parseString(expected))) {
        throw new UserException(
            file + ": " + name + " is " + found + "; this program reads only " + expected);
      }
    }

    private JsonElement member(JsonObject parent, String name, String where) {
      JsonElement found = parent.get(name);
      if (found == null) {
        throw new UserException(
            file + ": " + where + " has no \"" + name + "\"; it is not a kernel of this program");
      }
      return found;
    }

    private JsonObject object(JsonElement element, String where) {
      if (!element.isJsonObject()) {
        throw new UserException(file + ": " + where + " is not a JSON object");
      }
      return element.getAsJsonObject();
    }
  }

  private static JsonArray pair(long first, long second) {
    JsonArray array = new JsonArray();
    array.add(first);
    array.add(second);
    return array;
  }

  private static JsonArray strings(String... values) {
    JsonArray array = new JsonArray();
    for (String value : values) {
      array.add(value);
    }
    return array;
  }

  private static JsonObject single(String name, String value) {
    JsonObject object = new JsonObject();
    object.addProperty(name, value);
    return object;
  }

  private static JsonObject named(String name, JsonObject configuration) {
    JsonObject object = single("name", name);
    if (configuration != null) {
      object.add("configuration", configuration);
    }
    return object;
  }
}
