package org.tfjavantk.infinite;

import java.util.Arrays;

/** Slabs in float32, in loops that need nothing but a JVM. */
final class PlainFloats implements SlabMath<float[]> {
  /** Makes 0 / 0 zero, and changes no quotient by a number above its square root. */
  static final float TINY = 1e-36f;

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
      Pair<float[]> sums,
      int step,
      float[] mask,
      double bias,
      float[] p,
      float[] q,
      int shift,
      Angles angles,
      Pair<float[]> slab,
      int from,
      int n) {
    float b = (float) bias;
    for (int i = from; i < from + n; i++) {
      float kc = (three(sums.k(), i, step) + b) * mask[i];
      float tc = three(sums.theta(), i, step) * mask[i] + kc;
      float s = p[i] * q[i + shift];
      float gap = angles == Angles.ZERO ? 0 : s - Math.abs(kc);
      float u = Math.abs(gap) / (s + TINY);
      float turns = ArcCosine.turns(u);
      slab.k()[i] = Math.max(0.5f * kc, 0) + gap * ArcCosine.excess(u);
      slab.theta()[i] = tc * (kc < 0 ? turns : 0.5f - turns);
    }
  }

  private static float three(float[] values, int i, int step) {
    return values[i - step] + values[i] + values[i + step];
  }

  @Override
  public void add(
      float[] in,
      int inAt,
      int inStride,
      int step,
      double scale,
      float[] out,
      int outAt,
      int outStride,
      int width,
      int rows) {
    float by = (float) scale;
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < width; i++) {
        out[outAt + r * outStride + i] += by * in[inAt + r * inStride + i * step];
      }
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
