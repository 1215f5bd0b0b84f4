package org.tfjavantk.infinite;

import java.util.Arrays;
import org.tfjavantk.linalg.NativeArray;

/**
 * Kernels in closed form: one matrix product, then row by row on all cores. The arithmetic is of
 * float64 for results of float32, too: a product in float32 would take less than half the time, but
 * not know small distances and angles, and whatever is done with the kernel takes longer than both.
 */
final class AnalyticRoute implements KernelRoute<AnalyticRoute.Side> {
  private final AnalyticKernel kernel;
  private final int d;

  AnalyticRoute(AnalyticKernel kernel, int d) {
    this.kernel = kernel;
    this.d = d;
  }

  /**
   * Examples alone.
   *
   * @param x (count, d)
   * @param squares |x|² of each
   */
  record Side(double[] x, int count, double[] squares) {}

  @Override
  public Side side(double[] x, int count) {
    double[] squares = new double[count];
    for (int i = 0; i < count * d; i++) {
      squares[i / d] += x[i] * x[i];
    }
    return new Side(x, count, squares);
  }

  @Override
  public void tile(Side rows, Side columns, boolean alone, KernelTarget target) {
    int n2 = columns.count();
    try (NativeArray products = Products.of(rows.x(), columns.x(), d, alone)) {
      Lanes.work(
          rows.count(),
          () -> new double[n2],
          (k, i) -> {
            int from = alone ? i : 0;
            int count = n2 - from;
            products.get((long) i * n2 + from, k, count);
            for (int j = 0; j < count; j++) {
              boolean same = alone && j == 0;
              k[j] = same ? diagonal(rows, i) : entry(rows, i, columns, from + j, k[j]);
            }
            target.put(AnalyticTiles.KIND, i, from, k, 0, count);
          });
    }
  }

  private double diagonal(Side rows, int i) {
    double xx = rows.squares()[i];
    return kernel.value(xx, xx, xx, d);
  }

  private double entry(Side rows, int i, Side columns, int j, double product) {
    double xx = rows.squares()[i];
    double zz = columns.squares()[j];
    return kernel.near(xx, zz, product)
        ? kernel.value(point(rows, i), point(columns, j))
        : kernel.value(xx, zz, product, d);
  }

  private double[] point(Side side, int i) {
    return Arrays.copyOfRange(side.x(), i * d, (i + 1) * d);
  }
}
