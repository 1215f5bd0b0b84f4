package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.SlabStack.Top;
import org.tfjavantk.linalg.Blas;

class SlabKernelTest {
  static Stream<Arguments> stacksAndPrecisions() {
    return Stacks.various().stream()
        .flatMap(
            stack ->
                Stream.of(
                    Arguments.of(stack, Precision.FLOAT64, 1e-13),
                    Arguments.of(stack, Precision.FLOAT32, 2e-6)));
  }

  @ParameterizedTest
  @MethodSource("stacksAndPrecisions")
  void equalsTheRecursionOnTheWholeCovariance(
      SlabStack stack, Precision precision, double tolerance) {
    SlabKernel kernel = new SlabKernel(stack, precision);
    List<double[]> x = Stacks.images(stack, 3, "x");
    List<double[]> z = Stacks.images(stack, 2, "z");
    SlabTile tile = kernel.tile(kernel.prepare(x), kernel.prepare(z), pairs -> {});
    SlabTile self = tile(kernel, x);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 2; j++) {
        close(WholeCovariance.kernels(stack, x.get(i), z.get(j)), tile, i, j, tolerance);
      }
      for (int j = 0; j < 3; j++) {
        close(WholeCovariance.kernels(stack, x.get(i), x.get(j)), self, i, j, tolerance);
      }
    }
  }

  private static void close(double[] expected, SlabTile tile, int i, int j, double tolerance) {
    int at = i * tile.columns() + j;
    String where = i + ", " + j;
    assertEquals(expected[0], tile.nngp()[at], tolerance * Math.abs(expected[0]), where);
    assertEquals(expected[1], tile.ntk()[at], tolerance * Math.abs(expected[1]), where);
  }

  private static SlabTile tile(SlabKernel kernel, List<double[]> images) {
    List<SlabExample> examples = kernel.prepare(images);
    return kernel.tile(examples, examples, pairs -> {});
  }

  @Test
  void theVectorApiIsUsedWhereJavaHasIt() {
    assertTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent());
    assertEquals("VectorFloats", SlabMaths.floats().getClass().getSimpleName());
  }

  @Test
  void aPairIsTheSameInAnyTileOnAnyNumberOfThreads() {
    for (Precision precision : Precision.values()) {
      for (SlabStack stack : Stacks.various().subList(4, 7)) {
        SlabKernel kernel = new SlabKernel(stack, precision);
        List<SlabExample> examples = kernel.prepare(Stacks.images(stack, 7, "x"));
        SlabTile whole = kernel.tile(examples.subList(0, 4), examples, pairs -> {});
        int threads = Blas.threads();
        try {
          Blas.setThreads(1);
          for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 7; j++) {
              SlabTile one =
                  kernel.tile(examples.subList(i, i + 1), examples.subList(j, j + 1), pairs -> {});
              assertEquals(whole.nngp()[i * 7 + j], one.nngp()[0]);
              assertEquals(whole.ntk()[i * 7 + j], one.ntk()[0]);
            }
          }
        } finally {
          Blas.setThreads(threads);
        }
      }
    }
  }

  @Test
  void aSymmetricTileEqualsTheRectangularOne() {
    SlabStack stack = Stacks.various().get(4);
    SlabKernel kernel = new SlabKernel(stack, Precision.FLOAT64);
    List<SlabExample> examples = kernel.prepare(Stacks.images(stack, 5, "x"));
    SlabTile symmetric = kernel.tile(examples, examples, pairs -> {});
    SlabTile whole = kernel.tile(examples, List.copyOf(new ArrayList<>(examples)), pairs -> {});
    for (int i = 0; i < 25; i++) {
      assertEquals(whole.ntk()[i], symmetric.ntk()[i], 1e-13 * whole.ntk()[0]);
      assertEquals(symmetric.ntk()[i % 5 * 5 + i / 5], symmetric.ntk()[i]);
      assertEquals(symmetric.nngp()[i % 5 * 5 + i / 5], symmetric.nngp()[i]);
    }
  }

  @Test
  void theSeriesOfDoublesAreExact() {
    SlabStack stack = Stacks.deep(Top.AVERAGE);
    SlabStack small = new SlabStack(9, 8, 3, stack.stages(), Top.AVERAGE, 1, 0);
    List<double[]> images = Stacks.images(small, 3, "x");
    SlabTile exact =
        tile(new SlabKernel(small, Precision.FLOAT64, Floats::new, ExactDoubles::new), images);
    SlabTile tile = tile(new SlabKernel(small, Precision.FLOAT64), images);
    assertArrayEquals(exact.ntk(), tile.ntk(), 1e-14 * exact.ntk()[0]);
    assertArrayEquals(exact.nngp(), tile.nngp(), 1e-14 * exact.nngp()[0]);
  }

  @Test
  void nearlyParallelImagesAreExactInSinglePrecision() {
    for (Top top : Top.values()) {
      SlabStack stack = Stacks.deep(top);
      List<double[]> images = Stacks.images(stack, 2, "x");
      double[] near = images.get(0).clone();
      for (int i = 0; i < near.length; i++) {
        near[i] += 1e-4 * images.get(1)[i];
      }
      List<double[]> x = List.of(images.get(0), near, images.get(0).clone());
      SlabTile exact = tile(new SlabKernel(stack, Precision.FLOAT64), x);
      SlabTile tile = tile(new SlabKernel(stack, Precision.FLOAT32), x);
      assertArrayEquals(exact.ntk(), tile.ntk(), 1e-12 * exact.ntk()[0]);
      // The third is the first: the angles at p = q are 0.
      assertEquals(tile.ntk()[0], tile.ntk()[2]);
      assertEquals(tile.ntk()[0], tile.ntk()[8]);
    }
  }

  @Test
  void theKernelOfAnImageWithItselfIsLinearWhereAllIsFlattened() {
    SlabStack stack = Stacks.deep(Top.FLATTEN);
    double[] image = new double[32 * 32 * 3];
    Arrays.fill(image, 1);
    SlabTile tile = tile(new SlabKernel(stack, Precision.FLOAT32), List.of(image));
    // Without angles a layer is a box filter of both, and the Θ's of its five are added.
    double[] v = new double[34 * 34];
    for (int i = 0; i < 32 * 32; i++) {
      v[(i / 32 + 1) * 34 + i % 32 + 1] = 1;
    }
    double[] theta = new double[v.length];
    for (int layer = 0; layer < 5; layer++) {
      double[] k = layer == 0 ? filtered(v, 2) : filtered(v, 1);
      double[] t = filtered(theta, 1);
      for (int i = 0; i < v.length; i++) {
        theta[i] = t[i] + k[i];
      }
      v = k;
    }
    double nngp = Arrays.stream(v).sum() / 1024 / 2;
    assertEquals(nngp, tile.nngp()[0], 1e-13);
    assertEquals(nngp + Arrays.stream(theta).sum() / 1024 / 2, tile.ntk()[0], 1e-12);
  }

  private static double[] filtered(double[] v, double by) {
    double[] out = new double[v.length];
    for (int y = 1; y <= 32; y++) {
      for (int x = 1; x <= 32; x++) {
        for (int d = 0; d < 9; d++) {
          out[y * 34 + x] += by / 9 * v[(y + d / 3 - 1) * 34 + x + d % 3 - 1];
        }
      }
    }
    return out;
  }

  @Test
  void imagesWithoutLightGiveZeroes() {
    SlabStack stack = Stacks.myrtle();
    double[] image = Stacks.images(stack, 1, "x").get(0);
    double[] half = image.clone();
    Arrays.fill(half, 0, half.length / 2, 0);
    for (Precision precision : Precision.values()) {
      SlabTile tile =
          tile(new SlabKernel(stack, precision), List.of(new double[image.length], image, half));
      assertEquals(0, tile.ntk()[0]);
      assertEquals(0, tile.ntk()[1]);
      assertTrue(tile.ntk()[5] > 0 && tile.ntk()[5] < tile.ntk()[4]);
    }
  }

  @Test
  void isHomogeneousInTheImages() {
    SlabStack stack = Stacks.myrtle();
    List<double[]> images = Stacks.images(stack, 2, "x");
    double[] scaled = Arrays.stream(images.get(1)).map(x -> 1e-3 * x).toArray();
    SlabKernel kernel = new SlabKernel(stack, Precision.FLOAT64);
    SlabTile tile = tile(kernel, images);
    SlabTile smaller = tile(kernel, List.of(images.get(0), scaled));
    assertEquals(1e-3 * tile.ntk()[1], smaller.ntk()[1], 1e-15 * tile.ntk()[0]);
    assertEquals(1e-6 * tile.ntk()[3], smaller.ntk()[3], 1e-18 * tile.ntk()[0]);
  }

  @Test
  void tellsHowManyPairsAreDone() {
    SlabStack stack = Stacks.various().get(0);
    SlabKernel kernel = new SlabKernel(stack, Precision.FLOAT32);
    List<SlabExample> examples = kernel.prepare(Stacks.images(stack, 70, "x"));
    AtomicInteger done = new AtomicInteger();
    kernel.tile(examples, examples, done::addAndGet);
    assertEquals(70 * 71 / 2, done.get());
    done.set(0);
    kernel.tile(examples.subList(0, 67), examples, done::addAndGet);
    assertEquals(67 * 70, done.get());
  }

  @Test
  void whatTheListenerThrowsEndsTheWork() {
    SlabStack stack = Stacks.various().get(0);
    SlabKernel kernel = new SlabKernel(stack, Precision.FLOAT32);
    List<SlabExample> examples = kernel.prepare(Stacks.images(stack, 70, "x"));
    IllegalStateException stop = new IllegalStateException("stop");
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                kernel.tile(
                    examples,
                    examples,
                    pairs -> {
                      throw stop;
                    }));
    assertTrue(thrown == stop || thrown.getCause() == stop);
    assertSame(IllegalStateException.class, thrown.getClass());
  }

  @Test
  void refusesAnImageOfAnotherSize() {
    SlabKernel kernel = new SlabKernel(Stacks.various().get(0), Precision.FLOAT32);
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> kernel.prepare(List.of(new double[47])));
    assertTrue(e.getMessage().contains("47 values are no image of 4 × 4 × 3"), e.getMessage());
  }
}
