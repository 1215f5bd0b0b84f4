package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.SlabStack.Conv;
import org.tfjavantk.infinite.SlabStack.Stage;
import org.tfjavantk.infinite.SlabStack.Top;

/** Against kernels that other programs have computed. */
class SlabReferenceTest {
  private static final double EXACT = 1e-10;

  private static JsonObject read(String name) throws IOException {
    try (InputStream in = SlabReferenceTest.class.getResourceAsStream("/reference/" + name)) {
      assertNotNull(in, name);
      return JsonParser.parseReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .getAsJsonObject();
    }
  }

  private static void compare(
      SlabStack stack, List<double[]> x1, List<double[]> x2, JsonObject expected, String self) {
    for (Precision precision : Precision.values()) {
      double tolerance = precision == Precision.FLOAT64 ? EXACT : 2e-6;
      SlabKernel kernel = new SlabKernel(stack, precision);
      List<SlabExample> rows = kernel.prepare(x1);
      SlabTile tile = kernel.tile(rows, kernel.prepare(x2), pairs -> {});
      close(expected.getAsJsonArray("nngp"), tile.nngp(), tolerance);
      close(expected.getAsJsonArray("ntk"), tile.ntk(), tolerance);
      SlabTile ofOne = kernel.tile(rows, rows, pairs -> {});
      close(expected.getAsJsonArray(self), ofOne.nngp(), tolerance);
    }
  }

  private static void close(JsonArray expected, double[] actual, double tolerance) {
    double[] values = flat(expected);
    assertEquals(values.length, actual.length);
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], actual[i], tolerance * largest);
    }
  }

  private static double[] flat(JsonElement element) {
    List<Double> values = new ArrayList<>();
    collect(element, values);
    return values.stream().mapToDouble(v -> v).toArray();
  }

  private static void collect(JsonElement element, List<Double> into) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(e -> collect(e, into));
    } else {
      into.add(element.getAsDouble());
    }
  }

  private static List<double[]> images(JsonElement images) {
    List<double[]> list = new ArrayList<>();
    images.getAsJsonArray().forEach(image -> list.add(flat(image)));
    return list;
  }

  @ParameterizedTest
  @CsvSource({"cnn_flatten_same, FLATTEN", "cnn_gap_same, AVERAGE"})
  void threeConvolutions(String name, Top top) throws IOException {
    JsonObject expected =
        read("infinite_width.json").getAsJsonObject("cases").getAsJsonObject(name);
    Conv conv = new Conv(3, 1.4 * 1.4, 0.1 * 0.1);
    SlabStack stack =
        new SlabStack(4, 4, 3, List.of(new Stage(List.of(conv, conv, conv), 1)), top, 1, 0);
    compare(stack, images(expected.get("x1")), images(expected.get("x2")), expected, "nngp_x1_x1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"img_conv_same_flatten", "img_conv_same_gap", "img_avgpool", "myrtle5"})
  void theArchivedLibrary(String name) throws IOException {
    JsonObject file = read("stax_kernels.json");
    JsonObject expected = null;
    for (JsonElement element : file.getAsJsonArray("cases")) {
      if (element.getAsJsonObject().get("name").getAsString().equals(name)) {
        expected = element.getAsJsonObject();
      }
    }
    assertNotNull(expected);
    JsonObject inputs =
        file.getAsJsonObject("inputs").getAsJsonObject(expected.get("inputs").getAsString());
    JsonArray image = inputs.getAsJsonArray("x1").get(0).getAsJsonArray();
    SlabStack stack =
        stack(
            expected.getAsJsonArray("layers"),
            image.size(),
            image.get(0).getAsJsonArray().size(),
            image.get(0).getAsJsonArray().get(0).getAsJsonArray().size());
    compare(stack, images(inputs.get("x1")), images(inputs.get("x2")), expected, "nngp_self");
  }

  private static SlabStack stack(JsonArray layers, int h, int w, int channels) {
    List<Stage> stages = new ArrayList<>();
    List<Conv> convs = new ArrayList<>();
    Top top = null;
    JsonObject dense = null;
    for (JsonElement element : layers) {
      JsonObject layer = element.getAsJsonObject();
      switch (layer.get("type").getAsString()) {
        case "Conv" ->
            convs.add(
                new Conv(
                    layer.getAsJsonArray("filter_shape").get(0).getAsInt(),
                    square(layer, "W_std"),
                    square(layer, "b_std")));
        case "AvgPool" -> {
          stages.add(new Stage(convs, layer.getAsJsonArray("window_shape").get(0).getAsInt()));
          convs.clear();
        }
        case "GlobalAvgPool" -> top = Top.AVERAGE;
        case "Flatten" -> top = Top.FLATTEN;
        case "Dense" -> dense = layer;
        default -> assertEquals("Relu", layer.get("type").getAsString());
      }
    }
    stages.add(new Stage(convs, 1));
    return new SlabStack(
        h, w, channels, stages, top, square(dense, "W_std"), square(dense, "b_std"));
  }

  private static double square(JsonObject layer, String name) {
    double value = layer.get(name).getAsDouble();
    return value * value;
  }

  /** x_k[i, j, c] = sin(0.7 (k + 1) i + 0.4 j + c) cos(0.3 (k + 1) j) + 0.3 k, in plain NumPy. */
  @Test
  void myrtleOfThreeImages() {
    List<double[]> images = new ArrayList<>();
    for (int k = 0; k < 3; k++) {
      double[] image = new double[32 * 32 * 3];
      for (int at = 0; at < image.length; at++) {
        int i = at / 96;
        int j = at / 3 % 32;
        double wave = Math.sin(0.7 * (k + 1) * i + 0.4 * j + at % 3);
        image[at] = wave * Math.cos(0.3 * (k + 1) * j) + 0.3 * k;
      }
      images.add(image);
    }
    SlabKernel kernel = new SlabKernel(Stacks.myrtle(), Precision.FLOAT64);
    List<SlabExample> examples = kernel.prepare(images);
    SlabTile tile = kernel.tile(examples, examples, pairs -> {});
    double[] ntk = {
      1.409117145e-2,
      1.543028628e-2,
      2.028550618e-2,
      0,
      2.461590576e-2,
      3.473550550e-2,
      0,
      0,
      5.845050480e-2
    };
    double[] nngp = {5.670919987e-3, 6.498747436e-3, 0, 0, 0, 0, 0, 0, 1.768687499e-2};
    for (int i = 0; i < 9; i++) {
      if (ntk[i] > 0) {
        assertEquals(ntk[i], tile.ntk()[i], 1e-9 * ntk[i]);
      }
      if (nngp[i] > 0) {
        assertEquals(nngp[i], tile.nngp()[i], 1e-9 * nngp[i]);
      }
    }
  }
}
