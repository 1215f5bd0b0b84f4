package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/** The graph for GPUs, on a CPU. */
class CovarianceGraphTest {
  private static final DeviceChoice CPU = new DeviceChoice(DeviceChoice.Kind.CPU, 0);

  static Stream<Arguments> stacksAndPrecisions() {
    return Stacks.various().stream()
        .flatMap(
            stack ->
                Stream.of(
                    Arguments.of(stack, Precision.FLOAT64, 1e-7),
                    Arguments.of(stack, Precision.FLOAT32, 1e-5)));
  }

  @ParameterizedTest
  @MethodSource("stacksAndPrecisions")
  void equalsTheRecursionOnTheWholeCovariance(
      SlabStack stack, Precision precision, double tolerance) {
    List<double[]> x = Stacks.images(stack, 3, "x");
    List<double[]> z = new ArrayList<>(Stacks.images(stack, 2, "z"));
    z.add(x.get(1));
    try (GraphRoute route = new GraphRoute(stack, precision, CPU)) {
      double[][] found = tile(route, x, z, false);
      double[][] alone = tile(route, x, x, true);
      for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
          close(WholeCovariance.kernels(stack, x.get(i), z.get(j)), found, i, j, tolerance);
          if (j >= i) {
            close(WholeCovariance.kernels(stack, x.get(i), x.get(j)), alone, i, j, tolerance);
          }
        }
      }
    }
  }

  private static void close(double[] expected, double[][] found, int i, int j, double tolerance) {
    for (int kind = 0; kind < 2; kind++) {
      assertEquals(
          expected[kind],
          found[kind][3 * i + j],
          tolerance * Math.abs(expected[kind]),
          i + ", " + j);
    }
  }

  /** NNGP and NTK, three examples with three. */
  private static double[][] tile(
      GraphRoute route, List<double[]> x, List<double[]> z, boolean alone) {
    List<SlabExample> rows = route.side(joined(x), 3);
    List<SlabExample> columns = alone ? rows : route.side(joined(z), 3);
    List<KernelKind> kinds = List.of(KernelKind.NNGP, KernelKind.NTK);
    try (NativeArray values = NativeArray.zeros(Precision.FLOAT64, 18)) {
      route.tile(rows, columns, alone, new KernelTarget(values, kinds, 3, 3));
      double[][] found = new double[2][9];
      values.get(0, found[0], 9);
      values.get(9, found[1], 9);
      return found;
    }
  }

  private static double[] joined(List<double[]> images) {
    return images.stream().flatMapToDouble(Arrays::stream).toArray();
  }
}
