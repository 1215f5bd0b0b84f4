package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Padding;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Window;

/** Kernels of whole networks against two other implementations' values. */
class NetworkReferenceTest {
  /** Inputs of a shape, flat. */
  private record Input(int[] shape, double[] values) {}

  private record Case(
      String name, List<Layer> layers, Input x1, Input x2, double tolerance, JsonObject expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> stax() {
    JsonObject file = read("stax_kernels.json");
    return StaxLayers.elements(file.getAsJsonArray("cases")).stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            network -> {
              JsonObject inputs =
                  file.getAsJsonObject("inputs")
                      .getAsJsonObject(network.get("inputs").getAsString());
              String name = network.get("name").getAsString();
              return new Case(
                  name,
                  StaxLayers.read(network.getAsJsonArray("layers"), name.startsWith("vec")),
                  input(inputs.getAsJsonArray("x1")),
                  input(inputs.getAsJsonArray("x2")),
                  name.contains("elementwise_num") ? 2e-4 : 1e-8, // their quadrature
                  network);
            });
  }

  static Stream<Case> recursion() {
    JsonObject cases = read("infinite_width.json").getAsJsonObject("cases");
    return Stream.of(
        mlp(cases, "mlp_relu_depth4", 4, 1.189, 0.401, Activation.RELU, 1e-10),
        mlp(cases, "mlp_leaky_relu(0.1)_depth1", 1, 1.703, 0.051, leaky(0.1), 1e-10),
        mlp(cases, "mlp_abs_depth1", 1, 1.536, 0.335, Activation.ABS, 1e-10),
        mlp(cases, "mlp_erf_depth3", 3, 1.071, 0.084, Activation.ERF, 1e-10),
        mlp(cases, "mlp_sin_depth1", 1, 1.698, 0.282, Activation.SIN, 1e-10),
        mlp(cases, "mlp_gelu_depth2", 2, 1.347, 0.218, Activation.GELU, 1e-7),
        mlp(cases, "mlp_tanh_depth1", 1, 1.401, 0.463, Activation.TANH, 2e-7), // their quadrature
        image(cases, "cnn_flatten_same", stack(Padding.SAME, new Layer.Flatten())),
        image(cases, "cnn_gap_same", stack(Padding.SAME, new Layer.GlobalAveragePool())),
        image(cases, "cnn_gap_circular", stack(Padding.CIRCULAR, new Layer.GlobalAveragePool())),
        image(
            cases,
            "cnn_valid_stride_pool",
            List.of(
                new Layer.Conv(8, 3, 1, 0, true, new Parametrization.Ntk(1.2, 0.2)),
                new Layer.Nonlinearity(Activation.RELU),
                new Layer.AveragePool(2, 2),
                new Layer.Conv(8, 3, 2, 1, true, new Parametrization.Ntk(1.3, 0)),
                new Layer.Nonlinearity(Activation.ERF),
                new Layer.GlobalAveragePool(),
                dense(1.1, 0.05))),
        image(cases, "resnet_block", residual()),
        vector(
            cases,
            "mlp_layer_norm",
            List.of(
                dense(1.5, 0.2),
                new Layer.LayerNorm(layerNormEpsilon(), false),
                new Layer.Nonlinearity(Activation.RELU),
                dense(1.5, 0.2),
                new Layer.LayerNorm(layerNormEpsilon(), false),
                new Layer.Nonlinearity(Activation.ERF),
                dense(1.5, 0.2)),
            1e-10));
  }

  private static double layerNormEpsilon() {
    return 0;
  }

  @Test
  void noCaseIsLeftOut() {
    assertEquals(98, stax().count());
    assertEquals(read("infinite_width.json").getAsJsonObject("cases").size(), recursion().count());
  }

  @ParameterizedTest
  @MethodSource({"stax", "recursion"})
  void kernelsAgree(Case network) {
    InfiniteKernel kernel =
        InfiniteKernel.of(new Network(network.name, network.layers), true, network.x1.shape);
    InfiniteKernel.Values cross = kernel.of(network.x1.values, network.x2.values);
    compare(network, "nngp", cross.nngp());
    compare(network, "ntk", cross.ntk());
    InfiniteKernel.Values self = kernel.of(network.x1.values);
    compare(network, "nngp_self", self.nngp());
    compare(network, "ntk_self", self.ntk());
    compare(network, "nngp_x1_x1", self.nngp());
  }

