package org.tfjavantk.infinite;

import java.util.Arrays;

/** Slabs in float64, as the formulas say: the measure of all others. */
final class PlainDoubles implements SlabMath<double[]> {
  /** Makes 0 / 0 zero, and changes no quotient by a number above its square root. */
  static final double TINY = 1e-300;

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
      int xAt,
      int xLength,
      double[] z,
      int zAt,
      int zLength,
      double[] out,
      int outAt,
      int n) {
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += x[xAt + c * xLength + i] * z[zAt + c * zLength + i];
      }
      out[outAt + i] = sum;
    }
  }

  @Override
  public void box(
      double[] in, int inAt, double[] out, int outAt, int n, int step, int radius, double scale) {
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = -radius; j <= radius; j++) {
        sum += in[inAt + i + j * step];
      }
      out[outAt + i] = scale * sum;
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
      double u = angles == Angles.ZERO ? 0 : Math.abs(s - Math.abs(kc)) / (s + TINY);
      // 1 - cos θ = 2 sin²(θ/2) gives the angle to full precision where the cosine does not.
      double acute = 2 * Math.asin(Math.sqrt(u / 2));
      double r = (kc < 0 ? acute : Math.PI - acute) / (2 * Math.PI);
      slab.k()[i] = r * kc + s * Math.sqrt(u * (2 - u)) / (2 * Math.PI);
      slab.theta()[i] = r * tc;
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
