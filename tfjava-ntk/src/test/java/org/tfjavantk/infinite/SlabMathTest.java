package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.tfjavantk.infinite.SlabMath.Angles;
import org.tfjavantk.infinite.SlabMath.Pair;
import org.tfjavantk.random.RandomStream;

/** Every arithmetic does what the plain one in float64 does. */
class SlabMathTest {
  @Nested
  class Float32 extends Contract<float[]> {
    Float32() {
      super(new Floats(), 0x1p-24);
    }

    @Override
    double get(float[] array, int i) {
      return array[i];
    }
  }

  @Nested
  class Fastest extends Contract<float[]> {
    Fastest() {
      super(SlabMaths.floats(), 0x1p-24);
    }

    @Override
    double get(float[] array, int i) {
      return array[i];
    }
  }

  @Nested
  class Float64 extends Contract<double[]> {
    Float64() {
      super(new Doubles(), 0x1p-53);
    }

    @Override
    double get(double[] array, int i) {
      return array[i];
    }
  }

  abstract static class Contract<A> {
    private static final int LENGTH = 400;
    private final ExactDoubles plain = new ExactDoubles();
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
        plain.products(channels, x, 64, z, 5, 50, expected, 7, 48);
        math.products(channels, math.of(x), 64, math.of(z), 5, 50, actual, 7, 48);
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
          plain.box(in, expected, step, radius, 0.3, 101, 64);
          math.box(math.of(in), actual, step, radius, 0.3, 101, 64);
          close(expected, actual, 16 * roundoff);
        }
      }
    }

    @Test
    void relu() {
      for (Angles angles : Angles.values()) {
        for (int step : new int[] {0, 1, 33}) {
          double[] p = values("p");
          double[] q = values("q");
          for (int i = 0; i < LENGTH; i++) {
            p[i] = i % 17 == 0 ? 0 : 1.5 + p[i];
            q[i] = 1.5 + q[i];
          }
          double sign = angles == Angles.ANY ? -1 : 1;
          relu(p, q, step, angles, i -> 0.999 * (i % 2 == 0 ? 1 : sign) * Math.abs(Math.cos(i)));
        }
      }
    }

    /** Where the angle is small it has half the digits; K has all. */
    @Test
    void reluOfNearlyParallelPixels() {
      double[] ones = new double[LENGTH];
      Arrays.fill(ones, 1);
      relu(ones, ones, 0, Angles.ACUTE, i -> 1 - i * 0x1p-20);
      relu(ones, ones, 0, Angles.ANY, i -> -1 + i * 0x1p-20);
    }

    /** The sums are such that the middle one of three rows has about the cosine. */
    private void relu(double[] p, double[] q, int step, Angles angles, IntToDoubleFunction cosine) {
      int from = 40;
      int n = 304;
      int shift = 5;
      double bias = 0.125;
      double[] k = new double[LENGTH];
      double[] mask = new double[LENGTH];
      for (int i = from; i < from + n; i++) {
        double s = p[i] * q[i + shift];
        k[i] = (float) ((cosine.applyAsDouble(i) * s - (step == 0 ? bias : 1)) / 3);
        // Where a deviation is 0, so is K.
        mask[i] = i % 5 == 0 || s == 0 ? 0 : 1;
      }
      double[] theta = values("theta");
      if (step > 0) {
        // Three different rows: far from the border of what an angle may be.
        for (int i = 0; i < LENGTH; i++) {
          k[i] =
              (float) (0.1 * (1 + Math.sin(i)) * (angles == Angles.ANY ? Math.cos(i) : 1)) - 0.04;
          p[i] = p[i] == 0 ? 0 : 1 + p[i];
        }
      }
      double[] outK = new double[LENGTH];
      double[] outTheta = new double[LENGTH];
      A fastK = math.zeros(LENGTH);
      A fastTheta = math.zeros(LENGTH);
      plain.relu(
          new Pair<>(k, theta),
          step,
          mask,
          bias,
          p,
          q,
          shift,
          angles,
          new Pair<>(outK, outTheta),
          from,
          n);
      math.relu(
          new Pair<>(math.of(k), math.of(theta)),
          step,
          math.of(mask),
          bias,
          math.of(p),
          math.of(q),
          shift,
          angles,
          new Pair<>(fastK, fastTheta),
          from,
          n);
      close(outK, fastK, 32 * roundoff);
      // An error e of the cosine c is one of √(2 (1 - c + e)) - √(2 (1 - c)) of the angle.
      double tolerance = step == 0 ? Math.sqrt(4 * roundoff) : 64 * roundoff;
      close(outTheta, fastTheta, tolerance);
    }

    @Test
    void angleOfZero() {
      double[] ones = new double[LENGTH];
      Arrays.fill(ones, 1);
      A k = math.zeros(LENGTH);
      A theta = math.zeros(LENGTH);
      A m = math.of(ones);
      Pair<A> sums = new Pair<>(math.of(ones), math.of(ones));
      math.relu(sums, 7, m, 0, m, m, 0, Angles.ZERO, new Pair<>(k, theta), 16, 320);
      for (int i = 16; i < 336; i++) {
        assertEquals(1.5, get(k, i));
        assertEquals(3, get(theta, i));
      }
    }

    @Test
    void blocks() {
      double[] in = values("in");
      for (int step = 1; step <= 3; step++) {
        for (int width : new int[] {1, 7, 16, 30}) {
          int by = step;
          both(
              values("out"),
              out -> plain.add(in, 1, 90, by, 0.25, out, 2, 48, width, 4),
              out -> math.add(math.of(in), 1, 90, by, 0.25, out, 2, 48, width, 4));
        }
      }
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
