package org.tfjavantk.infinite;

import java.util.Arrays;

/**
 * Slabs in float64. Every loop does little, on arrays that are all read and written at the same
 * index: these are what the JIT compiler turns into vector instructions. What lies at other indices
 * is copied first. The arrays fit the caches, so that to go over them again costs little.
 */
final class Doubles implements SlabMath<double[]> {
  /** Makes 0 / 0 zero, and changes no quotient by a number above its square root. */
  private static final double TINY = 1e-300;

  private double[] before = new double[0];
  private double[] after = before;
  private double[] other = before;
  private double[] gap = before;
  private double[] u = before;
  private double[] root = before;
  private double[] series = before;

  /** Makes place for the values up to {@code length}. */
  private void reserve(int length) {
    if (before.length < length) {
      before = new double[length];
      after = new double[length];
      other = new double[length];
      gap = new double[length];
      u = new double[length];
      root = new double[length];
      series = new double[length];
    }
  }

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
    reserve(from + n);
    Arrays.fill(out, from, from + n, 0);
    for (int c = 0; c < channels; c++) {
      System.arraycopy(x, c * length + from, before, from, n);
      System.arraycopy(z, c * zLength + from + shift, after, from, n);
      addProducts(before, after, out, from, from + n);
    }
  }

  private static void addProducts(double[] x, double[] z, double[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = x[i] * z[i] + out[i];
    }
  }

  @Override
  public void box(double[] in, double[] out, int step, int radius, double scale, int from, int n) {
    reserve(from + n);
    System.arraycopy(in, from, out, from, n);
    for (int j = 1; j <= radius; j++) {
      System.arraycopy(in, from - j * step, before, from, n);
      System.arraycopy(in, from + j * step, after, from, n);
      addBoth(before, after, out, from, from + n);
    }
    multiply(out, scale, from, from + n);
  }

  private static void addBoth(double[] x, double[] z, double[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = x[i] + z[i] + out[i];
    }
  }

  private static void multiply(double[] out, double by, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = out[i] * by;
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
    reserve(from + n);
    int to = from + n;
    double[] k = slab.k();
    double[] theta = slab.theta();
    neighbours(sums.k(), step, from, n);
    sum(before, sums.k(), after, bias, mask, k, from, to);
    neighbours(sums.theta(), step, from, n);
    sumWith(before, sums.theta(), after, mask, k, theta, from, to);
    if (angles == Angles.ZERO) {
      multiply(k, 0.5, from, to);
      multiply(theta, 0.5, from, to);
      return;
    }
    System.arraycopy(q, from + shift, other, from, n);
    gaps(p, other, k, gap, u, from, to);
    roots(u, root, from, to);
    polynomial(ArcCosine.H_DOUBLES, u, series, from, to);
    if (angles == Angles.ANY) {
      turnAny(k, root, series, theta, from, to);
      positive(k, from, to);
    } else {
      turn(root, series, theta, from, to);
      multiply(k, 0.5, from, to);
    }
    polynomial(ArcCosine.G_DOUBLES, u, series, from, to);
    exceed(gap, root, series, k, from, to);
  }

  private void neighbours(double[] values, int step, int from, int n) {
    System.arraycopy(values, from - step, before, from, n);
    System.arraycopy(values, from + step, after, from, n);
  }

  private static void sum(
      double[] x,
      double[] y,
      double[] z,
      double bias,
      double[] mask,
      double[] out,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      out[i] = (x[i] + y[i] + z[i] + bias) * mask[i];
    }
  }

  private static void sumWith(
      double[] x,
      double[] y,
      double[] z,
      double[] mask,
      double[] k,
      double[] out,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      out[i] = (x[i] + y[i] + z[i]) * mask[i] + k[i];
    }
  }

  /** s - |k| with s = σ_p σ_q, and u = |s - |k|| / s = 1 - |cos θ|. */
  private static void gaps(
      double[] p, double[] q, double[] k, double[] gap, double[] u, int from, int to) {
    for (int i = from; i < to; i++) {
      double s = p[i] * q[i];
      double d = s - Math.abs(k[i]);
      gap[i] = d;
      u[i] = Math.abs(d) / (s + TINY);
    }
  }

  private static void roots(double[] u, double[] root, int from, int to) {
    for (int i = from; i < to; i++) {
      root[i] = Math.sqrt(u[i]);
    }
  }

  /** Two steps of Horner's scheme at a time: more are too much for one loop. */
  private static void polynomial(double[] c, double[] u, double[] out, int from, int to) {
    int last = c.length - 1;
    begin(c[last], c[last - 1], c[last - 2], c[last - 3], u, out, from, to);
    for (int j = last - 4; j > 0; j -= 2) {
      goOn(c[j], c[j - 1], u, out, from, to);
    }
  }

  private static void begin(
      double a, double b, double c, double d, double[] u, double[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = ((a * u[i] + b) * u[i] + c) * u[i] + d;
    }
  }

  private static void goOn(double a, double b, double[] u, double[] out, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = (out[i] * u[i] + a) * u[i] + b;
    }
  }

  /** Θ (π - θ) / 2π for θ ≤ π/2. */
  private static void turn(double[] root, double[] h, double[] theta, int from, int to) {
    for (int i = from; i < to; i++) {
      theta[i] = theta[i] * (0.5 - root[i] * h[i]);
    }
  }

  /** Θ (π - θ) / 2π, with θ on the side of π/2 that the sign of k says. */
  private static void turnAny(
      double[] k, double[] root, double[] h, double[] theta, int from, int to) {
    for (int i = from; i < to; i++) {
      double sign = k[i] / (Math.abs(k[i]) + TINY);
      theta[i] = theta[i] * (0.25 + (0.25 - root[i] * h[i]) * sign);
    }
  }

  /** max(k, 0) / 2. */
  private static void positive(double[] k, int from, int to) {
    for (int i = from; i < to; i++) {
      k[i] = (k[i] + Math.abs(k[i])) * 0.25;
    }
  }

  private static void exceed(
      double[] gap, double[] root, double[] g, double[] k, int from, int to) {
    for (int i = from; i < to; i++) {
      k[i] = k[i] + gap[i] * root[i] * g[i];
    }
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
      int x = inAt + r * inStride;
      int y = outAt + r * outStride;
      for (int i = 0; i < width; i++) {
        out[y + i] += scale * in[x + i * step];
      }
    }
  }

  @Override
  public double sum(double[] in, int from, int n) {
    double sum = 0;
    for (int i = from; i < from + n; i++) {
      sum += in[i];
    }
    return sum;
  }
}
