package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.random.RandomStream;

/** The routes are exact: the same kernel whichever is taken. */
class RouteTest {
  private static final int[] IMAGE = {7, 7, 3};
  private static final Parametrization P = new Parametrization.Ntk(1.5, 0.2);

  private static final Network NETWORK =
      new Network(
          "routes",
          List.of(
              new Layer.Conv(5, 3, 1, 1, true, P),
              new Layer.BatchNorm(),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.DepthwiseConv(2, 3, 2, 1, true, P),
              new Layer.Nonlinearity(Activation.GELU),
              new Layer.Conv(4, 3, 2, 0, false, P),
              new Layer.Flatten(),
              new Layer.Dense(6, true, P),
              new Layer.Nonlinearity(Activation.ERF),
              new Layer.Dense(3, true, P)));

  private static double[] noise(String name, int n) {
    RandomStream stream = RandomStream.of(3, name);
    double[] x = new double[n * 147];
    for (int i = 0; i < x.length; i++) {
      x[i] = stream.normal(i);
    }
    return x;
  }

  private static double[] kernel(UnaryOperator<Part> change) {
    try (GraphModel model = NETWORK.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model, OutputChoice.FULL, change)) {
      return ntk.matrix(noise("x1", 3), 3, noise("x2", 2), 2);
    }
  }

  @Test
  void theRoutesAndOneByOneAgree() {
    double[] gram = kernel(part -> part.on(Route.GRAM));
    double[] jacobian = kernel(part -> part.on(Route.JACOBIAN));
    double[] tangent = kernel(part -> part.on(Route.TANGENT));
    double[] opaque =
        kernel(
            part ->
                new Part(
                    part.parameter(),
                    List.of(new Use.Opaque(part.parameter())),
                    Optional.empty(),
                    Route.JACOBIAN));
    ReferenceKernelTest.assertClose(opaque, gram, 1e-12, "gram");
    ReferenceKernelTest.assertClose(opaque, jacobian, 1e-12, "jacobian");
    ReferenceKernelTest.assertClose(opaque, tangent, 1e-12, "tangent");
  }

  @Test
  void finiteDifferencesAgree() {
    double[] x1 = noise("x1", 1);
    double h = 1e-6;
    try (GraphModel model = NETWORK.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      double[] theta = ntk.matrix(x1, 1, x1, 1);
      double[] sum = new double[9];
      var values = model.values();
      for (var parameter : model.parameters()) {
        double[] w = values.get(parameter.name());
        for (int k = 0; k < w.length; k++) {
          double at = w[k];
          w[k] = at + h;
          model.assign(java.util.Map.of(parameter.name(), w));
          double[] up = model.predict(x1, 1);
          w[k] = at - h;
          model.assign(java.util.Map.of(parameter.name(), w));
          double[] down = model.predict(x1, 1);
          w[k] = at;
          for (int c = 0; c < 9; c++) {
            double left = (up[c / 3] - down[c / 3]) / (2 * h);
            sum[c] += left * (up[c % 3] - down[c % 3]) / (2 * h);
          }
        }
        model.assign(java.util.Map.of(parameter.name(), w));
      }
      ReferenceKernelTest.assertClose(theta, sum, 1e-7, "finite differences");
    }
  }

  @Test
  void theCheaperRouteFollowsTheCounts() {
    // ResNet-18 on CIFAR: maps of 32x32 and 16x16 by Jacobian, of 8x8 and 4x4 by tangents.
    assertEquals(Route.JACOBIAN, cheaper(32, 64, 10, Pairing.FULL));
    assertEquals(Route.JACOBIAN, cheaper(16, 128, 10, Pairing.FULL));
    assertEquals(Route.TANGENT, cheaper(8, 256, 10, Pairing.FULL));
    assertEquals(Route.TANGENT, cheaper(4, 512, 10, Pairing.FULL));
    // Without the pairs of different outputs there is nothing to gain from tangents.
    assertEquals(Route.GRAM, cheaper(4, 512, 10, Pairing.TRACE));
    assertEquals(Route.GRAM, cheaper(1, 1024, 10, Pairing.FULL));
    assertEquals(Route.JACOBIAN, cheaper(1, 1, 1, Pairing.FULL));
  }

  /** Of a convolution 3x3 with as many channels behind it as before. */
  private static Route cheaper(int width, int channels, int outputs, Pairing pairing) {
    long[] ones = {1, 1, 1, 1};
    Use.Window window = new Use.Window(3, 3, ones, ones, "SAME");
    Geometry geometry =
        width == 1
            ? Geometry.dense(channels)
            : new Geometry(width, width, channels, width, width, window, 1, 1);
    return Route.cheaper(new LinearLayer(null, null, 1, geometry, channels), outputs, pairing);
  }
}
