package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.deepnarrow.DeepNarrow.Scales;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.random.RandomStream;

/** Both ways to compute a network: against the closed form, each other and differences. */
class DeepNetworkTest {
  private static final DeviceChoice CPU = new DeviceChoice(DeviceChoice.Kind.CPU, 0);
  private static final DeviceChoice TWO = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1));

  private static DeepNetwork graph(DeepNarrow network, int trials, DeviceChoice device) {
    return new GraphNetwork(network, trials, Precision.FLOAT64, device.resolved());
  }

  private static double[][] points(DeepNarrow network, int n) {
    RandomStream stream = RandomStream.of(7, "points");
    double[][] x = new double[n][network.exampleSize()];
    for (int i = 0; i < n * network.exampleSize(); i++) {
      x[i / network.exampleSize()][i % network.exampleSize()] = stream.uniform(i);
    }
    return x;
  }

  private static double[][] targets(DeepNarrow network, int n) {
    RandomStream stream = RandomStream.of(8, "targets");
    double[][] y = new double[n][network.outputs()];
    for (int i = 0; i < n * network.outputs(); i++) {
      y[i / network.outputs()][i % network.outputs()] = stream.normal(i);
    }
    return y;
  }

  static Stream<DeepNarrow> networks() {
    return Stream.of(
        DeepNarrow.mlp(2, 1, 2, Scales.of(1)),
        DeepNarrow.mlp(2, 1, 100, Scales.of(5)),
        DeepNarrow.mlp(3, 2, 7, new Scales(2.5, 1.3, 0.6)),
        DeepNarrow.mlp(5, 4, 130, Scales.of(4)),
        DeepNarrow.cnn(7, 7, 1, 1, 60, Scales.of(4)),
        DeepNarrow.cnn(3, 4, 3, 2, 5, new Scales(1.5, 0.8, 1.2)),
        DeepNarrow.cnn(2, 2, 2, 3, 3, Scales.of(12)));
  }

  /** Two trials where there can be, on two devices. */
  private static List<DeepNetwork> both(DeepNarrow network) {
    return network.image().equals(Image.POINT)
        ? List.of(new LoopNetwork(network, 2), graph(network, 2, TWO))
        : List.of(graph(network, 1, CPU), graph(network, 1, TWO));
  }

  @ParameterizedTest
  @MethodSource("networks")
  void kernelByDifferentiationIsTheClosedForm(DeepNarrow network) {
    int outputs = network.outputs();
    double[][] x = points(network, 6);
    for (DeepNetwork net : both(network)) {
      try (net) {
        net.initialize(Initialization.CUSTOM, 11);
        double[][][] theta = net.kernel(x, 4);
        for (int trial = 0; trial < net.trials(); trial++) {
          double[][] exact =
              new FiniteDepthKernel(network, MidNeurons.draw(network, 11, trial)).matrix(x, x);
          for (int i = 0; i < 4 * outputs; i++) {
            for (int j = 0; j < 6 * outputs; j++) {
              boolean same = i % outputs == j % outputs;
              double expected = same ? exact[i / outputs][j / outputs] : 0;
              assertEquals(expected, theta[trial][i][j], same ? 1e-10 * expected : 0);
            }
          }
        }
        for (double[][] trial : net.outputs(x)) {
          for (double[] f : trial) {
            assertArrayEquals(new double[outputs], f, "the output is 0 to the last bit");
          }
        }
      }
    }
  }

  /** Loops and graphs, one device and two: losses, parameters and kernels of a training. */
  @ParameterizedTest
  @MethodSource("networks")
  void trainsTheSameEitherWay(DeepNarrow network) {
    double[][] x = points(network, 5);
    double[][] y = targets(network, 5);
    double rate = 0.1 / network.normalization();
    for (Initialization initialization : Initialization.values()) {
      List<DeepNetwork> nets = both(network);
      try (DeepNetwork one = nets.get(0);
          DeepNetwork other = nets.get(1)) {
        one.initialize(initialization, 3);
        other.initialize(initialization, 3);
        double[][] losses = one.descend(x, y, rate, 4);
        assertNear(losses, other.descend(x, y, rate, 4));
        for (int trial = 0; trial < one.trials(); trial++) {
          for (int layer : new int[] {0, 1, network.depth() / 2, network.depth()}) {
            double[] w = one.layer(trial, layer);
            assertNear(new double[][] {w}, new double[][] {other.layer(trial, layer)});
          }
          assertNear(one.kernel(x, 5)[trial], other.kernel(x, 5)[trial]);
          assertNear(one.outputs(x)[trial], other.outputs(x)[trial]);
        }
      }
    }
  }

  private static void assertNear(double[][] expected, double[][] actual) {
    double largest =
        Arrays.stream(expected).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      assertArrayEquals(expected[i], actual[i], 1e-12 * largest);
    }
  }

  /** Every parameter of a small network, away from any initialisation of zeros and ones. */
  @Test
  void stepIsTheGradientByDifferences() {
    DeepNarrow network = DeepNarrow.cnn(2, 3, 2, 2, 3, Scales.of(1));
    double[][] x = points(network, 3);
    double[][] y = targets(network, 3);
    try (DeepNetwork net = graph(network, 1, CPU)) {
      net.initialize(Initialization.DEFAULT, 5);
      double[][] before = new double[network.layers()][];
      for (int layer = 0; layer < before.length; layer++) {
        before[layer] = net.layer(0, layer);
      }
      net.descend(x, y, 1, 1);
      double[][] after = new double[network.layers()][];
      for (int layer = 0; layer < before.length; layer++) {
        after[layer] = net.layer(0, layer);
        net.assign(0, layer, before[layer]);
      }
      double h = 1e-6;
      double largest = 0;
      for (int layer = 0; layer < before.length; layer++) {
        for (int i = 0; i < before[layer].length; i += 7) {
          double[] moved = before[layer].clone();
          moved[i] += h;
          net.assign(0, layer, moved);
          double up = net.descend(x, y, 0, 1)[0][0];
          moved[i] -= 2 * h;
          net.assign(0, layer, moved);
          double down = net.descend(x, y, 0, 1)[0][0];
          net.assign(0, layer, before[layer]);
          double slope = (up - down) / (2 * h);
          assertEquals(slope, before[layer][i] - after[layer][i], 1e-8, layer + ", " + i);
          largest = Math.max(largest, Math.abs(slope));
        }
      }
      assertTrue(largest > 1e-2);
    }
  }

  @Test
  void depthOfTenThousand() {
    DeepNarrow network = DeepNarrow.mlp(2, 1, 10_000, Scales.of(50_000));
    double[][] x = points(network, 3);
    double[][] exact = new FiniteDepthKernel(network, MidNeurons.draw(network, 1, 0)).matrix(x, x);
    try (DeepNetwork loops = new LoopNetwork(network, 1);
        DeepNetwork graph = graph(network, 1, CPU)) {
      for (DeepNetwork net : List.of(loops, graph)) {
        net.initialize(Initialization.CUSTOM, 1);
        assertEquals(0, net.outputs(x)[0][1][0], 0);
        double[][] theta = net.kernel(x, 3)[0];
        for (int i = 0; i < 3; i++) {
          assertArrayEquals(exact[i], theta[i], 1e-10 * exact[i][i]);
        }
      }
    }
  }

  @Test
  void imagesHaveOneTrialAndNoLoops() {
    DeepNarrow network = DeepNarrow.cnn(2, 2, 1, 1, 2, Scales.of(1));
    assertThrows(IllegalArgumentException.class, () -> graph(network, 2, CPU));
    assertThrows(IllegalArgumentException.class, () -> new LoopNetwork(network, 1));
  }
}
