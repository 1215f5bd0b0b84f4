package org.tfjavantk.deepnarrow;

import java.util.Arrays;

/**
 * Linear algebra on a few rows, each with one number for every example. The loops over examples
 * have no dependencies, so that the JIT compiler makes vector instructions of them; four rows at a
 * time are read for each that is written.
 */
final class RowMath {
  private RowMath() {}

  /** {@code out = constant + Σ_j weights[from + j stride] rows[j]}. */
  static void combine(
      double[][] rows, double[] weights, int from, int stride, double constant, double[] out) {
    int count = rows.length;
    int j = 0;
    if (count >= 4) {
      set4(
          rows[0],
          rows[1],
          rows[2],
          rows[3],
          weights[from],
          weights[from + stride],
          weights[from + 2 * stride],
          weights[from + 3 * stride],
          constant,
          out);
      j = 4;
    } else {
      Arrays.fill(out, constant);
    }
    for (; j + 4 <= count; j += 4) {
      int w = from + j * stride;
      add4(
          rows[j],
          rows[j + 1],
          rows[j + 2],
          rows[j + 3],
          weights[w],
          weights[w + stride],
          weights[w + 2 * stride],
          weights[w + 3 * stride],
          out);
    }
    for (; j < count; j++) {
      add1(rows[j], weights[from + j * stride], out);
    }
  }

  private static void set4(
      double[] r0,
      double[] r1,
      double[] r2,
      double[] r3,
      double w0,
      double w1,
      double w2,
      double w3,
      double constant,
      double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] = constant + w0 * r0[i] + w1 * r1[i] + w2 * r2[i] + w3 * r3[i];
    }
  }

  private static void add4(
      double[] r0,
      double[] r1,
      double[] r2,
      double[] r3,
      double w0,
      double w1,
      double w2,
      double w3,
      double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] += w0 * r0[i] + w1 * r1[i] + w2 * r2[i] + w3 * r3[i];
    }
  }

  private static void add1(double[] row, double w, double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] += w * row[i];
    }
  }

  /** {@code values = max(values, 0)}. */
  static void relu(double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.max(values[i], 0);
    }
  }

  /** Sets to 0 where ReLU has made 0 of its argument: its derivative, 0 at 0. */
  static void mask(double[] relu, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = relu[i] > 0 ? values[i] : 0;
    }
  }

  /**
   * {@code target[from + j stride] −= rate Σ_i rows[j][i] delta[i]}, and one more for a row of
   * ones.
   */
  static void subtractProducts(
      double rate, double[][] rows, double[] delta, double[] target, int from, int stride) {
    int count = rows.length;
    int j = 0;
    for (; j + 4 <= count; j += 4) {
      subtract4(rows, j, rate, delta, target, from + j * stride, stride);
    }
    for (; j < count; j++) {
      target[from + j * stride] -= rate * dot(rows[j], delta);
    }
    target[from + count * stride] -= rate * sum(delta);
  }

  private static void subtract4(
      double[][] rows, int j, double rate, double[] delta, double[] target, int at, int stride) {
    double[] r0 = rows[j];
    double[] r1 = rows[j + 1];
    double[] r2 = rows[j + 2];
    double[] r3 = rows[j + 3];
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    for (int i = 0; i < delta.length; i++) {
      double d = delta[i];
      s0 += r0[i] * d;
      s1 += r1[i] * d;
      s2 += r2[i] * d;
      s3 += r3[i] * d;
    }
    target[at] -= rate * s0;
    target[at + stride] -= rate * s1;
    target[at + 2 * stride] -= rate * s2;
    target[at + 3 * stride] -= rate * s3;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double sum(double[] values) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= values.length; i += 4) {
      s0 += values[i];
      s1 += values[i + 1];
      s2 += values[i + 2];
      s3 += values[i + 3];
    }
    for (; i < values.length; i++) {
      s0 += values[i];
    }
    return s0 + s1 + (s2 + s3);
  }

  /** {@code target[at + i stride] += a[i] b[i]}. */
  static void addProduct(double[] a, double[] b, double[] target, int at, int stride) {
    for (int i = 0; i < a.length; i++) {
      target[at + i * stride] += a[i] * b[i];
    }
  }
}
