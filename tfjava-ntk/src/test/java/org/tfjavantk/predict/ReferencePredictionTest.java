package org.tfjavantk.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.MatrixSource;

/** All cases of predict.json: values of neural-tangents, semantics in its {@code meta}. */
class ReferencePredictionTest {
  private static final double TOLERANCE = 1e-9;

  /** The tolerance of the integrator that made the values is 1.4e-8. */
  private static final double FLOW_TOLERANCE = 1e-6;

  private static final int VALUES = 16;
  private static final JsonObject ALL = read();

  private static JsonObject read() {
    try (Reader reader =
        new InputStreamReader(
            ReferencePredictionTest.class.getResourceAsStream("predict.json"),
            StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, JsonObject.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static double[][] array(JsonElement json) {
    return new Gson().fromJson(json, double[][].class);
  }

  private static double[][] input(String name) {
    return array(ALL.getAsJsonObject("inputs").get(name));
  }

  /** (rows, columns, o, o) to (rows · o) x (columns · o). */
  private static double[][] flattened(String name) {
    double[][][][] k =
        new Gson().fromJson(ALL.getAsJsonObject("inputs").get(name), double[][][][].class);
    int o = k[0][0].length;
    double[][] flat = new double[k.length * o][k[0].length * o];
    for (int i = 0; i < flat.length; i++) {
      for (int j = 0; j < flat[i].length; j++) {
        flat[i][j] = k[i / o][j / o][i % o][j % o];
      }
    }
    return flat;
  }

  private static double[][] column(double[][] values) {
    double[][] column = new double[values.length * values[0].length][1];
    for (int i = 0; i < column.length; i++) {
      column[i][0] = values[i / values[0].length][i % values[0].length];
    }
    return column;
  }

  private static List<JsonObject> cases(String function) {
    List<JsonObject> cases = new ArrayList<>();
    for (JsonElement element : ALL.getAsJsonArray("cases")) {
      JsonObject object = element.getAsJsonObject();
      if (object.get("fn").getAsString().equals(function)) {
        cases.add(object);
      }
    }
    assertTrue(!cases.isEmpty());
    return cases;
  }

  private static void assertClose(
      double[][] expected, double[][] found, double tolerance, String what) {
    double scale = 0;
    for (double[] row : expected) {
      for (double value : row) {
        scale = Math.max(scale, Math.abs(value));
      }
    }
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[i].length; j++) {
        assertEquals(
            expected[i][j],
            found[i][j],
            tolerance * Math.max(scale, 1e-3),
            what + " " + i + " " + j);
      }
    }
  }

  private static void verify(JsonObject json, String name, Matrix found) {
    try (found) {
      double[][] expected = array(json.get(name));
      double[][] values = found.toArrays();
      boolean column = expected.length != values.length;
      assertClose(
          column ? column(expected) : expected, values, TOLERANCE, name + " of " + about(json));
    }
  }

  private static String about(JsonObject json) {
    return json.get("fn") + " t " + json.get("t") + " reg " + json.get("diag_reg");
  }

  private static double time(JsonObject json) {
    return json.get("t").isJsonNull() ? Double.POSITIVE_INFINITY : json.get("t").getAsDouble();
  }

  private static double shift(JsonObject json, double[][] kernel) {
    double regularizer = json.get("diag_reg").getAsDouble();
    if (json.get("diag_reg_absolute_scale").getAsBoolean()) {
      return regularizer;
    }
    double trace = 0;
    for (int i = 0; i < kernel.length; i++) {
      trace += kernel[i][i];
    }
    return regularizer * trace / kernel.length;
  }

  private static KernelFlow flow(JsonObject json, double[][] kernel) {
    try (Matrix k = Matrix.of(kernel)) {
      return KernelFlow.of(new MatrixSource(k, "K"), shift(json, kernel), 1.0 / VALUES);
    }
  }

  /** The matrices of the fixture in native memory. */
  private record Kernels(
      Matrix y,
      Matrix zero,
      Matrix zeroTest,
      Matrix nngp,
      Matrix nngpCross,
      Matrix nngpTest,
      Matrix ntkCross,
      Matrix ntkTest)
      implements AutoCloseable {
    static Kernels load() {
      return new Kernels(
          Matrix.of(input("y_train")),
          new Matrix(8, 2),
          new Matrix(4, 2),
          Matrix.of(input("nngp_dd")),
          Matrix.of(input("nngp_td")),
          Matrix.of(input("nngp_tt")),
          Matrix.of(input("ntk_td")),
          Matrix.of(input("ntk_tt")));
    }

    @Override
    public void close() {
      for (Matrix matrix :
          new Matrix[] {y, zero, zeroTest, nngp, nngpCross, nngpTest, ntkCross, ntkTest}) {
        matrix.close();
      }
    }
  }

  @Test
  void gaussianProcesses() {
    double forever = Double.POSITIVE_INFINITY;
    for (JsonObject json : cases("gp_inference")) {
      try (Kernels k = Kernels.load();
          KernelFlow nngp = flow(json, input("nngp_dd"));
          KernelFlow ntk = flow(json, input("ntk_dd"))) {
        verify(json, "nngp_mean", nngp.test(forever, k.nngpCross(), k.y(), k.zero(), k.zeroTest()));
        verify(json, "nngp_cov", nngp.gaussianCovariance(forever, k.nngpCross(), k.nngpTest()));
        verify(json, "ntk_mean", ntk.test(forever, k.ntkCross(), k.y(), k.zero(), k.zeroTest()));
        verify(
            json,
            "ntk_cov",
            ntk.ensembleCovariance(forever, k.ntkCross(), k.nngp(), k.nngpCross(), k.nngpTest()));
        verify(json, "ntkgp_mean", ntk.test(forever, k.ntkCross(), k.y(), k.zero(), k.zeroTest()));
        verify(json, "ntkgp_cov", ntk.gaussianCovariance(forever, k.ntkCross(), k.ntkTest()));
      }
    }
  }

  @Test
  void gradientFlow() {
    for (JsonObject json : cases("gradient_descent_mse")) {
      double t = time(json);
      try (Kernels k = Kernels.load();
          Matrix start = Matrix.of(input("fx_train_0"));
          Matrix testStart = Matrix.of(input("fx_test_0"));
          KernelFlow flow = flow(json, input("ntk_dd"))) {
        verify(json, "fx_train_t", flow.train(t, k.y(), start));
        verify(json, "fx_test_t", flow.test(t, k.ntkCross(), k.y(), start, testStart));
        verify(json, "fx_train_t_zero_init", flow.train(t, k.y(), k.zero()));
        verify(
            json, "fx_test_t_zero_init", flow.test(t, k.ntkCross(), k.y(), k.zero(), k.zeroTest()));
      }
    }
  }

  @Test
  void gradientFlowOfAFullKernel() {
    for (JsonObject json : cases("gradient_descent_mse_full")) {
      double t = time(json);
      try (Matrix y = Matrix.of(column(input("y_train")));
          Matrix start = Matrix.of(column(input("fx_train_0")));
          Matrix testStart = Matrix.of(column(input("fx_test_0")));
          Matrix cross = Matrix.of(flattened("ntk_full_td"));
          KernelFlow flow = flow(json, flattened("ntk_full_dd"))) {
        verify(json, "fx_train_t", flow.train(t, y, start));
        verify(json, "fx_test_t", flow.test(t, cross, y, start, testStart));
      }
    }
  }

  @Test
  void ensembles() {
    for (JsonObject json : cases("gradient_descent_mse_ensemble")) {
      double t = time(json);
      try (Kernels k = Kernels.load();
          KernelFlow nngp = flow(json, input("nngp_dd"));
          KernelFlow ntk = flow(json, input("ntk_dd"))) {
        verify(json, "nngp_mean", nngp.test(t, k.nngpCross(), k.y(), k.zero(), k.zeroTest()));
        verify(json, "nngp_cov", nngp.gaussianCovariance(t, k.nngpCross(), k.nngpTest()));
        verify(json, "train_nngp_mean", nngp.train(t, k.y(), k.zero()));
        verify(json, "train_nngp_cov", nngp.gaussianTrainCovariance(t));
        verify(json, "ntk_mean", ntk.test(t, k.ntkCross(), k.y(), k.zero(), k.zeroTest()));
        verify(
            json,
            "ntk_cov",
            ntk.ensembleCovariance(t, k.ntkCross(), k.nngp(), k.nngpCross(), k.nngpTest()));
        verify(json, "train_ntk_mean", ntk.train(t, k.y(), k.zero()));
        verify(json, "train_ntk_cov", ntk.ensembleTrainCovariance(t, k.nngp()));
      }
    }
  }

  @Test
  void largestLearningRates() {
    for (JsonObject json : cases("max_learning_rate")) {
      boolean full = json.get("kernel").getAsString().equals("ntk_full_dd");
      double[][] kernel = full ? flattened("ntk_full_dd") : input("ntk_dd");
      double size =
          json.get("y_train_size").isJsonNull()
              ? kernel.length
              : json.get("y_train_size").getAsDouble();
      try (Matrix k = Matrix.of(kernel);
          KernelFlow flow = KernelFlow.of(new MatrixSource(k, "K"), 0, 1)) {
        double[] values = flow.eigenvalues();
        double found =
            Descent.largestLearningRate(
                values[values.length - 1], json.get("momentum").getAsDouble(), size);
        assertEquals(json.get("value").getAsDouble(), found, 1e-9 * found);
      }
    }
  }

  @Test
  void flowsOfAnyLossWithMomentum() {
    for (JsonObject json : cases("gradient_descent")) {
      FlowLoss loss =
          json.get("loss").getAsString().startsWith("mse") ? FlowLoss.MSE : FlowLoss.CROSS_ENTROPY;
      double momentum = json.get("momentum").isJsonNull() ? 0 : json.get("momentum").getAsDouble();
      JsonArray t = json.getAsJsonArray("t");
      double[] times = {t.get(0).getAsDouble(), t.get(1).getAsDouble(), t.get(2).getAsDouble()};
      try (Matrix kernel = Matrix.of(input("ntk_dd"));
          Matrix cross = Matrix.of(input("ntk_td"))) {
        Descent descent =
            new Descent(kernel, cross, loss, json.get("learning_rate").getAsDouble(), momentum);
        List<Descent.Outputs> found =
            descent.flow(
                input(json.get("targets").getAsString()),
                input("fx_train_0"),
                input("fx_test_0"),
                times);
        for (int k = 0; k < times.length; k++) {
          String what = loss + " momentum " + momentum + " t " + times[k];
          assertClose(
              array(json.getAsJsonArray("fx_train_t").get(k)),
              found.get(k).train(),
              FLOW_TOLERANCE,
              what);
          assertClose(
              array(json.getAsJsonArray("fx_test_t").get(k)),
              found.get(k).test(),
              FLOW_TOLERANCE,
              what);
        }
      }
    }
  }
}
