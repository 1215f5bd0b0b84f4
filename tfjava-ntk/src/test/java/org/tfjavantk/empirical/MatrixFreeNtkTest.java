package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/** Products by two derivatives agree with those of the kernel itself. */
class MatrixFreeNtkTest {
  private static final int[] IMAGE = {8, 8, 3};
  private static final Parametrization P = new Parametrization.Ntk(1.5, 0.2);

  private static final Network CONVOLUTIONS =
      new Network(
          "convolutions",
          List.of(
              new Layer.Conv(5, 3, 1, 1, true, P),
              new Layer.BatchNorm(),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.DepthwiseConv(2, 3, 2, 1, true, P),
              new Layer.Nonlinearity(Activation.GELU),
              new Layer.MaxPool(2, 2),
              new Layer.Flatten(),
              new Layer.Dense(3, true, P)));

  static Stream<Network> networks() {
    return Stream.of(
        Networks.logistic(3, P),
        Networks.mlp(List.of(9, 7), Activation.ERF, 4, Parametrization.STANDARD),
        CONVOLUTIONS,
        Networks.resnet9(2, 3, P));
  }

  private static double[] noise(String name, int n) {
    RandomStream stream = RandomStream.of(4, name);
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = stream.normal(i);
    }
    return x;
  }

  private static double[] images(String name, int n) {
    return noise(name, n * 192);
  }

  private static double[] product(double[] theta, double[] v, int m) {
    int columns = v.length / m;
    double[] result = new double[theta.length / columns * m];
    for (int r = 0; r < theta.length / columns; r++) {
      for (int c = 0; c < columns; c++) {
        for (int k = 0; k < m; k++) {
          result[r * m + k] += theta[r * columns + c] * v[c * m + k];
        }
      }
    }
    return result;
  }

  /** The difference, relative in the Frobenius norm. */
  private static double error(double[] expected, double[] found) {
    assertEquals(expected.length, found.length);
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += (found[i] - expected[i]) * (found[i] - expected[i]);
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }

  private static void check(
      GraphModel model, double[] x1, int n1, double[] x2, int n2, long memory, double tolerance) {
    try (EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      MatrixFreeNtk free = MatrixFreeNtk.of(model, memory);
      double[] theta = ntk.matrix(x1, n1, x2, n2);
      for (int m : new int[] {1, 7}) {
        double[] v = noise("v" + m, n2 * model.outputs() * m);
        double error = error(product(theta, v, m), free.times(x1, n1, x2, n2, v, m));
        assertTrue(
            error <= tolerance,
            model.name() + " in " + model.precision() + ", m = " + m + ": " + error);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void networksOfLayers(Network network) {
    double[] x1 = images("x1", 5);
    double[] x2 = images("x2", 7);
    try (GraphModel model = network.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      check(model, x1, 5, x2, 7, 1L << 30, 1e-11);
    }
    try (GraphModel model = network.build(IMAGE, Precision.FLOAT32, 1, DeviceChoice.AUTO)) {
      check(model, x1, 5, x2, 7, 1L << 30, 1e-5);
    }
  }

  static Stream<ModelFileKernelTest.Case> files() throws IOException {
    return ModelFileKernelTest.cases();
  }

  /** Among them shared weights, embeddings, several inputs and outputs, and a fixed batch. */
  @ParameterizedTest
  @MethodSource("files")
  void modelsFromFiles(ModelFileKernelTest.Case c) throws IOException {
    try (GraphModel model =
        c.load().in(Precision.FLOAT64).build(c.toString(), null, DeviceChoice.AUTO)) {
      int n1 = c.count("n1");
      int n2 = c.count("n2");
      check(model, c.examples(model, 1), n1, c.examples(model, 2), n2, 1L << 30, 1e-11);
    }
  }

  /** Memory for batches of 3 of 7 examples and of 4 of 7 vectors, and so on. */
  @ParameterizedTest
  @CsvSource({"7, 3", "4, 5", "2, 1", "1, 2"})
  void anyCutGivesTheSame(int vectors, int examples) {
    try (GraphModel model = CONVOLUTIONS.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      long memory =
          8
              * (3 * vectors * model.parameterCount()
                  + examples * (1 + 2L * vectors) * Activations.perExample(model));
      if (vectors == 7) {
        assertEquals(new ProductPlan(vectors, examples), ProductPlan.of(model, 7, memory));
      }
      ProductPlan plan = ProductPlan.of(model, 7, memory);
      assertTrue(plan.vectors() >= vectors && plan.examples() <= examples, plan::toString);
      check(model, images("x1", 5), 5, images("x2", 7), 7, memory, 1e-11);
    }
  }

  @Test
  void theProductIsPositiveSemidefiniteAndSymmetric() {
    try (GraphModel model = CONVOLUTIONS.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      MatrixFreeNtk free = MatrixFreeNtk.of(model);
      double[] x = images("x", 6);
      double[] u = noise("u", 18);
      double[] v = noise("v", 18);
      double[] thetaU = free.times(x, 6, x, 6, u, 1);
      double[] thetaV = free.times(x, 6, x, 6, v, 1);
      assertTrue(dot(u, thetaU) > 0 && dot(v, thetaV) > 0);
      assertEquals(dot(u, thetaV), dot(v, thetaU), 1e-12 * Math.abs(dot(u, thetaU)));
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void theParametersAreThePresentOnes() {
    try (GraphModel model =
            Networks.mlp(List.of(6), Activation.TANH, 2, P)
                .build(new int[] {4}, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      MatrixFreeNtk free = MatrixFreeNtk.of(model);
      double[] x = noise("x", 12);
      double[] v = noise("v", 6);
      double[] before = free.times(x, 3, x, 3, v, 1);
      model
          .values()
          .forEach(
              (name, w) ->
                  model.assign(
                      java.util.Map.of(name, Arrays.stream(w).map(a -> a + 0.5).toArray())));
      double[] after = free.times(x, 3, x, 3, v, 1);
      assertTrue(error(before, after) > 1e-3);
      assertTrue(error(product(ntk.matrix(x, 3, x, 3), v, 1), after) < 1e-12);
    }
  }

  @Test
  void tooLittleMemoryAndWrongSizesAreRefused() {
    try (GraphModel model =
        Networks.logistic(3, P).build(IMAGE, Precision.FLOAT32, 1, DeviceChoice.AUTO)) {
      double[] x = images("x", 2);
      MatrixFreeNtk small = MatrixFreeNtk.of(model, 1 << 10);
      UserException e =
          assertThrows(UserException.class, () -> small.times(x, 2, x, 2, new double[6], 1));
      assertTrue(e.getMessage().contains("KiB"), e.getMessage());
      MatrixFreeNtk free = MatrixFreeNtk.of(model);
      assertThrows(IllegalArgumentException.class, () -> free.times(x, 2, x, 2, new double[7], 1));
    }
  }
}
