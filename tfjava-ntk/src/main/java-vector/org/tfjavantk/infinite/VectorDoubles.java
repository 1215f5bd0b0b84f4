package org.tfjavantk.infinite;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Slabs in float64 with the Vector API; see {@link VectorFloats}. */
final class VectorDoubles implements SlabMath<double[]> {
  private static final VectorSpecies<Double> SPECIES =
      DoubleVector.SPECIES_PREFERRED.length() > 8
          ? VectorSpecies.of(double.class, VectorShape.S_512_BIT)
          : DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final double[] H = ArcCosine.H_DOUBLES;
  private static final double[] G = ArcCosine.G_DOUBLES;

  private static final double TINY = PlainDoubles.TINY;

  private final PlainDoubles plain = new PlainDoubles();

  @Override
  public double[] zeros(int length) {
    return plain.zeros(length);
  }

  @Override
  public double[] of(double[] values) {
    return plain.of(values);
  }

  @Override
  public void clear(double[] array, int from, int n) {
    Arrays.fill(array, from, from + n, 0);
  }

  @Override
  public void products(
      int channels,
      double[] x,
      int xAt,
      int xLength,
      double[] z,
      int zAt,
      int zLength,
      double[] out,
      int outAt,
      int n) {
    product(x, xAt, z, zAt, out, outAt, n);
    for (int c = 1; c < channels; c++) {
      addProduct(x, xAt + c * xLength, z, zAt + c * zLength, out, outAt, n);
    }
  }

