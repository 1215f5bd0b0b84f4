package org.tfjavantk.graphs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Parameter counts and float64 logits against PyTorch, for weights and an image given by formulas.
 */
class ZooTest {
  private static final int[] IMAGE = {32, 32, 3};

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logistic", "lenet", "resnet9", "resnet18", "resnet34", "resnet50", "resnet68",
        "resnet101", "resnet152", "mobilenet", "mobilenetv2", "vgg11", "vgg13", "wrn-28-2",
        "wrn-28-5", "wrn-28-10", "densenet121"
      })
  void logitsAgreeWithPyTorch(String name) throws IOException {
    JsonObject expected = reference().getAsJsonObject("models").getAsJsonObject(name);
    Network network = network(name);
    try (GraphModel model = network.build(IMAGE, Precision.FLOAT64, 0, DeviceChoice.AUTO)) {
      assertEquals(expected.get("parameters").getAsLong(), model.parameterCount());
      model.assign(weights(expected.getAsJsonArray("layers"), model));
      double[] logits = model.predict(image(), 1);
      JsonArray wanted = expected.getAsJsonArray("logits");
      double largest = 0;
      for (var w : wanted) {
        largest = Math.max(largest, Math.abs(w.getAsDouble()));
      }
      for (int c = 0; c < 10; c++) {
        assertEquals(wanted.get(c).getAsDouble(), logits[c], 1e-9 * largest);
      }
    }
  }

  @Test
  void aChangedWeightWouldBeSeen() throws IOException {
    JsonObject expected = reference().getAsJsonObject("models").getAsJsonObject("lenet");
    try (GraphModel model =
        network("lenet").build(IMAGE, Precision.FLOAT64, 0, DeviceChoice.AUTO)) {
      Map<String, double[]> weights = weights(expected.getAsJsonArray("layers"), model);
      weights.get("conv0/kernel")[7] += 1e-3;
      model.assign(weights);
      double[] logits = model.predict(image(), 1);
      assertTrue(
          Math.abs(logits[0] - expected.getAsJsonArray("logits").get(0).getAsDouble()) > 1e-9);
    }
  }

  private static Network network(String name) {
    return switch (name) {
      case "logistic" -> Networks.logistic(10, Parametrization.STANDARD);
      case "lenet" -> Networks.lenet(10, Parametrization.STANDARD);
      case "mobilenet" -> Networks.mobilenet(10, Parametrization.STANDARD);
      case "mobilenetv2" -> Networks.mobilenetV2(10, Parametrization.STANDARD);
      case "densenet121" -> Networks.densenet121(10, Parametrization.STANDARD);
      default -> {
        int number = Integer.parseInt(name.replaceFirst("^(resnet|vgg|wrn-28-)", ""));
        yield switch (name.charAt(0)) {
          case 'r' -> Networks.resnet(number, 64, 10, Parametrization.STANDARD);
          case 'v' -> Networks.vgg(number, 10, Parametrization.STANDARD);
          default -> Networks.wrn28(number, 10, Parametrization.STANDARD);
        };
      }
    };
  }

  private static JsonObject reference() throws IOException {
    try (Reader in =
        new InputStreamReader(
            ZooTest.class.getResourceAsStream("/reference/zoo.json"), StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject();
    }
  }

  /** x[h, w, c] = sin(0.3 h + 0.2 w + c). */
  private static double[] image() {
    double[] x = new double[Shapes.size(IMAGE)];
    for (int h = 0, k = 0; h < 32; h++) {
      for (int w = 0; w < 32; w++) {
        for (int c = 0; c < 3; c++) {
          x[k++] = Math.sin(0.3 * h + 0.2 * w + c);
        }
      }
    }
    return x;
  }

  /** The formulas of the reference, with L the position of the layer in the list. */
  private static Map<String, double[]> weights(JsonArray layers, GraphModel model) {
    Map<String, double[]> values = new LinkedHashMap<>();
    Map<String, Integer> seen = new LinkedHashMap<>();
    List<Parameter> variables = model.variables();
    int[] channelsBefore = {3};
    for (int l = 0; l < layers.size(); l++) {
      String kind = layers.get(l).getAsJsonArray().get(0).getAsString();
      JsonObject about = layers.get(l).getAsJsonArray().get(1).getAsJsonObject();
      String prefix =
          kind.equals("linear")
              ? "dense"
              : kind.equals("batch_norm")
                  ? "bn"
                  : about.get("groups").getAsInt() == 1 ? "conv" : "depthwise";
      String name = prefix + (seen.merge(prefix, 1, Integer::sum) - 1);
      for (Parameter variable : variables) {
        if (variable.name().startsWith(name + "/")) {
          values.put(variable.name(), values(variable, l, kind, about, channelsBefore[0]));
        }
      }
      if (kind.equals("conv")) {
        channelsBefore[0] = about.get("out").getAsInt();
      }
    }
    assertEquals(variables.size(), values.size());
    return values;
  }

  private static double[] values(
      Parameter variable, int l, String kind, JsonObject about, int channels) {
    int[] shape = variable.spec().shape();
    double[] v = new double[variable.spec().size()];
    String part = variable.name().substring(variable.name().indexOf('/') + 1);
    if (kind.equals("batch_norm")) {
      for (int c = 0; c < v.length; c++) {
        v[c] =
            switch (part) {
              case "gamma" -> 1 + 0.1 * Math.sin(l + c);
              case "beta" -> 0.1 * Math.cos(l + c);
              case "mean" -> 0.05 * Math.sin(l + 2 * c);
              default -> 1 + 0.2 * Math.pow(Math.cos(l + 3 * c), 2);
            };
      }
    } else if (part.equals("bias")) {
      for (int o = 0; o < v.length; o++) {
        v[o] = 0.1 * Math.cos(l + 0.5 * o);
      }
    } else if (kind.equals("conv")) {
      int size = shape[0];
      // A depthwise kernel (size, size, channels, 1) is one of `channels` groups of one channel.
      boolean depthwise = about.get("groups").getAsInt() > 1;
      int in = depthwise ? 1 : shape[2];
      int out = depthwise ? shape[2] : shape[3];
      double scale = Math.sqrt(2.0 / (in * size * size)) * Math.sqrt(2);
      Arrays.parallelSetAll(
          v,
          k -> {
            int o = k % out;
            int i = k / out % in;
            int b = k / out / in % size;
            int a = k / out / in / size;
            return scale * Math.sin(1 + l + 0.7 * o + 1.3 * i * (1 + 0.01 * o) + 2.1 * a + 3.7 * b);
          });
    } else {
      int in = shape[0];
      int out = shape[1];
      // The reference counts the inputs channel-major, we count them (h, w, c).
      int c = channels;
      boolean image = about.get("in").getAsInt() % c == 0 && in > c;
      int pixels = image && (in == 3072 || in == 400) ? in / c : 1;
      for (int k = 0; k < v.length; k++) {
        int o = k % out;
        int j = k / out;
        int i = pixels == 1 ? j : j % c * pixels + j / c;
        v[k] =
            Math.sqrt(1.0 / in)
                * Math.sqrt(2)
                * Math.sin(1 + l + 0.7 * o + 1.3 * i * (1 + 0.01 * o));
      }
    }
    return v;
  }
}
