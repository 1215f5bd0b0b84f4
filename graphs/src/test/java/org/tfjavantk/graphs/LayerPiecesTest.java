package org.tfjavantk.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.random.RandomStream;

/** One layer at a time against plain Java. */
class LayerPiecesTest {
  private static final int N = 2;
  private static final int H = 5;
  private static final int W = 4;
  private static final int C = 3;

  private static double[] noise(String name, int size) {
    RandomStream stream = RandomStream.of(3, name);
    double[] values = new double[size];
    Arrays.setAll(values, stream::normal);
    return values;
  }

  private static final double[] IMAGES = noise("images", N * H * W * C);

  private static double pixel(int n, int h, int w, int c) {
    return IMAGES[((n * H + h) * W + w) * C + c];
  }

  private static double[] read(Layer... layers) {
    return read(IMAGES, new int[] {H, W, C}, layers);
  }

  private static double[] read(double[] x, int[] shape, Layer... layers) {
    Network network = new Network("piece", List.of(layers));
    try (GraphModel model = network.build(shape, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      return model.predict(x, x.length / Shapes.size(shape));
    }
  }

  @Test
  void flattenIsRowMajorAndScaleMultiplies() {
    assertArrayEquals(IMAGES, read(new Layer.Flatten()), 0);
    double[] scaled = Arrays.stream(IMAGES).map(v -> -2.5 * v).toArray();
    assertArrayEquals(scaled, read(new Layer.Scale(-2.5), new Layer.Flatten()), 1e-15);
  }

  @Test
  void poolsTakeTheirWindowsAndLeaveTheRest() {
    // 2 x 2 windows at stride 2 on 5 x 4 pixels: the last row belongs to none.
    double[] mean = new double[N * 2 * 2 * C];
    double[] max = new double[mean.length];
    for (int k = 0; k < mean.length; k++) {
      int c = k % C;
      int w = k / C % 2;
      int h = k / C / 2 % 2;
      int n = k / C / 4;
      max[k] = Double.NEGATIVE_INFINITY;
      for (int d = 0; d < 4; d++) {
        double value = pixel(n, 2 * h + d / 2, 2 * w + d % 2, c);
        mean[k] += value / 4;
        max[k] = Math.max(max[k], value);
      }
    }
    assertArrayEquals(mean, read(new Layer.AveragePool(2, 2), new Layer.Flatten()), 1e-15);
    assertArrayEquals(max, read(new Layer.MaxPool(2, 2), new Layer.Flatten()), 0);
  }

  @Test
  void overlappingPoolsMoveByTheirStride() {
    double[] mean = new double[N * 3 * 2 * C];
    for (int k = 0; k < mean.length; k++) {
      for (int d = 0; d < 9; d++) {
        mean[k] += pixel(k / C / 6, k / C / 2 % 3 + d / 3, k / C % 2 + d % 3, k % C) / 9;
      }
    }
    assertArrayEquals(mean, read(new Layer.AveragePool(3, 1), new Layer.Flatten()), 1e-15);
  }

  @Test
  void theGlobalPoolIsTheMeanOfAllPixels() {
    double[] mean = new double[N * C];
    for (int k = 0; k < IMAGES.length; k++) {
      mean[k / (H * W * C) * C + k % C] += IMAGES[k] / (H * W);
    }
    assertArrayEquals(mean, read(new Layer.GlobalAveragePool()), 1e-15);
  }

  @Test
  void residualAddsAndConcatPutsSideBySide() {
    Layer half = new Layer.Scale(0.5);
    double[] sum = Arrays.stream(IMAGES).map(v -> 1.5 * v).toArray();
    Layer residual = new Layer.Residual(List.of(half), List.of());
    assertArrayEquals(sum, read(residual, new Layer.Flatten()), 1e-15);
    Layer concat = new Layer.Concat(List.of(List.of(), List.of(half), List.of(new Layer.Scale(3))));
    double[] beside = new double[3 * IMAGES.length];
    for (int k = 0; k < IMAGES.length; k++) {
      int first = k / C * 3 * C + k % C;
      beside[first] = IMAGES[k];
      beside[first + C] = 0.5 * IMAGES[k];
      beside[first + 2 * C] = 3 * IMAGES[k];
    }
    assertArrayEquals(beside, read(concat, new Layer.Flatten()), 1e-15);
  }

  @Test
  void branchesThatDoNotFitTogetherAreRefused() {
    Layer pool = new Layer.MaxPool(2, 2);
    Layer uneven = new Layer.Concat(List.of(List.of(), List.of(pool)));
    UserException e =
        assertThrows(UserException.class, () -> new Network("n", List.of(uneven)).shape(H, W, C));
    assertTrue(e.getMessage().contains("5 x 4 x 3 and 2 x 2 x 3"), e.getMessage());
    Layer none = new Layer.Concat(List.of());
    e = assertThrows(UserException.class, () -> new Network("n", List.of(none)).shape(H, W, C));
    assertTrue(e.getMessage().contains("Concat"), e.getMessage());
  }

  static Stream<Arguments> activations() {
    return Stream.of(
        formula(Activation.RELU, v -> Math.max(v, 0)),
        formula(Activation.RELU6, v -> Math.min(Math.max(v, 0), 6)),
        formula(Activation.LEAKY_RELU, v -> v < 0 ? 0.01 * v : v),
        formula(new Activation.AbRelu(-0.3, 1.2), v -> v < 0 ? -0.3 * v : 1.2 * v),
        formula(Activation.ABS, Math::abs),
        formula(Activation.SIGN, Math::signum),
        formula(Activation.TANH, Math::tanh),
        formula(Activation.SIGMOID, v -> 1 / (1 + Math.exp(-v))),
        formula(
            Activation.SIGMOID_LIKE, v -> (1 + LayerPiecesTest.erf(v / 2.4020563531719796)) / 2),
        formula(Activation.SOFTPLUS, v -> Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)))),
        formula(Activation.SILU, v -> v / (1 + Math.exp(-v))),
        formula(Activation.ERF, LayerPiecesTest::erf),
        formula(new Activation.Erf(1.3, 0.7, 0.2), v -> 1.3 * erf(0.7 * v) + 0.2),
        formula(Activation.GELU, v -> v * (1 + erf(v / Math.sqrt(2))) / 2),
        formula(Activation.SIN, Math::sin),
        formula(new Activation.Sin(1.2, 0.8, 0.4), v -> 1.2 * Math.sin(0.8 * v + 0.4)),
        formula(Activation.COS, Math::cos),
        formula(new Activation.Cos(1.1, 0.9, 0.3), v -> 1.1 * Math.cos(0.9 * v + 0.3)),
        formula(
            new Activation.Rbf(0.6),
            v -> Math.sqrt(2) * Math.sin(Math.sqrt(1.2) * v + Math.PI / 4)),
        formula(new Activation.Exp(0.8, 0.3), v -> 0.8 * Math.exp(0.3 * v)),
        formula(new Activation.Gaussian(1.2, -0.7), v -> 1.2 * Math.exp(-0.7 * v * v)),
        formula(Activation.GABOR, v -> Math.exp(-v * v) * Math.sin(v)),
        formula(new Activation.Hermite(0), v -> 1),
        formula(new Activation.Hermite(1), v -> v),
        formula(new Activation.Hermite(3), v -> (v * v * v - 3 * v) / Math.sqrt(6)),
        formula(new Activation.Monomial(0), v -> 1),
        formula(new Activation.Monomial(3), v -> v * v * v),
        formula(new Activation.RectifiedMonomial(0), v -> (1 + Math.signum(v)) / 2),
        formula(new Activation.RectifiedMonomial(2), v -> v < 0 ? 0 : v * v),
        formula(new Activation.Polynomial(List.of(0.7)), v -> 0.7),
        formula(
            new Activation.Polynomial(List.of(0.1, 0.8, -0.2, 0.05)),
            v -> 0.1 + 0.8 * v - 0.2 * v * v + 0.05 * v * v * v));
  }

  private static Arguments formula(Activation activation, DoubleUnaryOperator f) {
    return Arguments.of(activation, f);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("activations")
  void activationsFollowTheirFormulas(Activation activation, DoubleUnaryOperator f) {
    double[] x = {-40, -7, -2, -0.6, -1e-3, 0, 1e-3, 0.3, 1, 2.5, 5.9, 6.1, 40};
    double[] found =
        read(x, new int[] {x.length}, new Layer.Nonlinearity(activation), new Layer.Flatten());
    for (int i = 0; i < x.length; i++) {
      double expected = f.applyAsDouble(x[i]);
      double size = 1 + Math.max(Math.abs(x[i]), Math.abs(expected));
      assertEquals(expected, found[i], 2e-15 * size, activation + " of " + x[i]);
    }
  }

  @Test
  void everyActivationHasAReadingOrSaysThatItHasNone() {
    Activation custom =
        new Activation.Elementwise("bump", v -> Math.exp(-v), v -> -Math.exp(-v), List.of());
    List<Activation> kernelsOnly = List.of(new Activation.ExpNormalized(), custom);
    Set<Class<?>> kinds = new HashSet<>();
    kernelsOnly.forEach(activation -> kinds.add(activation.getClass()));
    activations().forEach(arguments -> kinds.add(arguments.get()[0].getClass()));
    assertEquals(Set.of(Activation.class.getPermittedSubclasses()), kinds);
    for (Activation activation : kernelsOnly) {
      String name = activation == custom ? "bump" : "ExpNormalized";
      UserException e =
          assertThrows(
              UserException.class,
              () -> read(new double[] {1}, new int[] {1}, new Layer.Nonlinearity(activation)));
      assertTrue(e.getMessage().contains(name + " has no finite network"), e.getMessage());
    }
  }

  @Test
  void impossibleActivationsAreRefused() {
    refused("Hermite: the degree is -1", () -> new Activation.Hermite(-1));
    refused("Monomial: the degree is -2", () -> new Activation.Monomial(-2));
    refused("RectifiedMonomial: the degree is -3", () -> new Activation.RectifiedMonomial(-3));
    refused("Polynomial: there is no", () -> new Activation.Polynomial(List.of()));
    refused("Rbf: gamma is -0.5", () -> new Activation.Rbf(-0.5));
    refused("ExpNormalized: gamma is NaN", () -> new Activation.ExpNormalized(Double.NaN, 0));
  }

  private static void refused(String message, Executable executable) {
    UserException e = assertThrows(UserException.class, executable);
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  /** erf by Simpson's rule; beyond 6 it is 1 to all digits. */
  private static double erf(double x) {
    double end = Math.min(Math.abs(x), 6);
    int steps = 4000;
    double h = end / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
      sum += weight * Math.exp(-(i * h) * (i * h));
    }
    return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum * h / 3;
  }

  @Test
  void depthwiseConvolutionsKeepTheChannelsApart() {
    Layer.DepthwiseConv conv =
        new Layer.DepthwiseConv(2, 3, 2, 1, true, new Parametrization.Ntk(1.5, 0.5));
    Network network = new Network("depthwise", List.of(conv, new Layer.Flatten()));
    double[] kernel = noise("kernel", 3 * 3 * C * 2);
    double[] bias = noise("bias", C * 2);
    double[] expected = new double[N * 3 * 2 * C * 2];
    for (int k = 0; k < expected.length; k++) {
      int m = k % 2;
      int c = k / 2 % C;
      int w = k / 2 / C % 2;
      int h = k / 2 / C / 2 % 3;
      int n = k / 2 / C / 6;
      double sum = 0;
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          int y = 2 * h + i - 1;
          int x = 2 * w + j - 1;
          if (y >= 0 && y < H && x >= 0 && x < W) {
            sum += pixel(n, y, x, c) * kernel[((i * 3 + j) * C + c) * 2 + m];
          }
        }
      }
      expected[k] = 1.5 / 3 * sum + 0.5 * bias[c * 2 + m]; // the fan-in is 9
    }
    try (GraphModel model =
        network.build(new int[] {H, W, C}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      model.assign(Map.of("depthwise0/kernel", kernel, "depthwise0/bias", bias));
      assertArrayEquals(expected, model.predict(IMAGES, N), 1e-14);
    }
  }

  @Test
  void initialValuesHaveTheirDistributions() {
    int size = 100_000;
    double[] uniform = new Initializer.Uniform(0.25).draw(size, RandomStream.of(1, "u"));
    assertEquals(0.25, Arrays.stream(uniform).map(Math::abs).max().orElseThrow(), 1e-4);
    assertEquals(0, Arrays.stream(uniform).average().orElseThrow(), 4 * 0.25 / Math.sqrt(3e5));
    assertEquals(0.0625 / 3, Arrays.stream(uniform).map(v -> v * v).average().orElseThrow(), 3e-4);
    double[] normal = new Initializer.Normal(1).draw(size, RandomStream.of(1, "n"));
    assertEquals(0, Arrays.stream(normal).average().orElseThrow(), 4 / Math.sqrt(size));
    assertEquals(1, Arrays.stream(normal).map(v -> v * v).average().orElseThrow(), 0.018);
    assertArrayEquals(
        new double[] {7, 7}, new Initializer.Constant(7).draw(2, RandomStream.of(1, "c")), 0);
  }

  @Test
  void parametrizationsStartAsTheySay() {
    for (Parametrization p : List.of(Parametrization.STANDARD, new Parametrization.Ntk(2, 1))) {
      Network network = new Network("p", List.of(new Layer.Conv(4, 3, 1, 1, true, p)));
      double fanIn = 3 * 3 * 5;
      for (ParameterSpec spec : network.shape(6, 6, 5).parameters()) {
        Initializer expected =
            p == Parametrization.STANDARD
                ? new Initializer.Uniform(1 / Math.sqrt(fanIn))
                : new Initializer.Normal(1);
        assertEquals(expected, spec.initializer(), spec.name());
      }
    }
  }

  /** Rounds to the ten bits after the leading one that TF32 keeps. */
  private static double tf32(double value) {
    return Math.rint(value * 0x1p10) / 0x1p10;
  }

  /**
   * float32 means float32: with 1 + 2^-12 in the matrices, bfloat16 (8 bits) and TF32 (11 bits)
   * would lose the second term of every factor.
   */
  @Test
  void noReducedPrecisionIsUsedForFloat32() {
    int d = 512;
    double tail = 0x1p-12;
    Parametrization p = Parametrization.STANDARD;
    Network dense = new Network("dense", List.of(new Layer.Dense(64, false, p)));
    Network conv =
        new Network(
            "conv", List.of(new Layer.Conv(64, 1, 1, 0, false, p), new Layer.GlobalAveragePool()));
    double[] weights = new double[d * 64];
    Arrays.fill(weights, 1 + tail);
    double[] x = new double[64 * d];
    Arrays.setAll(x, i -> i % 2 == 0 ? 1 + tail : -1);
    // 256 (1 + t)^2 - 256 (1 + t) = 256 t (1 + t), about 0.0625; rounded factors give 0.
    double expected = d / 2.0 * tail * (1 + tail);
    assertEquals(0, d / 2.0 * tf32(1 + tail) * tf32(1 + tail) - d / 2.0 * tf32(1 + tail));
    for (Network network : List.of(dense, conv)) {
      int[] shape = network == dense ? new int[] {d} : new int[] {1, 1, d};
      try (GraphModel model = network.build(shape, Precision.FLOAT32, 1, DeviceChoice.AUTO)) {
        model.assign(Map.of(network.name() + "0/kernel", weights));
        for (double found : model.predict(x, 64)) {
          assertEquals(expected, found, 1e-3 * expected, network.name());
        }
      }
    }
  }
}
