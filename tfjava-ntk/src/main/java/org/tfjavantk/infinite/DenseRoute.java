package org.tfjavantk.infinite;

import java.util.Arrays;
import org.tfjavantk.infinite.SlabMath.Angles;
import org.tfjavantk.infinite.SlabMath.Pair;
import org.tfjavantk.linalg.NativeArray;

/**
 * Dense layers with ReLU in float32: one matrix product, then row by row through all layers.
 *
 * <p>Where two examples are nearly parallel at some layer, the angle that float32 knows of them is
 * wrong by more than it is worth: those entries, and those of an example with itself, are computed
 * anew in float64.
 */
final class DenseRoute implements KernelRoute<DenseRoute.Side> {
  /**
   * Cosines above are computed anew. The cosine is known to about 1e-7, the angle to 1e-7 / angle,
   * and Θ to that over π: below 1e-6 down to angles of 0.04.
   */
  private static final float NEAR = 0.999f;

  /** The arithmetic goes over so many values at a time. */
  private static final int STEP = 16;

  private final DenseStack stack;
  private final SlabMath<float[]> math = SlabMaths.floats();
  private final Dual relu = new PiecewiseLinearDual(0, 1);

  DenseRoute(DenseStack stack) {
    this.stack = stack;
  }

  /**
   * Examples alone.
   *
   * @param x (count, d)
   * @param vectors the same in float32
   * @param variances before every layer's ReLU, (layers, count)
   * @param deviations their roots, with some zeros behind
   */
  record Side(double[] x, int count, float[] vectors, double[][] variances, float[][] deviations) {}

  @Override
  public Side side(double[] x, int count) {
    int d = stack.inputs();
    float[] vectors = new float[count * d];
    double[] v = new double[count];
    for (int i = 0; i < count; i++) {
      double sum = 0;
      for (int k = i * d; k < (i + 1) * d; k++) {
        vectors[k] = (float) x[k];
        sum += x[k] * x[k];
      }
      v[i] = sum / d;
    }
    int layers = stack.layers().size();
    double[][] variances = new double[layers][];
    float[][] deviations = new float[layers][];
    for (int l = 0; l < layers; l++) {
      DenseStack.Dense layer = stack.layers().get(l);
      for (int i = 0; i < count; i++) {
        v[i] = layer.weights() * v[i] + layer.bias();
      }
      variances[l] = v.clone();
      if (layer.relu()) {
        deviations[l] = deviations(v);
        Arrays.setAll(v, i -> relu.variance(v[i]));
      }
    }
    return new Side(x, count, vectors, variances, deviations);
  }

  private static float[] deviations(double[] variances) {
    float[] deviations = new float[variances.length + STEP];
    for (int i = 0; i < variances.length; i++) {
      deviations[i] = (float) Math.sqrt(variances[i]);
    }
    return deviations;
  }

  @Override
  public void tile(Side rows, Side columns, boolean alone, KernelTarget target) {
    int n2 = columns.count();
    try (NativeArray products =
        Products.of(rows.vectors(), columns.vectors(), stack.inputs(), alone)) {
      Lanes.work(
          rows.count(),
          () -> new Row(n2),
          (row, i) -> row.compute(rows, i, columns, alone ? i : 0, alone, products, target));
    }
  }

  /** A thread's memory for a row. */
  private final class Row {
    private final float[] k;
    private final float[] theta;
    private final Pair<float[]> both;
    private final float[] ones;
    private final float[] left;
    private final boolean[] near;

    Row(int columns) {
      int length = columns + STEP;
      k = new float[length];
      theta = new float[length];
      both = new Pair<>(k, theta);
      ones = new float[length];
      Arrays.fill(ones, 1);
      near = new boolean[length];
      left = new float[length];
    }

    void compute(
        Side rows,
        int i,
        Side columns,
        int from,
        boolean alone,
        NativeArray products,
        KernelTarget target) {
      int count = columns.count() - from;
      int n = (count + STEP - 1) / STEP * STEP;
      products.get((long) i * columns.count() + from, k, count);
      Arrays.fill(k, count, n, 0);
      Arrays.fill(theta, 0, n, 0);
      Arrays.fill(near, 0, count, false);
      float share = 1f / stack.inputs();
      scale(k, share, n);
      Angles angles = Angles.ANY;
      for (int l = 0; l < stack.layers().size(); l++) {
        DenseStack.Dense layer = stack.layers().get(l);
        float w = (float) layer.weights();
        if (layer.relu()) {
          float[] right = columns.deviations()[l];
          float deviation = rows.deviations()[l][i];
          Arrays.fill(left, 0, n, deviation);
          findNear(w, (float) layer.bias(), deviation, right, from, count);
          // The sum of three rows, all of them this one.
          scale(k, w / 3, n);
          scale(theta, w / 3, n);
          math.relu(both, 0, ones, layer.bias(), left, right, from, angles, both, 0, n);
          angles = Angles.ACUTE;
        } else {
          scale(k, w, n);
          scale(theta, w, n);
          add((float) layer.bias(), n);
        }
      }
      for (int j = 0; j < count; j++) {
        if (near[j] || alone && from + j == i) {
          exact(rows, i, columns, from + j, alone && from + j == i, j);
        }
      }
      target.put(KernelKind.NNGP, i, from, k, 0, count);
      target.put(KernelKind.NTK, i, from, theta, 0, count);
    }

    private void scale(float[] values, float by, int n) {
      for (int j = 0; j < n; j++) {
        values[j] *= by;
      }
    }

    private void add(float bias, int n) {
      for (int j = 0; j < n; j++) {
        k[j] += bias;
        theta[j] += k[j];
      }
    }

    private void findNear(
        float w, float bias, float deviation, float[] others, int from, int count) {
      float most = NEAR * deviation;
      for (int j = 0; j < count; j++) {
        near[j] |= Math.abs(w * k[j] + bias) > most * others[from + j];
      }
    }

    private void exact(Side rows, int i, Side columns, int j, boolean same, int to) {
      int d = stack.inputs();
      double product = 0;
      for (int c = 0; c < d; c++) {
        product += rows.x()[i * d + c] * columns.x()[j * d + c];
      }
      double cov = product / d;
      double ntk = 0;
      for (int l = 0; l < stack.layers().size(); l++) {
        DenseStack.Dense layer = stack.layers().get(l);
        cov = layer.weights() * cov + layer.bias();
        ntk = layer.weights() * ntk + cov;
        if (layer.relu()) {
          double v1 = rows.variances()[l][i];
          double v2 = columns.variances()[l][j];
          ntk *= same ? relu.derivativeVariance(v1) : relu.derivative(v1, v2, cov);
          cov = same ? relu.variance(v1) : relu.nngp(v1, v2, cov);
        }
      }
      k[to] = (float) cov;
      theta[to] = (float) ntk;
    }
  }
}
