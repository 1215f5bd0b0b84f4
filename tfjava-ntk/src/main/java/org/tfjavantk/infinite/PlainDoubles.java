package org.tfjavantk.infinite;

import java.util.Arrays;

/** Slabs in float64, as the formulas say: the measure of all others. */
final class PlainDoubles implements SlabMath<double[]> {
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
      double[] k,
      double[] theta,
      int at,
      int n,
      double[] mask,
      double bias,
      Spread<double[]> p,
      int pAt,
      Spread<double[]> q,
      int qAt) {
    for (int i = 0; i < n; i++) {
      double kc = (k[at + i] + bias) * mask[i];
      double tc = theta[at + i] * mask[i] + kc;
      double s = p.deviation()[pAt + i] * q.deviation()[qAt + i];
      double u = Math.abs((s - Math.abs(kc)) * (p.inverse()[pAt + i] * q.inverse()[qAt + i]));
      // 1 - cos θ = 2 sin²(θ/2) gives the angle to full precision where the cosine does not.
      double acute = 2 * Math.asin(Math.sqrt(u / 2));
      double r = (kc < 0 ? acute : Math.PI - acute) / (2 * Math.PI);
      k[at + i] = r * kc + s * Math.sqrt(u * (2 - u)) / (2 * Math.PI);
      theta[at + i] = r * tc;
    }
  }

  @Override
  public void addRows(
      double[] in,
      int inAt,
      int inStride,
      double[] out,
      int outAt,
      int outStride,
      int width,
      int rows) {
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < width; i++) {
        out[outAt + r * outStride + i] += in[inAt + r * inStride + i];
      }
    }
  }

  @Override
  public void scatter(
      double[] in, int inAt, int[] from, double[] out, int outAt, int[] to, double scale) {
    for (int j = 0; j < from.length; j++) {
      out[outAt + to[j]] += scale * in[inAt + from[j]];
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
