package org.tfjavantk.infinite;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Slabs in float32 with the Vector API. Vectors stay within one small method, all of whose
 * operations the JIT compiler inlines: one that it does not takes a hundred times as long.
 */
final class VectorFloats implements SlabMath<float[]> {
  private static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? VectorSpecies.of(float.class, VectorShape.S_512_BIT)
          : FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final float H0 = ArcCosine.FLOATS[0];
  private static final float H1 = ArcCosine.FLOATS[1];
  private static final float H2 = ArcCosine.FLOATS[2];
  private static final float H3 = ArcCosine.FLOATS[3];
  private static final float H4 = ArcCosine.FLOATS[4];
  private static final float H5 = ArcCosine.FLOATS[5];
  private static final float H6 = ArcCosine.FLOATS[6];
  private static final float SQUARE = (float) ArcCosine.SQUARE;

  private final PlainFloats plain = new PlainFloats();

  @Override
  public float[] zeros(int length) {
    return plain.zeros(length);
  }

  @Override
  public float[] of(double[] values) {
    return plain.of(values);
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
    product(x, xAt, z, zAt, out, outAt, n);
    for (int c = 1; c < channels; c++) {
      addProduct(x, xAt + c * xLength, z, zAt + c * zLength, out, outAt, n);
    }
  }

  private static void product(
      float[] x, int xAt, float[] z, int zAt, float[] out, int outAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .mul(FloatVector.fromArray(SPECIES, z, zAt + i))
          .intoArray(out, outAt + i);
    }
  }

  private static void addProduct(
      float[] x, int xAt, float[] z, int zAt, float[] out, int outAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(SPECIES, x, xAt + i)
          .fma(
              FloatVector.fromArray(SPECIES, z, zAt + i),
              FloatVector.fromArray(SPECIES, out, outAt + i))
          .intoArray(out, outAt + i);
    }
  }

  @Override
  public void box(
      float[] in, int inAt, float[] out, int outAt, int n, int step, int radius, double scale) {
    float by = (float) scale;
    if (radius == 1) {
      three(in, inAt, out, outAt, n, step, by);
    } else {
      scaled(in, inAt, out, outAt, n, by);
      for (int j = 1; j <= radius; j++) {
        addTwo(in, inAt - j * step, inAt + j * step, out, outAt, n, by);
      }
    }
  }

  private static void three(
      float[] in, int inAt, float[] out, int outAt, int n, int step, float by) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector sum =
          FloatVector.fromArray(SPECIES, in, inAt + i - step)
              .add(FloatVector.fromArray(SPECIES, in, inAt + i));
      sum.add(FloatVector.fromArray(SPECIES, in, inAt + i + step))
          .mul(by)
          .intoArray(out, outAt + i);
    }
  }

  private static void scaled(float[] in, int inAt, float[] out, int outAt, int n, float by) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(SPECIES, in, inAt + i).mul(by).intoArray(out, outAt + i);
    }
  }

  private static void addTwo(
      float[] in, int oneAt, int otherAt, float[] out, int outAt, int n, float by) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector two =
          FloatVector.fromArray(SPECIES, in, oneAt + i)
              .add(FloatVector.fromArray(SPECIES, in, otherAt + i));
      two.mul(by).add(FloatVector.fromArray(SPECIES, out, outAt + i)).intoArray(out, outAt + i);
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
    relu(
        k,
        theta,
        at,
        n,
        mask,
        (float) bias,
        p.deviation(),
        p.inverse(),
        pAt,
        q.deviation(),
        q.inverse(),
        qAt);
  }

  private static void relu(
      float[] k,
      float[] theta,
      int at,
      int n,
      float[] mask,
      float bias,
      float[] p,
      float[] pInverse,
      int pAt,
      float[] q,
      float[] qInverse,
      int qAt) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector twice = FloatVector.broadcast(SPECIES, 2 * SQUARE);
    for (int i = 0; i < n; i += LANES) {
      FloatVector m = FloatVector.fromArray(SPECIES, mask, i);
      FloatVector kc = FloatVector.fromArray(SPECIES, k, at + i).add(bias).mul(m);
      FloatVector tc = FloatVector.fromArray(SPECIES, theta, at + i).fma(m, kc);
      FloatVector s =
          FloatVector.fromArray(SPECIES, p, pAt + i)
              .mul(FloatVector.fromArray(SPECIES, q, qAt + i));
      FloatVector inverse =
          FloatVector.fromArray(SPECIES, pInverse, pAt + i)
              .mul(FloatVector.fromArray(SPECIES, qInverse, qAt + i));
      FloatVector u =
          s.sub(kc.lanewise(VectorOperators.ABS)).mul(inverse).lanewise(VectorOperators.ABS);
      FloatVector h = u.mul(H6).add(H5);
      h = h.fma(u, FloatVector.broadcast(SPECIES, H4));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H3));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H2));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H1));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H0));
      FloatVector acute = h.mul(u.lanewise(VectorOperators.SQRT));
      VectorMask<Float> obtuse = kc.lt(0f);
      FloatVector r = half.sub(acute).blend(acute, obtuse);
      FloatVector sine = twice.sub(u.mul(SQUARE)).mul(u).lanewise(VectorOperators.SQRT);
      kc.fma(r, s.mul(sine)).intoArray(k, at + i);
      tc.mul(r).intoArray(theta, at + i);
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
      add(in, inAt + r * inStride, out, outAt + r * outStride, width);
    }
  }

  private static void add(float[] in, int inAt, float[] out, int outAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector.fromArray(SPECIES, in, inAt + i)
          .add(FloatVector.fromArray(SPECIES, out, outAt + i))
          .intoArray(out, outAt + i);
    }
  }

  @Override
  public void scatter(
      float[] in, int inAt, int[] from, float[] out, int outAt, int[] to, double scale) {
    plain.scatter(in, inAt, from, out, outAt, to, scale);
  }

  /** In the same order whether compiled or not, which the sum over the lanes of a vector is not. */
  @Override
  public double sum(float[] in, int at, int n) {
    float[] lanes = new float[LANES];
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = 0; i < n; i += LANES) {
      sum = sum.add(FloatVector.fromArray(SPECIES, in, at + i));
    }
    sum.intoArray(lanes, 0);
    double total = 0;
    for (float lane : lanes) {
      total += lane;
    }
    return total;
  }
}
