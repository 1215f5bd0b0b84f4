package org.tfjavantk.graphs.load;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A folder of reference data and one of the model files in it. */
record Fixture(Path dir, JsonObject json, JsonObject model) {
  static final Path ROOT = Path.of("src/test/resources/savedmodels");

  /** Every model file of every fixture. */
  static Stream<Fixture> all() throws IOException {
    List<Fixture> all = new ArrayList<>();
    try (Stream<Path> dirs = Files.list(ROOT)) {
      for (Path dir : dirs.filter(Files::isDirectory).sorted().toList()) {
        JsonObject json =
            JsonParser.parseString(Files.readString(dir.resolve("fixture.json"))).getAsJsonObject();
        for (JsonElement model : json.getAsJsonArray("models")) {
          all.add(new Fixture(dir, json, model.getAsJsonObject()));
        }
      }
    }
    return all.stream();
  }

  static Fixture of(String name, String path) throws IOException {
    return all().filter(f -> f.toString().equals(name + "/" + path)).findFirst().orElseThrow();
  }

  Path path() {
    return dir.resolve(model.get("path").getAsString());
  }

  boolean frozen() {
    return path().toString().endsWith(".pb");
  }

  boolean float64() {
    return json.get("dtype").getAsString().equals("float64");
  }

  double tolerance() {
    return json.get("tolerance_relative_to_max").getAsDouble();
  }

  JsonArray variables() {
    return json.getAsJsonArray("variables");
  }

  List<String> variableNames() {
    List<String> names = new ArrayList<>();
    variables().forEach(v -> names.add(v.getAsJsonObject().get("name").getAsString()));
    return names;
  }

  /** With the parameters of a frozen graph chosen by name. */
  FlatModel read() throws IOException {
    if (!frozen()) {
      return SavedModels.read(path(), Options.defaults());
    }
    List<String> parameters = Files.readAllLines(dir.resolve("frozen.parameters.txt"));
    return FrozenGraphs.read(path(), Options.defaults().withParameters(parameters));
  }

  /** The first or second batch, by the names in the file. */
  Map<String, Npy> batch(int k) throws IOException {
    Map<String, Npy> batch = new HashMap<>();
    for (JsonElement input : json.getAsJsonArray("inputs")) {
      JsonObject entry = input.getAsJsonObject();
      String name = entry.get("name").getAsString();
      String own = model.getAsJsonObject("input_names").get(name).getAsString();
      batch.put(port(own), Npy.read(dir.resolve(entry.get("x" + k).getAsString())));
    }
    return batch;
  }

  /** The outputs for the first or second batch, by the names in the file. */
  Map<String, Npy> outputs(int k) throws IOException {
    Map<String, Npy> outputs = new HashMap<>();
    for (JsonElement output : json.getAsJsonArray("outputs")) {
      JsonObject entry = output.getAsJsonObject();
      String name = entry.get("name").getAsString();
      String own = model.getAsJsonObject("output_names").get(name).getAsString();
      outputs.put(port(own), Npy.read(dir.resolve(entry.get("y" + k).getAsString())));
    }
    return outputs;
  }

  private static String port(String name) {
    return name.replaceFirst(":0$", "");
  }

  @Override
  public String toString() {
    return dir.getFileName() + "/" + model.get("path").getAsString();
  }
}
