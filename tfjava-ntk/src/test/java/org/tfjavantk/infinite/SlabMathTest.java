package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tfjavantk.infinite.SlabMath.Spread;
import org.tfjavantk.random.RandomStream;

/** Every arithmetic does what the plain one in float64 does. */
class SlabMathTest {
  @Nested
  class Floats extends Contract<float[]> {
    Floats() {
      super(new PlainFloats(), 0x1p-24);
    }

    @Override
    double get(float[] array, int i) {
      return array[i];
    }
  }

  @Nested
  class FastFloats extends Contract<float[]> {
    FastFloats() {
      super(SlabMaths.floats(), 0x1p-24);
    }

    @Override
    double get(float[] array, int i) {
      return array[i];
    }
  }

  @Nested
  class FastDoubles extends Contract<double[]> {
    FastDoubles() {
      super(SlabMaths.doubles(), 0x1p-53);
    }

    @Override
    double get(double[] array, int i) {
      return array[i];
    }
  }

  abstract static class Contract<A> {
    private static final int LENGTH = 400;
    private final PlainDoubles plain = new PlainDoubles();
    private final SlabMath<A> math;
    private final double roundoff;

    Contract(SlabMath<A> math, double roundoff) {
      this.math = math;
      this.roundoff = roundoff;
    }

    abstract double get(A array, int i);

    /** Numbers that all precisions have, between -1 and 1. */
    private double[] values(String name) {
      RandomStream random = RandomStream.of(5, name);
      double[] values = new double[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        values[i] = (float) (2 * random.uniform(i) - 1);
      }
      return values;
    }

    private void close(double[] expected, A actual, double tolerance) {
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], get(actual, i), tolerance, "value " + i);
      }
    }

    @Test
    void products() {
      double[] x = values("x");
      double[] z = values("z");
      for (int channels = 1; channels <= 4; channels++) {
        double[] expected = values("out");
        A actual = math.of(expected);
        plain.products(channels, x, 3, 64, z, 1, 50, expected, 7, 48);
        math.products(channels, math.of(x), 3, 64, math.of(z), 1, 50, actual, 7, 48);
        close(expected, actual, 8 * roundoff);
      }
    }

    @Test
    void boxes() {
      double[] in = values("in");
      for (int radius = 0; radius <= 3; radius++) {
        for (int step : new int[] {1, 7, 33}) {
          double[] expected = values("out");
          A actual = math.of(expected);
          plain.box(in, 101, expected, 5, 64, step, radius, 0.3);
          math.box(math.of(in), 101, actual, 5, 64, step, radius, 0.3);
          close(expected, actual, 16 * roundoff);
        }
      }
    }

    @Test
    void relu() {
      double[] p = values("p");
      double[] q = values("q");
      for (int i = 0; i < LENGTH; i++) {
        p[i] = i % 17 == 0 ? 0 : 1.5 + p[i];
        q[i] = 1.5 + q[i];
      }
      relu(p, q, i -> (float) (0.999 * Math.cos(0.01 * i)));
    }

    /** Where the angle is small it has half the digits; K has all. */
    @Test
    void reluOfNearlyParallelPixels() {
      double[] ones = values("ones");
      java.util.Arrays.fill(ones, 1);
      relu(ones, ones, i -> 1 - i * 0x1p-20);
      relu(ones, ones, i -> -1 + i * 0x1p-20);
    }

    private void relu(double[] p, double[] q, java.util.function.IntToDoubleFunction cosine) {
      double[] k = new double[LENGTH];
      double[] mask = new double[LENGTH];
      double[] theta = values("theta");
      double bias = 0.125;
      for (int i = 0; i < LENGTH - 20; i++) {
        k[i + 9] = (float) (cosine.applyAsDouble(i) * p[i + 2] * q[i + 1] - bias);
        mask[i] = i % 5 == 0 ? 0 : 1;
      }
      Spread<double[]> ps = spread(p);
      Spread<double[]> qs = spread(q);
      A fastK = math.of(k);
      A fastTheta = math.of(theta);
      Spread<A> fastP = new Spread<>(math.of(ps.deviation()), math.of(ps.inverse()));
      Spread<A> fastQ = new Spread<>(math.of(qs.deviation()), math.of(qs.inverse()));
      plain.relu(k, theta, 9, 320, mask, bias, ps, 2, qs, 1);
      math.relu(fastK, fastTheta, 9, 320, math.of(mask), bias, fastP, 2, fastQ, 1);
      close(k, fastK, 32 * roundoff);
      // An error e of the cosine c is one of √(2 (1 - c + e)) - √(2 (1 - c)) of the angle.
      close(theta, fastTheta, roundoff < 1e-10 ? 1e-13 : 2e-5);
    }

    private Spread<double[]> spread(double[] deviation) {
      return SlabSide.spread(deviation, plain);
    }

    @Test
    void angleOfZero() {
      double[] theta = values("theta");
      double[] k = theta.clone();
      double[] zeros = new double[LENGTH];
      double[] ones = new double[LENGTH];
      java.util.Arrays.fill(ones, 1);
      for (int i = 0; i < LENGTH; i++) {
        k[i] = Math.abs(k[i]);
      }
      A fastK = math.of(k);
      A fastTheta = math.of(theta);
      Spread<A> p = new Spread<>(math.of(ones), math.of(zeros));
      Spread<A> q = new Spread<>(math.of(ones), math.of(ones));
      math.relu(fastK, fastTheta, 0, LENGTH, math.of(ones), 0, p, 0, q, 0);
      for (int i = 0; i < LENGTH; i++) {
        assertEquals(k[i] / 2, get(fastK, i));
        assertEquals((theta[i] + k[i]) / 2, get(fastTheta, i), roundoff);
      }
    }

    @Test
    void rowsAndColumns() {
      double[] in = values("in");
      both(
          values("out"),
          out -> plain.addRows(in, 1, 33, out, 2, 48, 48, 5),
          out -> math.addRows(math.of(in), 1, 33, out, 2, 48, 48, 5));
      int[] from = {0, 2, 4, 5};
      int[] to = {9, 10, 11, 9};
      both(
          values("out"),
          out -> plain.scatter(in, 1, from, out, 4, to, 0.25),
          out -> math.scatter(math.of(in), 1, from, out, 4, to, 0.25));
      both(values("out"), out -> plain.clear(out, 3, 16), out -> math.clear(out, 3, 16));
    }

    private void both(double[] values, Consumer<double[]> expected, Consumer<A> actual) {
      A fast = math.of(values);
      expected.accept(values);
      actual.accept(fast);
      close(values, fast, 4 * roundoff);
    }

    @Test
    void sums() {
      double[] in = values("in");
      for (int n = 0; n <= 384; n += 16) {
        assertEquals(plain.sum(in, 3, n), math.sum(math.of(in), 3, n), 64 * roundoff);
      }
    }
  }
}