  /** Entries that the other implementation could not compute must still be numbers. */
  private static void compare(Case network, String which, double[] found) {
    if (!network.expected.has(which)) {
      return;
    }
    List<JsonElement> expected = new ArrayList<>();
    flatten(network.expected.get(which), expected);
    double[] ordered = network.expected.has("is_reversed") ? spatial(network, found) : found;
    assertEquals(expected.size(), ordered.length, which);
    double size =
        expected.stream()
            .filter(value -> !value.isJsonNull())
            .mapToDouble(value -> Math.abs(value.getAsDouble()))
            .max()
            .orElseThrow();
    for (int i = 0; i < ordered.length; i++) {
      String where = which + "[" + i + "]";
      if (expected.get(i).isJsonNull()) {
        assertTrue(Double.isFinite(ordered[i]), where);
      } else {
        assertEquals(expected.get(i).getAsDouble(), ordered[i], network.tolerance * size, where);
      }
    }
  }

  /** (n₁, n₂, h, w, h', w') in the order (n₁, n₂, h, h', w, w'), or with w before h. */
  private static double[] spatial(Case network, double[] found) {
    boolean reversed = network.expected.get("is_reversed").getAsBoolean();
    int[] shape = network.x1.shape;
    int h = shape[0];
    int w = shape[1];
    double[] ordered = new double[found.length];
    for (int i = 0; i < found.length; i++) {
      int pair = i / (h * w * h * w);
      int p = i / (h * w) % (h * w);
      int q = i % (h * w);
      int rows = p / w * h + q / w;
      int columns = p % w * w + q % w;
      int inner = reversed ? columns * h * h + rows : rows * w * w + columns;
      ordered[pair * h * w * h * w + inner] = found[i];
    }
    return ordered;
  }

  private static Activation leaky(double alpha) {
    return new Activation.LeakyRelu(alpha);
  }

  private static Layer dense(double weightStd, double biasStd) {
    return new Layer.Dense(8, true, new Parametrization.Ntk(weightStd, biasStd));
  }

  private static Layer conv(double biasStd, Padding padding) {
    return new Layer.Conv(
        8, Window.square(3, 1, padding), true, new Parametrization.Ntk(1.4, biasStd));
  }

  private static List<Layer> stack(Padding padding, Layer top) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      layers.add(conv(0.1, padding));
      layers.add(new Layer.Nonlinearity(Activation.RELU));
    }
    layers.add(top);
    layers.add(dense(1, 0));
    return layers;
  }

  private static List<Layer> residual() {
    Layer relu = new Layer.Nonlinearity(Activation.RELU);
    List<Layer> body = List.of(relu, conv(0.1, Padding.SAME), relu, conv(0.1, Padding.SAME));
    return List.of(
        conv(0, Padding.SAME),
        new Layer.Residual(body, List.of()),
        relu,
        new Layer.Flatten(),
        dense(1, 0));
  }

  private static Case mlp(
      JsonObject cases,
      String name,
      int depth,
      double weightStd,
      double biasStd,
      Activation activation,
      double tolerance) {
    List<Layer> layers = new ArrayList<>();
    for (int layer = 0; layer < depth; layer++) {
      layers.add(dense(weightStd, biasStd));
      layers.add(new Layer.Nonlinearity(activation));
    }
    layers.add(dense(weightStd, biasStd));
    return vector(cases, name, layers, tolerance);
  }

  /** Their vectors are images of one pixel. */
  private static Case vector(JsonObject cases, String name, List<Layer> layers, double tolerance) {
    Case image = image(cases, name, layers);
    int[] shape = {image.x1.shape[2]};
    return new Case(
        name,
        layers,
        new Input(shape, image.x1.values),
        new Input(shape, image.x2.values),
        tolerance,
        image.expected);
  }

  private static Case image(JsonObject cases, String name, List<Layer> layers) {
    JsonObject expected = cases.getAsJsonObject(name);
    return new Case(
        name,
        layers,
        input(expected.getAsJsonArray("x1")),
        input(expected.getAsJsonArray("x2")),
        1e-10,
        expected);
  }

  private static Input input(JsonArray examples) {
    List<Integer> shape = new ArrayList<>();
    for (JsonElement at = examples.get(0); at.isJsonArray(); at = at.getAsJsonArray().get(0)) {
      shape.add(at.getAsJsonArray().size());
    }
    List<JsonElement> values = new ArrayList<>();
    flatten(examples, values);
    return new Input(
        shape.stream().mapToInt(Integer::intValue).toArray(),
        values.stream().mapToDouble(JsonElement::getAsDouble).toArray());
  }

  private static void flatten(JsonElement array, List<JsonElement> into) {
    if (array.isJsonArray()) {
      array.getAsJsonArray().forEach(element -> flatten(element, into));
    } else {
      into.add(array);
    }
  }

  private static JsonObject read(String file) {
    try (InputStreamReader reader =
        new InputStreamReader(
            NetworkReferenceTest.class.getResourceAsStream("/reference/" + file),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
