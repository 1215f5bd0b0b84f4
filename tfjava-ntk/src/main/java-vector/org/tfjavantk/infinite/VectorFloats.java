package org.tfjavantk.infinite;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Slabs in float32 with the Vector API, in few passes. Vectors stay within one small method, all of
 * whose operations the JIT compiler inlines: one that it does not takes a hundred times as long. It
 * inlines by the types that it has seen, so that there are no vectors here but of floats, neither
 * of doubles nor masks.
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
  private static final float H7 = ArcCosine.H_FLOATS[7];
  private static final float G0 = ArcCosine.G_FLOATS[0];
  private static final float G1 = ArcCosine.G_FLOATS[1];
  private static final float G2 = ArcCosine.G_FLOATS[2];
  private static final float G3 = ArcCosine.G_FLOATS[3];
  private static final float G4 = ArcCosine.G_FLOATS[4];
  private static final float G5 = ArcCosine.G_FLOATS[5];

  private final Floats plain = new Floats();

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
      int length,
      float[] z,
      int shift,
      int zLength,
      float[] out,
      int from,
      int n) {
    clear(out, from, n);
    for (int c = 0; c < channels; c++) {
      addProducts(x, c * length, z, c * zLength + shift, out, from, n);
    }
  }

  private static void addProducts(
      float[] x, int xShift, float[] z, int zShift, float[] out, int from, int n) {
    for (int i = from; i < from + n; i += LANES) {
      FloatVector.fromArray(SPECIES, x, i + xShift)
          .fma(
              FloatVector.fromArray(SPECIES, z, i + zShift), FloatVector.fromArray(SPECIES, out, i))
          .intoArray(out, i);
    }
  }

  @Override
  public void box(float[] in, float[] out, int step, int radius, double scale, int from, int n) {
    if (radius == 1) {
      three(in, out, step, (float) scale, from, n);
    } else {
      plain.box(in, out, step, radius, scale, from, n);
    }
  }

  private static void three(float[] in, float[] out, int step, float by, int from, int n) {
    for (int i = from; i < from + n; i += LANES) {
      FloatVector.fromArray(SPECIES, in, i - step)
          .add(FloatVector.fromArray(SPECIES, in, i))
          .add(FloatVector.fromArray(SPECIES, in, i + step))
          .mul(by)
          .intoArray(out, i);
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
      FloatVector u = gap.lanewise(VectorOperators.ABS).div(s.add(Floats.TINY));
      FloatVector root = u.lanewise(VectorOperators.SQRT);
      FloatVector g = u.mul(G5).add(G4);
      g = g.fma(u, FloatVector.broadcast(SPECIES, G3));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G2));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G1));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G0));
      FloatVector h = u.mul(H7).add(H6);
      h = h.fma(u, FloatVector.broadcast(SPECIES, H5));
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
    FloatVector quarter = FloatVector.broadcast(SPECIES, 0.25f);
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
      FloatVector u = gap.lanewise(VectorOperators.ABS).div(s.add(Floats.TINY));
      FloatVector root = u.lanewise(VectorOperators.SQRT);
      FloatVector g = u.mul(G5).add(G4);
      g = g.fma(u, FloatVector.broadcast(SPECIES, G3));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G2));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G1));
      g = g.fma(u, FloatVector.broadcast(SPECIES, G0));
      FloatVector h = u.mul(H7).add(H6);
      h = h.fma(u, FloatVector.broadcast(SPECIES, H5));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H4));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H3));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H2));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H1));
      h = h.fma(u, FloatVector.broadcast(SPECIES, H0));
      gap.mul(root).fma(g, kc.max(0).mul(0.5f)).intoArray(k, i);
      FloatVector turns = root.mul(h);
      FloatVector sign = kc.div(kc.lanewise(VectorOperators.ABS).add(Floats.TINY));
      quarter.sub(turns).fma(sign, quarter).mul(tc).intoArray(theta, i);
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
  public double sum(float[] in, int from, int n) {
    float[] lanes = new float[LANES];
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = from; i < from + n; i += LANES) {
      sum = sum.add(FloatVector.fromArray(SPECIES, in, i));
    }
    sum.intoArray(lanes, 0);
    double total = 0;
    for (float lane : lanes) {
      total += lane;
    }
    return total;
  }
}
