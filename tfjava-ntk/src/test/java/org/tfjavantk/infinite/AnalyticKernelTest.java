package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.infinite.AnalyticKernel.ArcCosine;
import org.tfjavantk.infinite.AnalyticKernel.DeepNtk;
import org.tfjavantk.infinite.AnalyticKernel.Laplace;
import org.tfjavantk.infinite.AnalyticKernel.NeuralTangent;
import org.tfjavantk.infinite.AnalyticKernel.Polynomial;
import org.tfjavantk.infinite.AnalyticKernel.RandomFeatures;
import org.tfjavantk.infinite.AnalyticKernel.Rbf;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.ShiftedCholesky;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.random.RandomStream;

class AnalyticKernelTest {
  private static final double[] COSINES = {1, 0.9, 0.5, 0, -0.5, -1};

  static List<AnalyticKernel> kernels() {
    return List.of(
        new Rbf(1.7),
        new Laplace(0.8),
        new Polynomial(3, 0.5),
        new ArcCosine(0),
        new ArcCosine(1),
        new ArcCosine(2),
        new RandomFeatures(),
        new NeuralTangent(),
        new DeepNtk(1),
        new DeepNtk(4));
  }

  static Stream<Arguments> knownValues() {
    double[] rf = {.5, .4547691994, .3044988905, .1591549431, .0544988905, 0};
    double[] nt = {1, .8401643675, .4711655572, .1591549431, -.0288344428, 0};
    double[] three = {.75, .5922034157, .3378698903, .1714271591, .0859655616, .0795774715};
    double[] four = {.5, .3732116484, .2172305849, .1325485134, .0927811662, .0857135796};
    return Stream.of(
        Arguments.of(new RandomFeatures(), 1, rf),
        Arguments.of(new NeuralTangent(), 1, nt),
        Arguments.of(new DeepNtk(2), 1, nt),
        Arguments.of(new DeepNtk(3), 7, three),
        Arguments.of(new DeepNtk(4), 7, four));
  }

  /** Points of length √d at these angles, in a plane. */
  @ParameterizedTest
  @MethodSource("knownValues")
  void valuesAtKnownAngles(AnalyticKernel kernel, int d, double[] expected) {
    for (int i = 0; i < COSINES.length; i++) {
      assertEquals(expected[i], kernel.value(d, d, COSINES[i] * d, d), 1e-9);
    }
    for (int i = 0; d > 1 && i < COSINES.length; i++) {
      double[] x = new double[d];
      double[] z = new double[d];
      x[2] = Math.sqrt(d);
      z[2] = COSINES[i] * x[2];
      z[5] = Math.sqrt(d * (1 - COSINES[i] * COSINES[i]));
      assertEquals(expected[i], kernel.value(x, z), 1e-9);
    }
  }

  /** E max(w·x, 0)ⁿ max(w·z, 0)ⁿ by the duals, which arrive at it by Price's theorem. */
  @Test
  void arcCosineKernelsAreTwiceTheDualsOfPowers() {
    for (int order = 0; order <= 2; order++) {
      Dual dual = RectifiedMonomialDual.of(order);
      for (double[] v : new double[][] {{2, 3, 1}, {2, 3, -2.4}, {0.1, 5, 0.7}, {0, 2, 0}}) {
        assertEquals(
            2 * dual.nngp(v[0], v[1], v[2]),
            new ArcCosine(order).value(v[0], v[1], v[2], 3),
            1e-13);
      }
    }
  }

  @Test
  void deepKernelsAreThoseOfNetworks() {
    int d = 5;
    Parametrization p = new Parametrization.Ntk(1, 0);
    for (int depth = 1; depth <= 6; depth++) {
      List<Layer> layers = new ArrayList<>();
      for (int layer = 0; layer < depth; layer++) {
        if (layer > 0) {
          layers.add(new Layer.Nonlinearity(Activation.RELU));
        }
        layers.add(new Layer.Dense(2, false, p));
      }
      InfiniteKernel network = InfiniteKernel.of(new Network("dense", layers), d);
      for (int i = 0; i < 20; i++) {
        double[] x = normal(d, 2 * i);
        double[] z = normal(d, 2 * i + 1);
        assertEquals(network.of(x, z).ntk()[0], new DeepNtk(depth).value(x, z), 1e-14);
        assertEquals(network.of(x).ntk()[0], new DeepNtk(depth).value(x, x), 1e-14);
      }
    }
  }

