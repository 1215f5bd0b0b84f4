package org.tfjavantk.infinite;

import java.util.Arrays;

/** Slabs in float32, in loops that need nothing but a JVM. */
final class PlainFloats implements SlabMath<float[]> {
  @Override
  public float[] zeros(int length) {
    return new float[length];
  }

  @Override
  public float[] of(double[] values) {
    float[] rounded = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }

  @Override
  public void clear(float[] array, int from, int n) {
    Arrays.fill(array, from, from + n, 0);
  }

  @Override
  public void products(
      int channels,
      float[] x,
      int xAt,
      int xLength,
      float[] z,
      int zAt,
      int zLength,
      float[] out,
      int outAt,
      int n) {
    for (int i = 0; i < n; i++) {
      float sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += x[xAt + c * xLength + i] * z[zAt + c * zLength + i];
      }
      out[outAt + i] = sum;
    }
  }

  @Override
  public void box(
      float[] in, int inAt, float[] out, int outAt, int n, int step, int radius, double scale) {
    for (int i = 0; i < n; i++) {
      float sum = 0;
      for (int j = -radius; j <= radius; j++) {
        sum += in[inAt + i + j * step];
      }
      out[outAt + i] = (float) scale * sum;
    }
  }

  @Override
  public void relu(
      float[] k,
      float[] theta,
      int at,
      int n,
      float[] mask,
      double bias,
      Spread<float[]> p,
      int pAt,
      Spread<float[]> q,
      int qAt) {
    float b = (float) bias;
    for (int i = 0; i < n; i++) {
      float kc = (k[at + i] + b) * mask[i];
      float tc = theta[at + i] * mask[i] + kc;
      float s = p.deviation()[pAt + i] * q.deviation()[qAt + i];
      float u = Math.abs((s - Math.abs(kc)) * (p.inverse()[pAt + i] * q.inverse()[qAt + i]));
      float acute = ArcCosine.turns(u);
      float r = kc < 0 ? acute : 0.5f - acute;
      k[at + i] = r * kc + s * ArcCosine.sine(u);
      theta[at + i] = r * tc;
    }
  }

  @Override
  public void addRows(
      float[] in,
      int inAt,
      int inStride,
      float[] out,
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
      float[] in, int inAt, int[] from, float[] out, int outAt, int[] to, double scale) {
    for (int j = 0; j < from.length; j++) {
      out[outAt + to[j]] += (float) scale * in[inAt + from[j]];
    }
  }

  @Override
  public double sum(float[] in, int at, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += in[at + i];
    }
    return sum;
  }
}
