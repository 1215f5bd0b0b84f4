package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.transform.Transforms;

/** The kernels of small networks against PyTorch's, in total and parameter by parameter. */
class ReferenceKernelTest {
  private static final Parametrization NTK = new Parametrization.Ntk(1.3, 0.3);
  private static final Parametrization P = Parametrization.STANDARD;
  private static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);

  @ParameterizedTest
  @CsvSource({
    "mlp_relu_ntk, FLOAT64, 1e-10", "mlp_relu_ntk, FLOAT32, 1e-4",
    "mlp_erf_ntk, FLOAT64, 1e-10", "mlp_erf_ntk, FLOAT32, 1e-4",
    "mlp_tanh_standard, FLOAT64, 1e-10", "mlp_tanh_standard, FLOAT32, 1e-4",
    "mlp_gelu_standard, FLOAT64, 1e-10", "mlp_gelu_standard, FLOAT32, 1e-4",
    "cnn_bn_pool, FLOAT64, 1e-10", "cnn_bn_pool, FLOAT32, 1e-4",
    "residual_block, FLOAT64, 1e-10", "residual_block, FLOAT32, 1e-4",
    "depthwise_concat, FLOAT64, 1e-10", "depthwise_concat, FLOAT32, 1e-4",
  })
  void kernelsAgree(String name, Precision precision, double tolerance) throws IOException {
    JsonObject reference = reference(name);
    double[] x1 = array(reference.get("x1"));
    double[] x2 = array(reference.get("x2"));
    int[] shape = shape(reference.get("x1"));
    int n1 = shape[0];
    int n2 = shape(reference.get("x2"))[0];
    int[] example = java.util.Arrays.copyOfRange(shape, 1, shape.length);
    try (GraphModel model = network(name).build(example, precision, 0, DeviceChoice.AUTO)) {
      model.assign(variables(reference));
      assertClose(array(reference.get("outputs_x1")), model.predict(x1, n1), tolerance, "f");
      try (EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
        assertEquals(List.of(), ntk.unrecognised());
        assertClose(array(reference.get("ntk")), ntk.matrix(x1, n1, x2, n2), tolerance, "ntk");
        assertClose(
            array(reference.get("ntk_self")), ntk.matrix(x1, n1, x1, n1), tolerance, "self");
        JsonObject byParameter = reference.getAsJsonObject("ntk_by_parameter");
        Map<String, double[]> parts = ntk.matrixByParameter(x1, n1, x2, n2);
        assertEquals(byParameter.size(), parts.size());
        for (var entry : byParameter.entrySet()) {
          assertClose(
              array(entry.getValue()), parts.get(ours(entry.getKey())), tolerance, entry.getKey());
        }
      }
    }
  }

  /** Jv and Jᵀu of the same networks, by forward and reverse mode. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp_relu_ntk",
        "mlp_erf_ntk",
        "mlp_tanh_standard",
        "mlp_gelu_standard",
        "cnn_bn_pool",
        "residual_block",
        "depthwise_concat"
      })
  void productsWithTheJacobianAgree(String name) throws IOException {
    JsonObject reference = reference(name);
    int[] shape = shape(reference.get("x1"));
    int[] example = java.util.Arrays.copyOfRange(shape, 1, shape.length);
    try (GraphModel model = network(name).build(example, Precision.FLOAT64, 0, DeviceChoice.AUTO)) {
      model.assign(variables(reference));
      Ops tf = model.tf();
      Map<String, double[]> tangents = new HashMap<>();
      for (var entry : reference.getAsJsonObject("v").entrySet()) {
        tangents.put(ours(entry.getKey()), array(entry.getValue()));
      }
      List<Operand<?>> w = new ArrayList<>();
      List<Operand<?>> v = new ArrayList<>();
      for (Parameter parameter : model.parameters()) {
        w.add(parameter.value());
        v.add(
            tf.reshape(
                tf.constant(tangents.get(parameter.name())),
                tf.constant(parameter.spec().shape())));
      }
      var u =
          tf.reshape(tf.constant(array(reference.get("u"))), tf.constant(new int[] {shape[0], -1}));
      List<Operand<?>> fetches = new ArrayList<>();
      fetches.addAll(Transforms.jvp(tf, List.of(model.output()), w, v));
      fetches.addAll(Transforms.vjp(tf, List.of(model.output()), w, List.of(u)));
      Map<String, double[]> vjp = new HashMap<>();
      for (var entry : reference.getAsJsonObject("vjp_u").entrySet()) {
        vjp.put(ours(entry.getKey()), array(entry.getValue()));
      }
      try (Tensor x = model.inputTensor(array(reference.get("x1")), shape[0])) {
        var runner = model.session().runner().feed(model.onlyInput().placeholder(), x);
        fetches.forEach(runner::fetch);
        try (var result = runner.run()) {
          double[] jv = Tensors.toDoubles(result.get(0));
          assertClose(array(reference.get("jvp_v")), jv, 1e-10, "jvp");
          for (int k = 0; k < w.size(); k++) {
            String parameter = model.parameters().get(k).name();
            double[] gradient = Tensors.toDoubles(result.get(k + 1));
            assertClose(vjp.get(parameter), gradient, 1e-10, parameter);
          }
        }
      }
    }
  }

  static Network network(String name) {
    return switch (name) {
      case "mlp_relu_ntk" -> Networks.mlp(List.of(7, 6), Activation.RELU, 3, NTK);
      case "mlp_erf_ntk" -> Networks.mlp(List.of(7, 6), Activation.ERF, 3, NTK);
      case "mlp_tanh_standard" -> Networks.mlp(List.of(7, 6), Activation.TANH, 3, P);
      case "mlp_gelu_standard" -> Networks.mlp(List.of(7, 6), Activation.GELU, 3, P);
      case "cnn_bn_pool" ->
          new Network(
              name,
              List.of(
                  new Layer.Conv(4, 3, 1, 1, true, P),
                  new Layer.BatchNorm(),
                  RELU,
                  new Layer.MaxPool(2, 2),
                  new Layer.Conv(6, 3, 2, 1, true, P),
                  RELU,
                  new Layer.GlobalAveragePool(),
                  new Layer.Dense(3, true, P)));
      case "residual_block" ->
          new Network(
              name,
              List.of(
                  new Layer.Residual(
                      List.of(
                          new Layer.Conv(4, 3, 2, 1, false, P),
                          new Layer.BatchNorm(),
                          RELU,
                          new Layer.Conv(4, 3, 1, 1, false, P),
                          new Layer.BatchNorm()),
                      List.of(new Layer.Conv(4, 1, 2, 0, false, P), new Layer.BatchNorm())),
                  RELU,
                  new Layer.Flatten(),
                  new Layer.Dense(4, true, P)));
      case "depthwise_concat" ->
          new Network(
              name,
              List.of(
                  new Layer.DepthwiseConv(2, 3, 1, 1, false, P),
                  new Layer.Conv(5, 1, 1, 0, false, P),
                  new Layer.BatchNorm(),
                  new Layer.Scale(4),
                  new Layer.Nonlinearity(Activation.RELU6),
                  new Layer.Concat(
                      List.of(List.of(new Layer.Conv(3, 3, 1, 1, false, P)), List.of())),
                  new Layer.AveragePool(2, 2),
                  new Layer.GlobalAveragePool(),
                  new Layer.Dense(2, true, P)));
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The reference's own names for the layers, as ours. */
  private static String ours(String name) {
    return name.replace("dense/", "dense0/")
        .replace("depthwise/", "depthwise0/")
        .replace("pointwise/", "conv0/")
        .replace("grow/", "conv1/")
        .replace("shortcut/", "conv2/");
  }

  static Map<String, double[]> variables(JsonObject reference) {
    Map<String, double[]> values = new HashMap<>();
    for (String group : List.of("parameters", "statistics")) {
      for (var entry : reference.getAsJsonObject(group).entrySet()) {
        values.put(ours(entry.getKey()), array(entry.getValue()));
      }
    }
    return values;
  }

  static void assertClose(double[] expected, double[] found, double tolerance, String what) {
    assertEquals(expected.length, found.length, what);
    double norm = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      norm += expected[i] * expected[i];
      error += Math.pow(expected[i] - found[i], 2);
    }
    double relative = Math.sqrt(error / norm);
    assertTrue(relative <= tolerance, () -> what + ": relative error " + relative);
  }

  static JsonObject reference(String name) throws IOException {
    try (Reader in =
        new InputStreamReader(
            ReferenceKernelTest.class.getResourceAsStream("/reference/empirical_" + name + ".json"),
            StandardCharsets.UTF_8)) {
      return JsonParser.parseReader(in).getAsJsonObject();
    }
  }

  static double[] array(JsonElement element) {
    var data = element.getAsJsonObject().getAsJsonArray("data");
    double[] values = new double[data.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = data.get(i).getAsDouble();
    }
    return values;
  }

  static int[] shape(JsonElement element) {
    var data = element.getAsJsonObject().getAsJsonArray("shape");
    int[] shape = new int[data.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = data.get(i).getAsInt();
    }
    return shape;
  }
}