  @Test
  void theTwoLayerKernelIsItsFormulas() {
    double[] x = normal(4, 1);
    double[] z = normal(4, 2);
    AnalyticKernel rf = new RandomFeatures();
    AnalyticKernel nt = new NeuralTangent();
    double xz = IntStream.range(0, 4).mapToDouble(i -> x[i] * z[i]).sum();
    double step = new ArcCosine(0).value(x, z) / 2;
    assertEquals(rf.value(x, z) + xz * step, nt.value(x, z), 1e-15);
    assertEquals(4 * new DeepNtk(2).value(x, z), nt.value(x, z), 1e-14);
    assertEquals(new ArcCosine(1).value(x, z) / 2, rf.value(x, z), 1e-15);
  }

  @Test
  void theDiagonalIsExactAndTheKernelHomogeneous() {
    for (int i = 0; i < 20; i++) {
      double[] x = normal(6, i);
      double[] z = normal(6, 100 + i);
      double xx = IntStream.range(0, 6).mapToDouble(k -> x[k] * x[k]).sum();
      assertEquals(xx / 2, new RandomFeatures().value(xx, xx, xx, 6));
      assertEquals(xx, new NeuralTangent().value(xx, xx, xx, 6));
      assertEquals(xx / 2, new RandomFeatures().value(x, x), 1e-15 * xx);
      assertEquals(1, new ArcCosine(0).value(x, x));
      assertEquals(1, new Rbf(2).value(x, x));
      assertEquals(1, new Laplace(2).value(x, x));
      double[] longer = IntStream.range(0, 6).mapToDouble(k -> 2.5 * x[k]).toArray();
      for (AnalyticKernel kernel : List.of(new RandomFeatures(), new NeuralTangent())) {
        assertEquals(2.5 * kernel.value(x, z), kernel.value(longer, z), 1e-13 * xx);
        assertEquals(2.5 * kernel.value(z, x), kernel.value(z, longer), 1e-13 * xx);
      }
    }
  }

  /** Points at an angle of 2⁻³⁰ and a distance of 2⁻²⁹˙⁵, both of which products cannot see. */
  @Test
  void smallAnglesAndDistancesKeepTheirDigits() {
    double tiny = 0x1p-30;
    double[] x = {1, 1};
    double[] z = {1 + tiny, 1 - tiny};
    assertTrue(new Laplace(1).near(2, 2, 2) && new ArcCosine(0).near(2, 2, 2));
    double r = tiny * Math.sqrt(2);
    assertEquals(-r, Math.log(new Laplace(1).value(x, z)), 1e-16);
    assertEquals(-r / 1e-9, Math.log(new Laplace(1e-9).value(x, z)), 1e-14);
    assertEquals(-r * r / (2 * r * r), Math.log(new Rbf(r).value(x, z)), 1e-14);
    assertEquals(1 - tiny / Math.PI, new ArcCosine(0).value(x, z), 1e-16);
    // k_NT = 2 cos θ (1 - θ/π) + 2 sin θ / 2π, to first order in θ.
    assertEquals(2 - tiny / Math.PI, new NeuralTangent().value(x, z), 1e-15);
    // Θ loses Θ_{l-1} θ / 2π at every layer, where angles stay as they are to first order.
    double three = 0.75 - tiny / Math.PI * (0.5 * (0.5 + 0.5) + 0.25);
    assertEquals(three, new DeepNtk(3).value(x, z), 1e-15);
    double[] opposite = {-1 - tiny, -1 + tiny};
    assertEquals(tiny / Math.PI, new ArcCosine(0).value(x, opposite), 1e-16);
  }