  private static void product(
      double[] x, int xAt, double[] z, int zAt, double[] out, int outAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector.fromArray(SPECIES, x, xAt + i)
          .mul(DoubleVector.fromArray(SPECIES, z, zAt + i))
          .intoArray(out, outAt + i);
    }
  }

  private static void addProduct(
      double[] x, int xAt, double[] z, int zAt, double[] out, int outAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector.fromArray(SPECIES, x, xAt + i)
          .fma(
              DoubleVector.fromArray(SPECIES, z, zAt + i),
              DoubleVector.fromArray(SPECIES, out, outAt + i))
          .intoArray(out, outAt + i);
    }
  }

  @Override
  public void box(
      double[] in, int inAt, double[] out, int outAt, int n, int step, int radius, double scale) {
    double by = scale;
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
      double[] in, int inAt, double[] out, int outAt, int n, int step, double by) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector sum =
          DoubleVector.fromArray(SPECIES, in, inAt + i - step)
              .add(DoubleVector.fromArray(SPECIES, in, inAt + i));
      sum.add(DoubleVector.fromArray(SPECIES, in, inAt + i + step))
          .mul(by)
          .intoArray(out, outAt + i);
    }
  }

  private static void scaled(double[] in, int inAt, double[] out, int outAt, int n, double by) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector.fromArray(SPECIES, in, inAt + i).mul(by).intoArray(out, outAt + i);
    }
  }

  private static void addTwo(
      double[] in, int oneAt, int otherAt, double[] out, int outAt, int n, double by) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector two =
          DoubleVector.fromArray(SPECIES, in, oneAt + i)
              .add(DoubleVector.fromArray(SPECIES, in, otherAt + i));
      two.mul(by).add(DoubleVector.fromArray(SPECIES, out, outAt + i)).intoArray(out, outAt + i);
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
    switch (angles) {
      case ZERO -> half(sums.k(), sums.theta(), step, mask, bias, slab.k(), slab.theta(), from, n);
      case ACUTE ->
          acute(
              sums.k(),
              sums.theta(),
              step,
              mask,
              bias,
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
              bias,
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
      double[] sumK,
      double[] sumTheta,
      int step,
      double[] mask,
      double bias,
      double[] k,
      double[] theta,
      int from,
      int n) {
    for (int i = from; i < from + n; i += LANES) {
      DoubleVector m = DoubleVector.fromArray(SPECIES, mask, i);
      DoubleVector kc =
          DoubleVector.fromArray(SPECIES, sumK, i - step)
              .add(DoubleVector.fromArray(SPECIES, sumK, i))
              .add(DoubleVector.fromArray(SPECIES, sumK, i + step))
              .add(bias)
              .mul(m);
      DoubleVector tc =
          DoubleVector.fromArray(SPECIES, sumTheta, i - step)
              .add(DoubleVector.fromArray(SPECIES, sumTheta, i))
              .add(DoubleVector.fromArray(SPECIES, sumTheta, i + step))
              .fma(m, kc);
      kc.mul(0.5).intoArray(k, i);
      tc.mul(0.5).intoArray(theta, i);
    }
  }

  private static void acute(
      double[] sumK,
      double[] sumTheta,
      int step,
      double[] mask,
      double bias,
      double[] p,
      double[] q,
      int shift,
      double[] k,
      double[] theta,
      int from,
      int n) {
    DoubleVector half = DoubleVector.broadcast(SPECIES, 0.5);
    for (int i = from; i < from + n; i += LANES) {
      DoubleVector m = DoubleVector.fromArray(SPECIES, mask, i);
      DoubleVector kc =
          DoubleVector.fromArray(SPECIES, sumK, i - step)
              .add(DoubleVector.fromArray(SPECIES, sumK, i))
              .add(DoubleVector.fromArray(SPECIES, sumK, i + step))
              .add(bias)
              .mul(m);
      DoubleVector tc =
          DoubleVector.fromArray(SPECIES, sumTheta, i - step)
              .add(DoubleVector.fromArray(SPECIES, sumTheta, i))
              .add(DoubleVector.fromArray(SPECIES, sumTheta, i + step))
              .fma(m, kc);
      DoubleVector s =
          DoubleVector.fromArray(SPECIES, p, i).mul(DoubleVector.fromArray(SPECIES, q, i + shift));
      DoubleVector gap = s.sub(kc);
      DoubleVector u = gap.lanewise(VectorOperators.ABS).div(s.add(TINY));
      DoubleVector root = u.lanewise(VectorOperators.SQRT);
      DoubleVector g = DoubleVector.broadcast(SPECIES, G[G.length - 1]);
      for (int c = G.length - 2; c >= 0; c--) {
        g = g.fma(u, DoubleVector.broadcast(SPECIES, G[c]));
      }
      DoubleVector h = DoubleVector.broadcast(SPECIES, H[H.length - 1]);
      for (int c = H.length - 2; c >= 0; c--) {
        h = h.fma(u, DoubleVector.broadcast(SPECIES, H[c]));
      }
      gap.mul(root).fma(g, kc.mul(0.5)).intoArray(k, i);
      half.sub(root.mul(h)).mul(tc).intoArray(theta, i);
    }
  }

  private static void any(
      double[] sumK,
      double[] sumTheta,
      int step,
      double[] mask,
      double bias,
      double[] p,
      double[] q,
      int shift,
      double[] k,
      double[] theta,
      int from,
      int n) {
    DoubleVector half = DoubleVector.broadcast(SPECIES, 0.5);
    for (int i = from; i < from + n; i += LANES) {
      DoubleVector m = DoubleVector.fromArray(SPECIES, mask, i);
      DoubleVector kc =
          DoubleVector.fromArray(SPECIES, sumK, i - step)
              .add(DoubleVector.fromArray(SPECIES, sumK, i))
              .add(DoubleVector.fromArray(SPECIES, sumK, i + step))
              .add(bias)
              .mul(m);
      DoubleVector tc =
          DoubleVector.fromArray(SPECIES, sumTheta, i - step)
              .add(DoubleVector.fromArray(SPECIES, sumTheta, i))
              .add(DoubleVector.fromArray(SPECIES, sumTheta, i + step))
              .fma(m, kc);
      DoubleVector s =
          DoubleVector.fromArray(SPECIES, p, i).mul(DoubleVector.fromArray(SPECIES, q, i + shift));
      DoubleVector gap = s.sub(kc.lanewise(VectorOperators.ABS));
      DoubleVector u = gap.lanewise(VectorOperators.ABS).div(s.add(TINY));
      DoubleVector root = u.lanewise(VectorOperators.SQRT);
      DoubleVector g = DoubleVector.broadcast(SPECIES, G[G.length - 1]);
      for (int c = G.length - 2; c >= 0; c--) {
        g = g.fma(u, DoubleVector.broadcast(SPECIES, G[c]));
      }
      DoubleVector h = DoubleVector.broadcast(SPECIES, H[H.length - 1]);
      for (int c = H.length - 2; c >= 0; c--) {
        h = h.fma(u, DoubleVector.broadcast(SPECIES, H[c]));
      }
      gap.mul(root).fma(g, kc.max(0).mul(0.5)).intoArray(k, i);
      DoubleVector turns = root.mul(h);
      half.sub(turns).blend(turns, kc.lt(0)).mul(tc).intoArray(theta, i);
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
      if (step == 1) {
        addRow(in, inAt + r * inStride, scale, out, outAt + r * outStride, width);
      } else {
        addStrided(in, inAt + r * inStride, step, scale, out, outAt + r * outStride, width);
      }
    }
  }

  private static void addRow(double[] in, int inAt, double by, double[] out, int outAt, int n) {
    int i = 0;
    for (int end = SPECIES.loopBound(n); i < end; i += LANES) {
      DoubleVector sum =
          DoubleVector.fromArray(SPECIES, in, inAt + i)
              .mul(by)
              .add(DoubleVector.fromArray(SPECIES, out, outAt + i));
      sum.intoArray(out, outAt + i);
    }
    addStrided(in, inAt + i, 1, by, out, outAt + i, n - i);
  }

  private static void addStrided(
      double[] in, int inAt, int step, double by, double[] out, int outAt, int n) {
    for (int i = 0; i < n; i++) {
      out[outAt + i] += by * in[inAt + i * step];
    }
  }

  /** In the same order whether compiled or not, which the sum over the lanes of a vector is not. */
  @Override
  public double sum(double[] in, int at, int n) {
    double[] lanes = new double[LANES];
    DoubleVector sum = DoubleVector.zero(SPECIES);
    for (int i = 0; i < n; i += LANES) {
      sum = sum.add(DoubleVector.fromArray(SPECIES, in, at + i));
    }
    sum.intoArray(lanes, 0);
    double total = 0;
    for (double lane : lanes) {
      total += lane;
    }
    return total;
  }
}
