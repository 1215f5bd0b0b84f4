package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

/** Tiles against the plain functions of two points. */
class AnalyticTilesTest {
  private static final int[] SHAPE = {4, 3, 2};

  @TempDir private Path folder;

  static List<AnalyticKernel> kernels() {
    return AnalyticKernelTest.kernels();
  }

  /** Points of their own. */
  private record Points(double[]... points) implements Examples {
    @Override
    public int[] shape() {
      return SHAPE;
    }

    @Override
    public int count() {
      return points.length;
    }

    @Override
    public int classes() {
      return 1;
    }

    @Override
    public int label(int example) {
      return 0;
    }

    @Override
    public void read(int example, double[] into, int at) {
      System.arraycopy(points[example], 0, into, at, size());
    }
  }

  /** Normal points; then the first again, nearly so at three distances, its opposite, and 0. */
  private static Points points(int normal, long seed) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < normal; i++) {
      RandomStream stream = RandomStream.of(seed, "point" + i);
      double[] point = new double[24];
      Arrays.setAll(point, k -> stream.normal(k));
      points.add(point);
    }
    double[] first = points.get(0);
    for (double off : new double[] {0, 1e-9, 1e-4, 0.05}) {
      double[] near = first.clone();
      Arrays.setAll(near, k -> first[k] + off * Math.sin(k));
      points.add(near);
    }
    points.add(Arrays.stream(first).map(v -> -v).toArray());
    points.add(new double[24]);
    return new Points(points.toArray(double[][]::new));
  }

  private KernelStore compute(
      AnalyticKernel kernel, Examples rows, Examples columns, Precision precision, int tile) {
    AnalyticTiles tiles = AnalyticTiles.of(kernel, SHAPE);
    InfinitePlan plan = tiles.plan(rows.count(), precision, 1 << 28, tile);
    assertEquals(tile, plan.tile());
    int width = columns == null ? rows.count() : columns.count();
    KernelStore store =
        KernelStore.openOrCreate(
            folder.resolve(precision + "-" + tile + (columns == null ? "" : "-cross")),
            new KernelLayout(
                rows.count(),
                width,
                1,
                plan.tile(),
                columns == null,
                StorageType.valueOf(precision.name())),
            Map.of());
    tiles.tiled(rows, columns, store, plan).compute((t, done, total) -> {});
    return store;
  }

  private static double[][] values(KernelStore store) {
    List<double[]> rows = new ArrayList<>();
    store.readRows((row, values) -> rows.add(values.clone()));
    return rows.toArray(double[][]::new);
  }

  /** Every entry, relative to the square root of the product of the two diagonal entries. */
  private static void assertKernel(
      AnalyticKernel kernel, Points rows, Points columns, double[][] found, double tolerance) {
    assertEquals(rows.count(), found.length);
    for (int i = 0; i < found.length; i++) {
      assertEquals(columns.count(), found[i].length);
      for (int j = 0; j < found[i].length; j++) {
        double[] x = rows.points()[i];
        double[] z = columns.points()[j];
        double scale = Math.sqrt(kernel.value(x, x) * kernel.value(z, z));
        assertEquals(
            kernel.value(x, z), found[i][j], tolerance * scale, kernel + ": " + i + ", " + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyTileHoldsTheFunction(AnalyticKernel kernel) {
    Points x = points(13, 1);
    Points z = points(5, 2);
    for (Precision precision : Precision.values()) {
      Precision arithmetic = AnalyticTiles.of(kernel, SHAPE).arithmetic(precision);
      double tolerance =
          precision == Precision.FLOAT64 ? 1e-13 : arithmetic == precision ? 1e-6 : 1e-7;
      for (int tile : new int[] {1, 4, 19}) {
        double[][] self = values(compute(kernel, x, null, precision, tile));
        assertKernel(kernel, x, x, self, tolerance);
        for (int i = 0; i < self.length; i++) {
          for (int j = 0; j < i; j++) {
            assertEquals(self[j][i], self[i][j], "symmetric");
          }
        }
        if (tile <= z.count()) {
          assertKernel(kernel, z, x, values(compute(kernel, z, x, precision, tile)), tolerance);
        }
      }
    }
  }

  /** Each says of itself what it was computed in. */
  @Test
  void deepKernelsAloneAreComputedInFloat32() {
    for (AnalyticKernel kernel : kernels()) {
      AnalyticTiles tiles = AnalyticTiles.of(kernel, SHAPE);
      assertEquals(Precision.FLOAT64, tiles.arithmetic(Precision.FLOAT64));
      assertEquals(
          kernel instanceof AnalyticKernel.DeepNtk ? Precision.FLOAT32 : Precision.FLOAT64,
          tiles.arithmetic(Precision.FLOAT32));
    }
  }

  /** What float32 cannot know of examples that are close together, the store of float32 holds. */
  @Test
  void float32KnowsSmallDistances() {
    Points x = points(3, 1);
    AnalyticKernel kernel = new AnalyticKernel.Laplace(1e-4);
    double[][] found = values(compute(kernel, x, null, Precision.FLOAT32, 9));
    double expected = kernel.value(x.points()[0], x.points()[5]);
    assertTrue(expected < 0.1 && expected > 0.01, () -> "" + expected);
    assertEquals(expected, found[0][5], 1e-7 * expected);
    assertEquals(1, found[0][3]);
  }

  @Test
  void tooLittleMemoryIsRefused() {
    AnalyticTiles tiles = AnalyticTiles.of(new AnalyticKernel.Rbf(1), SHAPE);
    UserException e =
        assertThrows(UserException.class, () -> tiles.plan(100, Precision.FLOAT32, 1 << 20, 300));
    assertTrue(e.getMessage().contains("raise memory, or lower tile"), e.getMessage());
    assertTrue(e.getMessage().contains("the kernel exp("), e.getMessage());
  }

  @Test
  void theMedianDistanceIsThatOfAllPairsOfFewExamples() {
    double[][] points = new double[4][24];
    for (int i = 0; i < 4; i++) {
      points[i][7] = new double[] {0, 1, 3, 7}[i];
    }
    // Distances 1, 2, 3, 4, 6, 7.
    assertEquals(3.5, MedianDistance.of(new Points(points), 1));
    assertEquals(3.5, MedianDistance.of(new Points(points), 2));
    assertEquals(2, MedianDistance.of(new Points(points[0], points[1], points[2]), 1));
    assertEquals(0, MedianDistance.of(new Points(points[0]), 1));
    assertEquals(0, MedianDistance.of(new Points(points[1], points[1]), 1));
  }

  /** Distances of independent normal points of 24 numbers: 2 χ²₂₄, whose median is 2 · 23.337. */
  @Test
  void theMedianDistanceOfManyIsThatOfASample() {
    double[][] points = new double[2000][24];
    RandomStream stream = RandomStream.of(1, "many");
    for (int i = 0; i < points.length * 24; i++) {
      points[i / 24][i % 24] = stream.normal(i);
    }
    double expected = Math.sqrt(2 * 23.337);
    double median = MedianDistance.of(new Points(points), 1);
    assertEquals(expected, median, 0.02 * expected);
    assertEquals(median, MedianDistance.of(new Points(points), 1));
    assertTrue(median != MedianDistance.of(new Points(points), 2), "drawn with the seed");
  }
}