  @Test
  void aPointAtTheOrigin() {
    double[] zero = new double[3];
    double[] x = normal(3, 1);
    for (double[] z : List.of(zero, x)) {
      for (AnalyticKernel kernel :
          List.of(new RandomFeatures(), new NeuralTangent(), new DeepNtk(3), new ArcCosine(2))) {
        assertEquals(0, kernel.value(zero, z));
        assertEquals(0, kernel.value(z, zero));
      }
      assertEquals(0.5, new ArcCosine(0).value(zero, z));
      assertEquals(0.5, new ArcCosine(0).value(z, zero));
      assertEquals(8, new Polynomial(3, 2).value(zero, z));
    }
    assertEquals(1, new Rbf(1).value(zero, zero));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void kernelsArePositiveSemidefinite(AnalyticKernel kernel) {
    int n = 60;
    double[][] points = new double[n][];
    for (int i = 0; i < n; i++) {
      points[i] = normal(4, i % 40); // twenty of them twice
    }
    double[] eigenvalues = eigenvalues(matrix(kernel, points, points));
    double least = IntStream.range(0, n).mapToDouble(i -> eigenvalues[i]).min().orElseThrow();
    double most = IntStream.range(0, n).mapToDouble(i -> eigenvalues[i]).max().orElseThrow();
    assertTrue(least >= -1e-13 * most, kernel + ": " + least + " of " + most);
  }

  private static double[] eigenvalues(double[][] k) {
    try (Matrix matrix = Matrix.of(k)) {
      return SymmetricEigen.values(matrix);
    }
  }

  /** Kernel ridge regression of y = (1, -1, 1/2, 2) at four points, with a ridge of 0.1. */
  static Stream<Arguments> regressions() {
    return Stream.of(
        Arguments.of(
            new RandomFeatures(),
            new double[] {-1.79446175, -1.00007834, 1.74538673, 4.7842889},
            new double[] {-.90717031, .21669499},
            .0753901120),
        Arguments.of(
            new NeuralTangent(),
            new double[] {-.89369538, -.41892906, 1.32921619, 2.51919517},
            new double[] {-.92685461, .15795981},
            .0227183824),
        Arguments.of(
            new Polynomial(2, 1), null, new double[] {-1.08843608, .38510748}, .0156140932));
  }

  @ParameterizedTest
  @MethodSource("regressions")
  void regressionsOnSixPoints(
      AnalyticKernel kernel, double[] coefficients, double[] predictions, double error) {
    double[] y = {1, -1, 0.5, 2};
    double[][] points = new double[6][3];
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 3; j++) {
        points[i][j] = Math.cos(1 + 2 * i + j * (i + 1)) + 0.1 * j;
      }
    }
    double[][] train = List.of(points).subList(0, 4).toArray(double[][]::new);
    double[][] test = List.of(points).subList(4, 6).toArray(double[][]::new);
    double[][] k = matrix(kernel, train, train);
    if (kernel instanceof RandomFeatures) {
      assertArrayEquals(new double[] {.50798177, .00061499, .05811043, .41598448}, k[0], 1e-8);
    }
    double[] a = solve(k, 0.1, y);
    if (coefficients != null) {
      assertArrayEquals(coefficients, a, 1e-8);
    }
    assertArrayEquals(predictions, times(matrix(kernel, test, train), a), 1e-8);
    double[] fitted = times(k, a);
    double found =
        IntStream.range(0, 4).mapToDouble(i -> (fitted[i] - y[i]) * (fitted[i] - y[i])).sum() / 4;
    assertEquals(error, found, 1e-10);
  }

  private static double[] solve(double[][] k, double ridge, double[] y) {
    double[][] column = new double[y.length][];
    for (int i = 0; i < y.length; i++) {
      column[i] = new double[] {y[i]};
    }
    try (Matrix matrix = Matrix.of(k);
        Matrix right = Matrix.of(column)) {
      ShiftedCholesky cholesky = new ShiftedCholesky(matrix);
      assertTrue(cholesky.factor(y.length, ridge).positiveDefinite());
      cholesky.solve(right);
      return Stream.of(right.toArrays()).mapToDouble(row -> row[0]).toArray();
    }
  }

  private static double[] times(double[][] k, double[] a) {
    return Stream.of(k)
        .mapToDouble(row -> IntStream.range(0, a.length).mapToDouble(i -> row[i] * a[i]).sum())
        .toArray();
  }

  private static double[][] matrix(AnalyticKernel kernel, double[][] x, double[][] z) {
    double[][] k = new double[x.length][z.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < z.length; j++) {
        k[i][j] = kernel.value(x[i], z[j]);
      }
    }
    return k;
  }

  private static double[] normal(int d, int which) {
    RandomStream stream = RandomStream.of(1, "point" + which);
    return IntStream.range(0, d).mapToDouble(stream::normal).toArray();
  }

  @Test
  void kernelsOfNothingAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Rbf(0));
    assertThrows(IllegalArgumentException.class, () -> new Laplace(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Polynomial(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Polynomial(2, -1));
    assertThrows(IllegalArgumentException.class, () -> new ArcCosine(3));
    assertThrows(IllegalArgumentException.class, () -> new DeepNtk(0));
  }
}
