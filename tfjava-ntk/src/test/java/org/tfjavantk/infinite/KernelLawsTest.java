package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Padding;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Window;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.random.RandomStream;

/** What kernels of infinite width obey whatever the examples are. */
class KernelLawsTest {
  private static final int N = 12;
  private static final int[] SHAPE = {5, 4, 2};
  private static final int SIZE = 40;

  /** An angle near 0 has an error of the square root of that of its cosine. */
  private static final double HAIR = 1e-8;

  private static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);
  private static final Layer ERF = new Layer.Nonlinearity(Activation.ERF);
  private static final Layer TANH = new Layer.Nonlinearity(Activation.TANH);
  private static final Layer FLATTEN = new Layer.Flatten();
  private static final Layer MEAN = new Layer.GlobalAveragePool();

  private static Layer dense(double bias) {
    return new Layer.Dense(1, bias > 0, new Parametrization.Ntk(1.4, bias));
  }

  private static Layer conv(double bias) {
    Window window = new Window(List.of(3, 3), List.of(1, 1), Padding.SAME);
    return new Layer.Conv(1, window, bias > 0, new Parametrization.Ntk(1.4, bias));
  }

  private static Network network(String name, Layer... layers) {
    return new Network(name, List.of(layers));
  }

  /** Whose examples are vectors, so that a sphere is one. */
  static Stream<Network> dense() {
    return Stream.of(
        network("relu", FLATTEN, dense(0.3), RELU, dense(0.3), RELU, dense(0.3)),
        network("erf", FLATTEN, dense(0.3), ERF, dense(0), ERF, dense(0.1)),
        network("tanh", FLATTEN, dense(0.2), TANH, dense(0.2)));
  }

  static Stream<Network> homogeneous() {
    return Stream.of(
        network("dense", FLATTEN, dense(0), RELU, dense(0), RELU, dense(0)),
        network("flat", conv(0), RELU, conv(0), RELU, FLATTEN, dense(0)),
        network(
            "pooled", conv(0), RELU, new Layer.AveragePool(2, 2), conv(0), RELU, MEAN, dense(0)),
        network(
            "residual",
            conv(0),
            new Layer.Residual(List.of(RELU, conv(0)), List.of()),
            RELU,
            MEAN,
            dense(0)));
  }

  static Stream<Network> all() {
    Stream<Network> others =
        Stream.of(
            network("biases", conv(0.3), RELU, conv(0.3), RELU, FLATTEN, dense(0.3)),
            network("mean of erf", conv(0.3), ERF, MEAN, dense(0.3)),
            network(
                "normed", conv(0.3), new Layer.LayerNorm(1e-3, false), RELU, FLATTEN, dense(0.3)));
    return Stream.of(dense(), homogeneous(), others).flatMap(networks -> networks);
  }

  /** Normal numbers; the last example is the first one, but for a hair. */
  private static double[] examples() {
    RandomStream random = RandomStream.of(7, "laws");
    double[] x = new double[N * SIZE];
    Arrays.setAll(x, random::normal);
    for (int i = 0; i < SIZE; i++) {
      x[(N - 1) * SIZE + i] = x[i] + 1e-6 * x[(N - 1) * SIZE + i];
    }
    return x;
  }

  private static void symmetricAndPositive(double[] kernel) {
    double largest = 0;
    try (Matrix matrix = new Matrix(N, N)) {
      for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
          assertEquals(kernel[i * N + j], kernel[j * N + i], HAIR * Math.abs(kernel[0]));
          largest = Math.max(largest, Math.abs(kernel[i * N + j]));
        }
        matrix.setRow(i, Arrays.copyOfRange(kernel, i * N, (i + 1) * N));
      }
      double least = Arrays.stream(SymmetricEigen.values(matrix)).min().orElseThrow();
      assertTrue(least > -1e-10 * largest, () -> "smallest eigenvalue " + least);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void kernelsAreSymmetricAndPositiveSemidefinite(Network network) {
    InfiniteKernel.Values values = InfiniteKernel.of(network, SHAPE).of(examples());
    symmetricAndPositive(values.nngp());
    symmetricAndPositive(values.ntk());
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatAPairHasDoesNotDependOnTheOthers(Network network) {
    InfiniteKernel kernel = InfiniteKernel.of(network, SHAPE);
    double[] x = examples();
    InfiniteKernel.Values whole = kernel.of(x);
    double[] two = Arrays.copyOfRange(x, 3 * SIZE, 5 * SIZE);
    double[] one = Arrays.copyOfRange(x, 8 * SIZE, 9 * SIZE);
    InfiniteKernel.Values some = kernel.of(two, one);
    for (int i = 0; i < 2; i++) {
      assertEquals(whole.ntk()[(3 + i) * N + 8], some.ntk()[i], 1e-13 * whole.ntk()[0]);
      assertEquals(whole.nngp()[(3 + i) * N + 8], some.nngp()[i], 1e-13 * whole.nngp()[0]);
    }
  }

  @ParameterizedTest
  @MethodSource("dense")
  void onASphereTheDiagonalIsConstant(Network network) {
    double[] x = examples();
    for (int i = 0; i < N; i++) {
      double squares = 0;
      for (int k = 0; k < SIZE; k++) {
        squares += x[i * SIZE + k] * x[i * SIZE + k];
      }
      for (int k = 0; k < SIZE; k++) {
        x[i * SIZE + k] *= Math.sqrt(SIZE / squares);
      }
    }
    InfiniteKernel.Values values = InfiniteKernel.of(network, SHAPE).of(x);
    for (int i = 1; i < N; i++) {
      assertEquals(values.ntk()[0], values.ntk()[i * (N + 1)], 1e-12 * values.ntk()[0]);
      assertEquals(values.nngp()[0], values.nngp()[i * (N + 1)], 1e-12 * values.nngp()[0]);
    }
  }

  /** Θ(s x, z) = s Θ(x, z) for s > 0: networks of ReLU without biases are homogeneous. */
  @ParameterizedTest
  @MethodSource("homogeneous")
  void kernelsOfHomogeneousNetworksScaleWithTheExamples(Network network) {
    InfiniteKernel kernel = InfiniteKernel.of(network, SHAPE);
    double[] x = examples();
    double[] scaled = Arrays.stream(x).map(v -> 3.7 * v).toArray();
    double[] expected = Arrays.stream(kernel.of(x, x).ntk()).map(v -> 3.7 * v).toArray();
    assertArrayEquals(expected, kernel.of(scaled, x).ntk(), HAIR * expected[0]);
    double[] twice = Arrays.stream(kernel.of(x).nngp()).map(v -> 3.7 * 3.7 * v).toArray();
    assertArrayEquals(twice, kernel.of(scaled).nngp(), HAIR * twice[0]);
  }
}
