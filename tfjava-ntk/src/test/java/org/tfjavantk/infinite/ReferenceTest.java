package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;

/** Kernels of dense networks with every nonlinearity against other implementations' values. */
class ReferenceTest {
  /** A dense network: dense layers, with nonlinearities (or null for none) between them. */
  private record Case(
      String name,
      double[][] x1,
      double[][] x2,
      List<Dense> dense,
      List<Activation> activations,
      double tolerance,
      Map<String, JsonElement> expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Dense(double weightStd, double biasStd) {}

  /** NNGP and NTK of one pair. */
  private record Kernels(double nngp, double ntk) {}

  static Stream<Case> stax() {
    JsonObject file = read("stax_kernels.json");
    return elements(file.getAsJsonArray("cases"))
        .map(JsonElement::getAsJsonObject)
        .filter(ReferenceTest::isDenseNetwork)
        .map(ReferenceTest::staxCase);
  }

  static Stream<Case> recursion() {
    JsonObject cases = read("infinite_width.json").getAsJsonObject("cases");
    return Stream.of(
        recursion(cases, "mlp_relu_depth4", 4, 1.189, 0.401, Activation.RELU, 1e-10),
        recursion(
            cases,
            "mlp_leaky_relu(0.1)_depth1",
            1,
            1.703,
            0.051,
            new Activation.LeakyRelu(0.1),
            1e-10),
        recursion(cases, "mlp_abs_depth1", 1, 1.536, 0.335, Activation.ABS, 1e-10),
        recursion(cases, "mlp_erf_depth3", 3, 1.071, 0.084, Activation.ERF, 1e-10),
        recursion(cases, "mlp_sin_depth1", 1, 1.698, 0.282, Activation.SIN, 1e-10),
        recursion(cases, "mlp_gelu_depth2", 2, 1.347, 0.218, Activation.GELU, 1e-7),
        // Their 120 points are 1.2e-7 off at the largest variance; see QuadratureTest.
        recursion(cases, "mlp_tanh_depth1", 1, 1.401, 0.463, Activation.TANH, 2e-7));
  }

  @Test
  void noCaseIsLeftOut() {
    assertEquals(39, stax().count());
  }

  @ParameterizedTest
  @MethodSource({"stax", "recursion"})
  void kernelsAgree(Case network) {
    network.expected.forEach(
        (which, expected) -> {
          boolean self = which.endsWith("_self") || which.endsWith("_x1");
          double[][] x2 = self ? network.x1 : network.x2;
          double[][] found = new double[network.x1.length][x2.length];
          for (int i = 0; i < found.length; i++) {
            for (int j = 0; j < x2.length; j++) {
              Kernels kernels = kernels(network, network.x1[i], x2[j]);
              found[i][j] = which.startsWith("nngp") ? kernels.nngp : kernels.ntk;
            }
          }
          compare(expected.getAsJsonArray(), found, network.tolerance, which);
        });
  }

  /** Entries that the other implementation could not compute must still be numbers. */
  private static void compare(
      JsonArray expected, double[][] found, double tolerance, String which) {
    double size =
        elements(expected)
            .flatMap(row -> elements(row.getAsJsonArray()))
            .filter(value -> !value.isJsonNull())
            .mapToDouble(value -> Math.abs(value.getAsDouble()))
            .max()
            .orElseThrow();
    for (int i = 0; i < found.length; i++) {
      for (int j = 0; j < found[i].length; j++) {
        JsonElement value = expected.get(i).getAsJsonArray().get(j);
        String where = which + "[" + i + "][" + j + "]";
        if (value.isJsonNull()) {
          assertTrue(Double.isFinite(found[i][j]), where);
        } else {
          assertEquals(value.getAsDouble(), found[i][j], tolerance * size, where);
        }
      }
    }
  }

  private static Kernels kernels(Case network, double[] x, double[] y) {
    double v1 = inner(x, x);
    double v2 = inner(y, y);
    double k = inner(x, y);
    boolean same = x == y;
    double ntk = 0;
    for (int layer = 0; layer < network.dense.size(); layer++) {
      Dense dense = network.dense.get(layer);
      double w2 = dense.weightStd * dense.weightStd;
      double b2 = dense.biasStd * dense.biasStd;
      v1 = w2 * v1 + b2;
      v2 = w2 * v2 + b2;
      k = w2 * k + b2;
      ntk = w2 * ntk + k;
      Activation activation =
          layer < network.activations.size() ? network.activations.get(layer) : null;
      if (activation != null) {
        Dual dual = Dual.of(activation);
        ntk *= same ? dual.derivativeVariance(v1) : dual.derivative(v1, v2, k);
        k = same ? dual.variance(v1) : dual.nngp(v1, v2, k);
        v1 = dual.variance(v1);
        v2 = dual.variance(v2);
      }
    }
    return new Kernels(k, ntk);
  }

  private static double inner(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum / x.length;
  }

  private static boolean isDenseNetwork(JsonObject network) {
    return network.get("name").getAsString().startsWith("vec_")
        && elements(network.getAsJsonArray("layers"))
            .map(JsonElement::getAsJsonObject)
            .allMatch(
                layer ->
                    layer.get("type").getAsString().equals("Dense")
                        ? !layer.has("parameterization")
                        : isNonlinearity(layer));
  }

  private static boolean isNonlinearity(JsonObject layer) {
    return switch (layer.get("type").getAsString()) {
      case "LayerNorm",
              "Dropout",
              "FanOut",
              "parallel",
              "repeat",
              "FanInSum",
              "FanInProd",
              "FanInConcat" ->
          false;
      default -> true;
    };
  }

  private static Case staxCase(JsonObject network) {
    List<Dense> dense = new ArrayList<>();
    List<Activation> activations = new ArrayList<>();
    double tolerance = 1e-8;
    for (JsonElement element : network.getAsJsonArray("layers")) {
      JsonObject layer = element.getAsJsonObject();
      if (layer.get("type").getAsString().equals("Dense")) {
        JsonElement bias = layer.get("b_std");
        dense.add(
            new Dense(
                layer.get("W_std").getAsDouble(), bias.isJsonNull() ? 0 : bias.getAsDouble()));
        if (dense.size() > activations.size() + 1) {
          activations.add(null);
        }
      } else {
        activations.add(activation(layer));
        if (layer.has("fn")) {
          tolerance = 2e-4; // their quadrature
        }
      }
    }
    assertEquals("vec6", network.get("inputs").getAsString());
    return new Case(
        network.get("name").getAsString(),
        vec6(3, 0),
        vec6(2, 0.5),
        dense,
        activations,
        tolerance,
        Map.of(
            "nngp", network.get("nngp"),
            "ntk", network.get("ntk"),
            "nngp_self", network.get("nngp_self"),
            "ntk_self", network.get("ntk_self")));
  }

  private static Activation activation(JsonObject layer) {
    return switch (layer.get("type").getAsString()) {
      case "Identity" -> null;
      case "Relu" -> Activation.RELU;
      case "LeakyRelu" -> new Activation.LeakyRelu(number(layer, "alpha", 0));
      case "ABRelu" -> new Activation.AbRelu(number(layer, "a", 0), number(layer, "b", 0));
      case "Abs" -> Activation.ABS;
      case "Sign" -> Activation.SIGN;
      case "Erf" ->
          new Activation.Erf(number(layer, "a", 1), number(layer, "b", 1), number(layer, "c", 0));
      case "Sigmoid_like" -> Activation.SIGMOID_LIKE;
      case "Gelu" -> Activation.GELU;
      case "Sin" ->
          new Activation.Sin(number(layer, "a", 1), number(layer, "b", 1), number(layer, "c", 0));
      case "Cos" ->
          new Activation.Cos(number(layer, "a", 1), number(layer, "b", 1), number(layer, "c", 0));
      case "Rbf" -> new Activation.Rbf(number(layer, "gamma", 1));
      case "Exp" -> new Activation.Exp(number(layer, "a", 1), number(layer, "b", 1));
      case "Gaussian" -> new Activation.Gaussian(number(layer, "a", 1), number(layer, "b", -1));
      case "ExpNormalized" ->
          new Activation.ExpNormalized(number(layer, "gamma", 1), number(layer, "shift", -1));
      case "Gabor" -> Activation.GABOR;
      case "Hermite" -> new Activation.Hermite(layer.get("degree").getAsInt());
      case "Monomial" -> new Activation.Monomial(layer.get("degree").getAsInt());
      case "RectifiedMonomial" -> new Activation.RectifiedMonomial(layer.get("degree").getAsInt());
      case "Polynomial" ->
          new Activation.Polynomial(
              elements(layer.getAsJsonArray("coef")).map(JsonElement::getAsDouble).toList());
      case "ElementwiseNumerical" ->
          layer.get("fn").getAsString().equals("tanh") ? Activation.TANH : Activation.SOFTPLUS;
      default -> throw new AssertionError(layer);
    };
  }

  private static double number(JsonObject layer, String name, double otherwise) {
    return layer.has(name) ? layer.get(name).getAsDouble() : otherwise;
  }

  private static double[][] vec6(int n, double offset) {
    double[][] x = new double[n][6];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 6; j++) {
        x[i][j] = Math.sin(1.3 * (i + 1) * (j + 1) + offset) + 0.3 * Math.cos(0.7 * (j + 1) + i);
      }
    }
    return x;
  }

  private static Case recursion(
      JsonObject cases,
      String name,
      int depth,
      double weightStd,
      double biasStd,
      Activation activation,
      double tolerance) {
    JsonObject reference = cases.getAsJsonObject(name);
    List<Dense> dense = new ArrayList<>();
    List<Activation> activations = new ArrayList<>();
    for (int layer = 0; layer <= depth; layer++) {
      dense.add(new Dense(weightStd, biasStd));
      if (layer < depth) {
        activations.add(activation);
      }
    }
    return new Case(
        name,
        vectors(reference.getAsJsonArray("x1")),
        vectors(reference.getAsJsonArray("x2")),
        dense,
        activations,
        tolerance,
        Map.of(
            "nngp", reference.get("nngp"),
            "ntk", reference.get("ntk"),
            "nngp_x1_x1", reference.get("nngp_x1_x1")));
  }

  /** Images of one pixel. */
  private static double[][] vectors(JsonArray images) {
    return elements(images)
        .map(image -> image.getAsJsonArray().get(0).getAsJsonArray().get(0).getAsJsonArray())
        .map(pixel -> elements(pixel).mapToDouble(JsonElement::getAsDouble).toArray())
        .toArray(double[][]::new);
  }

  private static Stream<JsonElement> elements(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static JsonObject read(String file) {
    try (Reader reader =
        new InputStreamReader(
            ReferenceTest.class.getResourceAsStream("/reference/" + file),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(reader).getAsJsonObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
