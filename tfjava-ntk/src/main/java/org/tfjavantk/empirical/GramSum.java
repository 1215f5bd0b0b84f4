package org.tfjavantk.empirical;

import java.util.stream.IntStream;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * The sum over positions of the Gram route: block[(x, c), (x', c')] += Σ_{p,q} G[(x, p), (x', q)]
 * E[(x, c, p), (x', c', q)].
 */
final class GramSum {
  /** Rows of E: so many examples at a time that the products are fast and E stays small. */
  private static final int ROWS = 1280;

  private final int outputs;
  private final int positions;
  private final Precision precision;

  GramSum(int outputs, int positions, Precision precision) {
    this.outputs = outputs;
    this.positions = positions;
    this.precision = precision;
  }

  /** How many examples to take at a time. */
  static int examples(int outputs, int positions) {
    return Math.max(1, ROWS / (outputs * positions));
  }

  /** Adds the sums of n1 x n2 examples to the block at an offset. */
  void add(NativeArray g, NativeArray e, int n1, int n2, NativeArray block, long at, int stride) {
    int width = n2 * outputs;
    int gs = n1 * positions * n2 * positions;
    int es = gs * outputs * outputs;
    if (precision == Precision.FLOAT32) {
      float[] gram = new float[gs];
      float[] products = new float[es];
      g.get(0, gram, gs);
      e.get(0, products, es);
      IntStream.range(0, n1 * outputs)
          .parallel()
          .forEach(
              row -> {
                float[] sums = new float[width];
                block.get(at + (long) row * stride, sums, width);
                for (int p = 0; p < positions; p++) {
                  int left = (row / outputs * positions + p) * n2 * positions;
                  int right = (row * positions + p) * width * positions;
                  addRow(gram, left, products, right, sums);
                }
                block.put(at + (long) row * stride, sums, 0, width);
              });
    } else {
      double[] gram = new double[gs];
      double[] products = new double[es];
      g.get(0, gram, gs);
      e.get(0, products, es);
      IntStream.range(0, n1 * outputs)
          .parallel()
          .forEach(
              row -> {
                double[] sums = new double[width];
                block.get(at + (long) row * stride, sums, width);
                for (int p = 0; p < positions; p++) {
                  int left = (row / outputs * positions + p) * n2 * positions;
                  int right = (row * positions + p) * width * positions;
                  addRow(gram, left, products, right, sums);
                }
                block.put(at + (long) row * stride, sums, 0, width);
              });
    }
  }

  /** sums[(x', c')] += Σ_q g[(x', q)] e[(x', c', q)]. */
  private void addRow(float[] g, int left, float[] e, int right, float[] sums) {
    int d = positions;
    for (int column = 0; column < sums.length; column++) {
      int i = left + column / outputs * d;
      int j = right + column * d;
      float even = 0;
      float odd = 0;
      int q = 0;
      for (; q + 1 < d; q += 2) {
        even += g[i + q] * e[j + q];
        odd += g[i + q + 1] * e[j + q + 1];
      }
      sums[column] += even + odd + (q < d ? g[i + q] * e[j + q] : 0);
    }
  }

  private void addRow(double[] g, int left, double[] e, int right, double[] sums) {
    int d = positions;
    for (int column = 0; column < sums.length; column++) {
      int i = left + column / outputs * d;
      int j = right + column * d;
      double even = 0;
      double odd = 0;
      int q = 0;
      for (; q + 1 < d; q += 2) {
        even += g[i + q] * e[j + q];
        odd += g[i + q + 1] * e[j + q + 1];
      }
      sums[column] += even + odd + (q < d ? g[i + q] * e[j + q] : 0);
    }
  }
}
