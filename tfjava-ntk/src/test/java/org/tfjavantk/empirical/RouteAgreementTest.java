package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Padding;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Window;
import org.tfjavantk.random.RandomStream;

/**
 * Every way to the kernel gives the same one, two by two: each {@link Route} wherever it can be
 * taken, the routes that are chosen, gradients example by example, and products without a kernel.
 * On a network for every kind of layer, and on random ones.
 */
class RouteAgreementTest {
  private static final int N1 = 3;
  private static final int N2 = 2;
  private static final Parametrization P = new Parametrization.Ntk(1.5, 0.2);

  static Stream<RandomNetworks.Sample> random() {
    return LongStream.range(0, 20).mapToObj(RandomNetworks::of);
  }

  private static final Layer ATTENTION =
      new Layer.SelfAttention(
          5,
          2,
          3,
          3,
          1,
          1,
          1,
          1,
          0.1,
          false,
          Layer.SelfAttention.Mechanism.SOFTMAX,
          Layer.SelfAttention.Embedding.NONE);

  /** One network for each of the layers that stand between a convolution and the outputs. */
  static Stream<RandomNetworks.Sample> everyLayer() {
    Layer relu = new Layer.Nonlinearity(Activation.RELU);
    Layer conv = new Layer.Conv(4, 3, 1, 1, true, P);
    return Stream.of(
            new Layer.Conv(5, 2, 2, 1, true, P),
            new Layer.DepthwiseConv(2, 3, 2, 1, true, P),
            new Layer.BatchNorm(),
            relu,
            new Layer.Nonlinearity(Activation.RELU6),
            new Layer.Nonlinearity(Activation.ERF),
            new Layer.Nonlinearity(Activation.TANH),
            new Layer.Nonlinearity(Activation.GELU),
            new Layer.MaxPool(2, 2),
            new Layer.MaxPool(3, 1),
            new Layer.AveragePool(2, 2),
            new Layer.AveragePool(3, 2),
            new Layer.GlobalAveragePool(),
            new Layer.Flatten(),
            new Layer.Scale(-1.5),
            new Layer.Residual(List.of(conv, relu), List.of()),
            new Layer.Concat(List.of(List.of(relu, conv), List.of())),
            new Layer.ConvTranspose(5, Window.square(3, 2, Padding.SAME), true, P),
            new Layer.ConvLocal(5, Window.square(2, 2, Padding.VALID), true, P),
            new Layer.Conv(5, Window.square(3, 2, Padding.CIRCULAR), true, P),
            new Layer.SumPool(Window.square(2, 2, Padding.SAME)),
            new Layer.GlobalSumPool(),
            new Layer.LayerNorm(1e-3, false),
            new Layer.Dropout(0.8),
            new Layer.Slice(
                List.of(new Layer.Slice.Range(1, 4, 2), new Layer.Slice.Range(0, 3, 1))),
            new Layer.Resize(5, 3, true),
            new Layer.Product(List.of(List.of(conv), List.of(relu))),
            ATTENTION)
        .map(RouteAgreementTest::around);
  }

  /** conv, the layer, a dense layer with a nonlinearity, and the outputs. */
  private static RandomNetworks.Sample around(Layer layer) {
    List<Layer> layers = new ArrayList<>(List.of(new Layer.Conv(4, 3, 1, 0, false, P), layer));
    int[] input = {6, 7, 2};
    if (new Network("features", layers).shape(input).output().length == 3) {
      layers.add(new Layer.Flatten());
    }
    layers.add(new Layer.Dense(5, true, Parametrization.STANDARD));
    layers.add(new Layer.Nonlinearity(Activation.TANH));
    layers.add(new Layer.Dense(3, true, P));
    return new RandomNetworks.Sample(new Network(layer.toString(), layers), input);
  }

  @ParameterizedTest
  @MethodSource({"everyLayer", "random"})
  void inFloat64(RandomNetworks.Sample sample) {
    check(sample, Precision.FLOAT64, 1e-11);
  }

  @ParameterizedTest
  @MethodSource({"everyLayer", "random"})
  void inFloat32(RandomNetworks.Sample sample) {
    check(sample, Precision.FLOAT32, 1e-5);
  }

  @Test
  void layersOfEveryKindAreThere() {
    Set<Class<?>> kinds = new HashSet<>();
    Set<Activation> activations = new HashSet<>();
    Stream.concat(everyLayer(), random())
        .forEach(sample -> collect(sample.network().layers(), kinds, activations));
    assertEquals(Set.of(Layer.class.getPermittedSubclasses()), kinds);
    assertEquals(Set.copyOf(RandomNetworks.ACTIVATIONS), activations);
  }

