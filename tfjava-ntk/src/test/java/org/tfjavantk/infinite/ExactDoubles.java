package org.tfjavantk.infinite;

import java.util.Arrays;

/** Slabs in float64, as the formulas say: the measure of all others. */
final class ExactDoubles implements SlabMath<double[]> {
  @Override
  public double[] zeros(int length) {
    return new double[length];
  }

  @Override
  public double[] of(double[] values) {
    return values.clone();
  }

  @Override
  public void clear(double[] array, int from, int n) {
    Arrays.fill(array, from, from + n, 0);
  }

  @Override
  public void products(
      int channels,
      double[] x,
      int length,
      double[] z,
      int shift,
      int zLength,
      double[] out,
      int from,
      int n) {
    for (int i = from; i < from + n; i++) {
      out[i] = 0;
      for (int c = 0; c < channels; c++) {
        out[i] += x[c * length + i] * z[c * zLength + i + shift];
      }
    }
  }

  @Override
  public void box(double[] in, double[] out, int step, int radius, double scale, int from, int n) {
    for (int i = from; i < from + n; i++) {
      double sum = 0;
      for (int j = -radius; j <= radius; j++) {
        sum += in[i + j * step];
      }
      out[i] = scale * sum;
    }
  }

  @Override
  public void relu(
      Pair<double[]> sums,
      int step,
      double[] mask,
      double bias,
      double[] p,
      double[] q,
      int shift,
      Angles angles,
      Pair<double[]> slab,
      int from,
      int n) {
    for (int i = from; i < from + n; i++) {
      double kc = (three(sums.k(), i, step) + bias) * mask[i];
      double tc = three(sums.theta(), i, step) * mask[i] + kc;
      double s = p[i] * q[i + shift];
      double sine = Math.sqrt(Math.max((s - kc) * (s + kc), 0));
      double angle = angles == Angles.ZERO ? 0 : Math.atan2(sine, kc);
      slab.k()[i] = (s * Math.sin(angle) + (Math.PI - angle) * kc) / (2 * Math.PI);
      slab.theta()[i] = tc * (Math.PI - angle) / (2 * Math.PI);
    }
  }

  private static double three(double[] values, int i, int step) {
    return values[i - step] + values[i] + values[i + step];
  }

  @Override
  public void add(
      double[] in,
      int inAt,
      int inStride,
      int step,
      double scale,
      double[] out,
      int outAt,
      int outStride,
      int width,
      int rows) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < width; i++) {
        out[outAt + r * outStride + i] += scale * in[inAt + r * inStride + i * step];
      }
    }
  }

  @Override
  public double sum(double[] in, int at, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += in[at + i];
    }
    return sum;
  }
}
