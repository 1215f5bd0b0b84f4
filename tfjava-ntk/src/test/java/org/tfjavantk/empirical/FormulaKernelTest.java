package org.tfjavantk.empirical;

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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;

/**
 * Whole kernels of LeNet and ResNet-9 against PyTorch's, entry by entry, for weights and images
 * given by formulas: those of {@code benchmarks/peers/torch_kernel.py}, which made the kernels.
 */
class FormulaKernelTest {
  private static final int SIZE = 32;
  private static final int[] IMAGE = {SIZE, SIZE, 3};
  private static final int N = 4;
  private static final Parametrization P = Parametrization.STANDARD;

  @ParameterizedTest
  @CsvSource({
    "lenet, FLOAT64, 1e-9", "lenet, FLOAT32, 1e-4",
    "resnet9-8, FLOAT64, 1e-9", "resnet9-8, FLOAT32, 1e-4",
    "resnet9-64, FLOAT64, 1e-9", "resnet9-64, FLOAT32, 1e-4",
  })
  void everyEntryAgrees(String name, Precision precision, double tolerance) throws IOException {
    JsonObject reference = reference(name);
    try (GraphModel model = network(name).build(IMAGE, precision, 0, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertEquals(reference.get("parameters").getAsLong(), model.parameterCount());
      model.assign(weights(reference.getAsJsonArray("layers"), model));
      double[] x = images();
      double logits = error(numbers(reference, "logits"), model.predict(x, N));
      assertTrue(logits <= tolerance, () -> "logits: " + logits);
      double[] theta = ntk.matrix(x, N, x, N);
      double error = error(numbers(reference, "kernel"), theta);
      assertTrue(error <= tolerance, () -> "kernel: " + error);
      double trace = 0;
      int rows = N * model.outputs();
      for (int k = 0; k < rows; k++) {
        trace += theta[k * rows + k];
      }
      assertEquals(1, trace / reference.get("trace").getAsDouble(), tolerance);
    }
  }

  @Test
  void aChangedStatisticWouldBeSeen() throws IOException {
    JsonObject reference = reference("resnet9-8");
    try (GraphModel model =
            network("resnet9-8").build(IMAGE, Precision.FLOAT64, 0, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      Map<String, double[]> weights = weights(reference.getAsJsonArray("layers"), model);
      weights.get("bn3/variance")[2] += 1e-4;
      model.assign(weights);
      double[] x = images();
      assertTrue(error(numbers(reference, "kernel"), ntk.matrix(x, N, x, N)) > 1e-8);
    }
  }

  private static Network network(String name) {
    return name.equals("lenet")
        ? Networks.lenet(10, P)
        : Networks.resnet9(Integer.parseInt(name.substring("resnet9-".length())), 10, P);
  }

  /** The largest difference, relative to the largest entry. */
  private static double error(double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    double error = 0;
    double largest = 0;
    for (int k = 0; k < expected.length; k++) {
      // Math.max hands a NaN on.
      error = Math.max(error, Math.abs(expected[k] - found[k]));
      largest = Math.max(largest, Math.abs(expected[k]));
    }
    return error / largest;
  }

  /** x_i[h, w, c] = sin((0.3 + 0.05 i) h + (0.2 + 0.03 i) w + c). */
  private static double[] images() {
    double[] x = new double[N * SIZE * SIZE * 3];
    Arrays.setAll(
        x,
        k -> {
          int w = k / 3 % SIZE;
          int h = k / 3 / SIZE % SIZE;
          int i = k / 3 / SIZE / SIZE;
          return Math.sin((0.3 + 0.05 * i) * h + (0.2 + 0.03 * i) * w + k % 3);
        });
    return x;
  }

  private static Map<String, double[]> weights(JsonArray layers, GraphModel model) {
    Map<String, Parameter> variables = new HashMap<>();
    model.variables().forEach(variable -> variables.put(variable.name(), variable));
    Map<String, double[]> values = new HashMap<>();
    Map<String, Integer> seen = new HashMap<>();
    int channels = IMAGE[2];
    for (int at = 0; at < layers.size(); at++) {
      JsonArray layer = layers.get(at).getAsJsonArray();
      int outputs = layer.get(1).getAsJsonArray().get(0).getAsInt();
      String kind =
          switch (layer.get(0).getAsString()) {
            case "linear" -> "dense";
            case "batch_norm" -> "bn";
            default -> "conv";
          };
      String name = kind + (seen.merge(kind, 1, Integer::sum) - 1) + "/";
      for (Parameter variable : variables.values()) {
        if (variable.name().startsWith(name)) {
          String part = variable.name().substring(name.length());
          int[] shape = variable.spec().shape();
          double[] v = new double[variable.spec().size()];
          fill(v, at, kind, part, shape, channels);
          values.put(variable.name(), v);
        }
      }
      channels = outputs;
    }
    assertEquals(variables.keySet(), values.keySet());
    return values;
  }

  /** The values of one variable of the layer at position {@code at}, by the formulas. */
  private static void fill(
      double[] v, int at, String kind, String part, int[] shape, int channelsBefore) {
    switch (kind + "/" + part) {
      case "conv/kernel" -> {
        int size = shape[0];
        int in = shape[2];
        int out = shape[3];
        double scale = Math.sqrt(2.0 / (in * size * size)) * Math.sqrt(2);
        Arrays.setAll(
            v,
            k -> {
              int b = k / out / in % size;
              int a = k / out / in / size;
              return scale * Math.sin(phase(at, k % out, k / out % in) + 2.1 * a + 3.7 * b);
            });
      }
      case "dense/kernel" -> {
        int in = shape[0];
        int out = shape[1];
        // The formulas count what comes from an image channel-major; a vector has one pixel.
        int pixels = in / channelsBefore;
        double scale = Math.sqrt(1.0 / in) * Math.sqrt(2);
        Arrays.setAll(
            v,
            k -> {
              int j = k / out;
              int i = j % channelsBefore * pixels + j / channelsBefore;
              return scale * Math.sin(phase(at, k % out, i));
            });
      }
      case "bn/gamma" -> Arrays.setAll(v, c -> 1 + 0.1 * Math.sin(at + c));
      case "bn/beta" -> Arrays.setAll(v, c -> 0.1 * Math.cos(at + c));
      case "bn/mean" -> Arrays.setAll(v, c -> 0.05 * Math.sin(at + 2 * c));
      case "bn/variance" -> Arrays.setAll(v, c -> 1 + 0.2 * Math.pow(Math.cos(at + 3 * c), 2));
      default -> Arrays.setAll(v, o -> 0.1 * Math.cos(at + 0.5 * o));
    }
  }

  private static double phase(int at, int output, int input) {
    return 1 + at + 0.7 * output + 1.3 * input * (1 + 0.01 * output);
  }

  private static double[] numbers(JsonObject reference, String field) {
    JsonArray data = reference.getAsJsonArray(field);
    double[] values = new double[data.size()];
    Arrays.setAll(values, k -> data.get(k).getAsDouble());
    return values;
  }

  private static JsonObject reference(String name) throws IOException {
    try (Reader in =
        new InputStreamReader(
            FormulaKernelTest.class.getResourceAsStream("/reference/kernel_" + name + ".json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject();
    }
  }
}
