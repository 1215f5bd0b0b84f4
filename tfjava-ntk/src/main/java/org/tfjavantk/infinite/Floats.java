package org.tfjavantk.infinite;

import java.util.Arrays;

/**
 * Slabs in float32. Every loop does little, on arrays that are all read and written at the same
 * index: these are what the JIT compiler turns into vector instructions. What lies at other indices
 * is copied first. The arrays fit the caches, so that to go over them again costs little.
 */
final class Floats implements SlabMath<float[]> {
  /** Makes 0 / 0 zero, and changes no quotient by a number above its square root. */
  static final float TINY = 1e-36f;

  private float[] before = new float[0];
  private float[] after = before;
  private float[] other = before;
  private float[] gap = before;
  private float[] u = before;
  private float[] root = before;
  private float[] series = before;

  /** Makes place for the values up to {@code length}. */
  private void reserve(int length) {
    if (before.length < length) {
      before = new float[length];
      after = new float[length];
      other = new float[length];
      gap = new float[length];
      u = new float[length];
      root = new float[length];
      series = new float[length];
    }
  }

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
      int length,
      float[] z,
      int shift,
      int zLength,
      float[] out,
      int from,
      int n) {
    reserve(from + n);
    Arrays.fill(out, from, from + n, 0);
    for (int c = 0; c < channels; c++) {
      System.arraycopy(x, c * length + from, before, from, n);
      System.arraycopy(z, c * zLength + from + shift, after, from, n);
      addProducts(before, after, out, from, from + n);
    }
  }

  private static void addProducts(float[] x, float[] z, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = x[i] * z[i] + out[i];
    }
  }

  @Override
  public void box(float[] in, float[] out, int step, int radius, double scale, int from, int n) {
    reserve(from + n);
    System.arraycopy(in, from, out, from, n);
    for (int j = 1; j <= radius; j++) {
      System.arraycopy(in, from - j * step, before, from, n);
      System.arraycopy(in, from + j * step, after, from, n);
      addBoth(before, after, out, from, from + n);
    }
    multiply(out, (float) scale, from, from + n);
  }

  private static void addBoth(float[] x, float[] z, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = x[i] + z[i] + out[i];
    }
  }

  private static void multiply(float[] out, float by, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = out[i] * by;
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
    reserve(from + n);
    int to = from + n;
    float[] k = slab.k();
    float[] theta = slab.theta();
    neighbours(sums.k(), step, from, n);
    sum(before, sums.k(), after, (float) bias, mask, k, from, to);
    neighbours(sums.theta(), step, from, n);
    sumWith(before, sums.theta(), after, mask, k, theta, from, to);
    if (angles == Angles.ZERO) {
      multiply(k, 0.5f, from, to);
      multiply(theta, 0.5f, from, to);
      return;
    }
    System.arraycopy(q, from + shift, other, from, n);
    gaps(p, other, k, gap, u, from, to);
    roots(u, root, from, to);
    polynomial(ArcCosine.H_FLOATS, u, series, from, to);
    if (angles == Angles.ANY) {
      turnAny(k, root, series, theta, from, to);
      positive(k, from, to);
    } else {
      turn(root, series, theta, from, to);
      multiply(k, 0.5f, from, to);
    }
    polynomial(ArcCosine.G_FLOATS, u, series, from, to);
    exceed(gap, root, series, k, from, to);
  }

  private void neighbours(float[] values, int step, int from, int n) {
    System.arraycopy(values, from - step, before, from, n);
    System.arraycopy(values, from + step, after, from, n);
  }

  private static void sum(
      float[] x, float[] y, float[] z, float bias, float[] mask, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = (x[i] + y[i] + z[i] + bias) * mask[i];
    }
  }

  private static void sumWith(
      float[] x, float[] y, float[] z, float[] mask, float[] k, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = (x[i] + y[i] + z[i]) * mask[i] + k[i];
    }
  }

  /** s - |k| with s = σ_p σ_q, and u = |s - |k|| / s = 1 - |cos θ|. */
  private static void gaps(
      float[] p, float[] q, float[] k, float[] gap, float[] u, int from, int to) {
    for (int i = from; i < to; i++) {
      float s = p[i] * q[i];
      float d = s - Math.abs(k[i]);
      gap[i] = d;
      u[i] = Math.abs(d) / (s + TINY);
    }
  }

  private static void roots(float[] u, float[] root, int from, int to) {
    for (int i = from; i < to; i++) {
      root[i] = (float) Math.sqrt(u[i]);
    }
  }

  /** Two steps of Horner's scheme at a time: more are too much for one loop. */
  private static void polynomial(float[] c, float[] u, float[] out, int from, int to) {
    int last = c.length - 1;
    begin(c[last], c[last - 1], c[last - 2], c[last - 3], u, out, from, to);
    for (int j = last - 4; j > 0; j -= 2) {
      goOn(c[j], c[j - 1], u, out, from, to);
    }
  }

  private static void begin(
      float a, float b, float c, float d, float[] u, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = ((a * u[i] + b) * u[i] + c) * u[i] + d;
    }
  }

  private static void goOn(float a, float b, float[] u, float[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = (out[i] * u[i] + a) * u[i] + b;
    }
  }

  /** Θ (π - θ) / 2π for θ ≤ π/2. */
  private static void turn(float[] root, float[] h, float[] theta, int from, int to) {
    for (int i = from; i < to; i++) {
      theta[i] = theta[i] * (0.5f - root[i] * h[i]);
    }
  }

  /** Θ (π - θ) / 2π, with θ on the side of π/2 that the sign of k says. */
  private static void turnAny(float[] k, float[] root, float[] h, float[] theta, int from, int to) {
    for (int i = from; i < to; i++) {
      float sign = k[i] / (Math.abs(k[i]) + TINY);
      theta[i] = theta[i] * (0.25f + (0.25f - root[i] * h[i]) * sign);
    }
  }

  /** max(k, 0) / 2. */
  private static void positive(float[] k, int from, int to) {
    for (int i = from; i < to; i++) {
      k[i] = (k[i] + Math.abs(k[i])) * 0.25f;
    }
  }

  private static void exceed(float[] gap, float[] root, float[] g, float[] k, int from, int to) {
    for (int i = from; i < to; i++) {
      k[i] = k[i] + gap[i] * root[i] * g[i];
    }
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
      int x = inAt + r * inStride;
      int y = outAt + r * outStride;
      for (int i = 0; i < width; i++) {
        out[y + i] += by * in[x + i * step];
      }
    }
  }

  @Override
  public double sum(float[] in, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += in[i];
    }
    return sum;
  }
}