  @Test
  void aSlightlyDifferentKernelIsNoticed() {
    double[] one = {3, 0, 4};
    assertEquals(2e-10, difference(one, new double[] {3, 1e-9, 4}), 1e-22);
    assertTrue(Double.isNaN(difference(one, new double[] {3, Double.NaN, 4})));
  }

  private static void collect(
      List<Layer> layers, Set<Class<?>> kinds, Set<Activation> activations) {
    for (Layer layer : layers) {
      kinds.add(layer.getClass());
      if (layer instanceof Layer.Nonlinearity nonlinearity) {
        activations.add(nonlinearity.activation());
      } else if (layer instanceof Layer.Residual residual) {
        collect(residual.body(), kinds, activations);
        collect(residual.shortcut(), kinds, activations);
      } else if (layer instanceof Layer.Concat concat) {
        concat.branches().forEach(branch -> collect(branch, kinds, activations));
      }
    }
  }

  private static void check(RandomNetworks.Sample sample, Precision precision, double tolerance) {
    try (GraphModel model =
        sample.network().build(sample.input(), precision, 1, DeviceChoice.AUTO)) {
      model.assign(statistics(model));
      Map<String, double[]> kernels = kernels(model);
      List<String> ways = List.copyOf(kernels.keySet());
      for (int i = 0; i < ways.size(); i++) {
        for (int k = i + 1; k < ways.size(); k++) {
          double error = difference(kernels.get(ways.get(i)), kernels.get(ways.get(k)));
          String which = ways.get(i) + " and " + ways.get(k);
          assertTrue(error <= tolerance, () -> which + ": " + error + ", " + sample.network());
        }
      }
    }
  }

  /** The kernel by every way there is, by the way's name. */
  private static Map<String, double[]> kernels(GraphModel model) {
    double[] x1 = noise("x1", N1 * model.exampleSize());
    double[] x2 = noise("x2", N2 * model.exampleSize());
    Map<String, double[]> kernels = new LinkedHashMap<>();
    kernels.put("one by one", kernel(model, RouteAgreementTest::opaque, x1, x2));
    kernels.put("chosen", kernel(model, UnaryOperator.identity(), x1, x2));
    for (Route route : Route.values()) {
      String name = route.name().toLowerCase(Locale.ROOT);
      kernels.put(name, kernel(model, part -> part.on(route), x1, x2));
    }
    kernels.put("matrix-free", matrixFree(model, x1, x2));
    return kernels;
  }

  private static Part opaque(Part part) {
    List<Use> uses = List.of(new Use.Opaque(part.parameter()));
    return new Part(part.parameter(), uses, Optional.empty(), Route.JACOBIAN);
  }

  private static double[] kernel(
      GraphModel model, UnaryOperator<Part> change, double[] x1, double[] x2) {
    try (EmpiricalNtk ntk = EmpiricalNtk.of(model, OutputChoice.FULL, change)) {
      return ntk.matrix(x1, N1, x2, N2);
    }
  }

  /** Θ times the unit vectors. */
  private static double[] matrixFree(GraphModel model, double[] x1, double[] x2) {
    int columns = N2 * model.outputs();
    double[] unit = new double[columns * columns];
    for (int k = 0; k < columns; k++) {
      unit[k * columns + k] = 1;
    }
    return MatrixFreeNtk.of(model).times(x1, N1, x2, N2, unit, columns);
  }

  private static double[] noise(String name, int n) {
    double[] x = new double[n];
    Arrays.setAll(x, RandomStream.of(9, name)::normal);
    return x;
  }

  /** Batch norms that change every channel in its own way; their defaults hide errors. */
  private static Map<String, double[]> statistics(GraphModel model) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Parameter variable : model.variables()) {
      if (variable.name().startsWith("bn")) {
        double[] g = noise(variable.name(), variable.spec().size());
        boolean shift = variable.name().matches(".*/(beta|mean)");
        values.put(
            variable.name(),
            Arrays.stream(g).map(a -> shift ? 0.3 * a : Math.exp(0.3 * a)).toArray());
      }
    }
    return values;
  }

  /** Relative in the Frobenius norm; NaN is not small. */
  private static double difference(double[] a, double[] b) {
    assertEquals(a.length, b.length);
    double error = 0;
    double norm = 0;
    for (int k = 0; k < a.length; k++) {
      error += (a[k] - b[k]) * (a[k] - b[k]);
      norm += a[k] * a[k];
    }
    return Math.sqrt(error / norm);
  }
}
