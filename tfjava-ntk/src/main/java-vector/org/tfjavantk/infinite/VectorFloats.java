package org.tfjavantk.infinite;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
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
  private static final float H0 = ArcCosine.H_FLOATS[0];
  private static final float H1 = ArcCosine.H_FLOATS[1];
  private static final float H2 = ArcCosine.H_FLOATS[2];
  private static final float H3 = ArcCosine.H_FLOATS[3];
  private static final float H4 = ArcCosine.H_FLOATS[4];
  private static final float H5 = ArcCosine.H_FLOATS[5];
  private static final float H6 = ArcCosine.H_FLOATS[6];
  private static final float G0 = ArcCosine.G_FLOATS[0];
  private static final float G1 = ArcCosine.G_FLOATS[1];
  private static final float G2 = ArcCosine.G_FLOATS[2];
  private static final float G3 = ArcCosine.G_FLOATS[3];
  private static final float G4 = ArcCosine.G_FLOATS[4];
  private static final float G5 = ArcCosine.G_FLOATS[5];

  private static final float TINY = PlainFloats.TINY;

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
    switch (angles) {
      case ZERO ->
          half(sums.k(), sums.theta(), step, mask, (float) bias, slab.k(), slab.theta(), from, n);
      case ACUTE ->
          acute(
              sums.k(),
              sums.theta(),
              step,
              mask,
              (float) bias,
              p,
              q,
              shift,
              slab.k(),
              slab.theta(),
              from,
              n);
      case ANY ->
          any(
              sums.k(),
              sums.theta(),
              step,
              mask,
              (float) bias,
              p,
              q,
              shift,
              slab.k(),
              slab.theta(),
              from,
              n);
    }
  }

  private static void half(
      float[] sumK,
      float[] sumTheta,
      int step,
      float[] mask,
      float bias,
      float[] k,
      float[] theta,
      int from,
      int n) {
    for (int i = from; i < from + n; i += LANES) {
      FloatVector m = FloatVector.fromArray(SPECIES, mask, i);
      FloatVector kc =
          FloatVector.fromArray(SPECIES, sumK, i - step)
              .add(FloatVector.fromArray(SPECIES, sumK, i))
              .add(FloatVector.fromArray(SPECIES, sumK, i + step))
              .add(bias)
              .mul(m);
      FloatVector tc =
          FloatVector.fromArray(SPECIES, sumTheta, i - step)
              .add(FloatVector.fromArray(SPECIES, sumTheta, i))
              .add(FloatVector.fromArray(SPECIES, sumTheta, i + step))
              .fma(m, kc);
      kc.mul(0.5f).intoArray(k, i);
      tc.mul(0.5f).intoArray(theta, i);
    }
  }

  private static void acute(
      float[] sumK,
      float[] sumTheta,
      int step,
      float[] mask,
      float bias,
      float[] p,
      float[] q,
      int shift,
      float[] k,
      float[] theta,
      int from,
      int n) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    for (int i = from; i < from + n; i += LANES) {
      FloatVector m = FloatVector.fromArray(SPECIES, mask, i);
      FloatVector kc =
          FloatVector.fromArray(SPECIES, sumK, i - step)
              .add(FloatVector.fromArray(SPECIES, sumK, i))
              .add(FloatVector.fromArray(SPECIES, sumK, i + step))
              .add(bias)
              .mul(m);
      FloatVector tc =
          FloatVector.fromArray(SPECIES, sumTheta, i - step)
              .add(FloatVector.fromArray(SPECIES, sumTheta, i))
              .add(FloatVector.fromArray(SPECIES, sumTheta, i + step))
              .fma(m, kc);
      FloatVector s =
          FloatVector.fromArray(SPECIES, p, i).mul(FloatVector.fromArray(SPECIES, q, i + shift));
      FloatVector gap = s.sub(kc);
      FloatVector u = gap.lanewise(VectorOperators.ABS).div(s.add(TINY));
      FloatVector root = u.lanewise(VectorOperators.SQRT);
      FloatVector g = u.mul(G5).add(G4);
      g = g.fma(u, FloatVector.broadcast(SPECIES, G3));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G2));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G1));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G0));
      FloatVector h = u.mul(H6).add(H5);
      h = h.fma(u, FloatVector.broadcast(SPECIES, H4));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H3));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H2));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H1));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H0));
      gap.mul(root).fma(g, kc.mul(0.5f)).intoArray(k, i);
      half.sub(root.mul(h)).mul(tc).intoArray(theta, i);
    }
  }

  private static void any(
      float[] sumK,
      float[] sumTheta,
      int step,
      float[] mask,
      float bias,
      float[] p,
      float[] q,
      int shift,
      float[] k,
      float[] theta,
      int from,
      int n) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    for (int i = from; i < from + n; i += LANES) {
      FloatVector m = FloatVector.fromArray(SPECIES, mask, i);
      FloatVector kc =
          FloatVector.fromArray(SPECIES, sumK, i - step)
              .add(FloatVector.fromArray(SPECIES, sumK, i))
              .add(FloatVector.fromArray(SPECIES, sumK, i + step))
              .add(bias)
              .mul(m);
      FloatVector tc =
          FloatVector.fromArray(SPECIES, sumTheta, i - step)
              .add(FloatVector.fromArray(SPECIES, sumTheta, i))
              .add(FloatVector.fromArray(SPECIES, sumTheta, i + step))
              .fma(m, kc);
      FloatVector s =
          FloatVector.fromArray(SPECIES, p, i).mul(FloatVector.fromArray(SPECIES, q, i + shift));
      FloatVector gap = s.sub(kc.lanewise(VectorOperators.ABS));
      FloatVector u = gap.lanewise(VectorOperators.ABS).div(s.add(TINY));
      FloatVector root = u.lanewise(VectorOperators.SQRT);
      FloatVector g = u.mul(G5).add(G4);
      g = g.fma(u, FloatVector.broadcast(SPECIES, G3));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G2));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G1));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G0));
      FloatVector h = u.mul(H6).add(H5);
      h = h.fma(u, FloatVector.broadcast(SPECIES, H4));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H3));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H2));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H1));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H0));
      gap.mul(root).fma(g, kc.max(0).mul(0.5f)).intoArray(k, i);
      FloatVector turns = root.mul(h);
      half.sub(turns).blend(turns, kc.lt(0)).mul(tc).intoArray(theta, i);
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
      if (step == 1) {
        addRow(in, inAt + r * inStride, by, out, outAt + r * outStride, width);
      } else {
        addStrided(in, inAt + r * inStride, step, by, out, outAt + r * outStride, width);
      }
    }
  }

  private static void addRow(float[] in, int inAt, float by, float[] out, int outAt, int n) {
    int i = 0;
    for (int end = SPECIES.loopBound(n); i < end; i += LANES) {
      FloatVector sum =
          FloatVector.fromArray(SPECIES, in, inAt + i)
              .mul(by)
              .add(FloatVector.fromArray(SPECIES, out, outAt + i));
      sum.intoArray(out, outAt + i);
    }
    addStrided(in, inAt + i, 1, by, out, outAt + i, n - i);
  }

  private static void addStrided(
      float[] in, int inAt, int step, float by, float[] out, int outAt, int n) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] += by * in[inAt + i * step];
    }
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
