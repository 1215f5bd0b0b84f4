package org.tfjavantk.infinite;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
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
  private static final double[] H = ArcCosine.DOUBLES;
  private static final double SQUARE = ArcCosine.SQUARE;

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
      double[] k,
      double[] theta,
      int at,
      int n,
      double[] mask,
      double bias,
      Spread<double[]> p,
      int pAt,
      Spread<double[]> q,
      int qAt) {
    relu(
        k,
        theta,
        at,
        n,
        mask,
        bias,
        p.deviation(),
        p.inverse(),
        pAt,
        q.deviation(),
        q.inverse(),
        qAt);
  }

  private static void relu(
      double[] k,
      double[] theta,
      int at,
      int n,
      double[] mask,
      double bias,
      double[] p,
      double[] pInverse,
      int pAt,
      double[] q,
      double[] qInverse,
      int qAt) {
    DoubleVector half = DoubleVector.broadcast(SPECIES, 0.5);
    DoubleVector twice = DoubleVector.broadcast(SPECIES, 2 * SQUARE);
    for (int i = 0; i < n; i += LANES) {
      DoubleVector m = DoubleVector.fromArray(SPECIES, mask, i);
      DoubleVector kc = DoubleVector.fromArray(SPECIES, k, at + i).add(bias).mul(m);
      DoubleVector tc = DoubleVector.fromArray(SPECIES, theta, at + i).fma(m, kc);
      DoubleVector s =
          DoubleVector.fromArray(SPECIES, p, pAt + i)
              .mul(DoubleVector.fromArray(SPECIES, q, qAt + i));
      DoubleVector inverse =
          DoubleVector.fromArray(SPECIES, pInverse, pAt + i)
              .mul(DoubleVector.fromArray(SPECIES, qInverse, qAt + i));
      DoubleVector u =
          s.sub(kc.lanewise(VectorOperators.ABS)).mul(inverse).lanewise(VectorOperators.ABS);
      DoubleVector h = DoubleVector.broadcast(SPECIES, H[H.length - 1]);
      for (int j = H.length - 2; j >= 0; j--) {
        h = h.fma(u, DoubleVector.broadcast(SPECIES, H[j]));
      }
      DoubleVector acute = h.mul(u.lanewise(VectorOperators.SQRT));
      VectorMask<Double> obtuse = kc.lt(0);
      DoubleVector r = half.sub(acute).blend(acute, obtuse);
      DoubleVector sine = twice.sub(u.mul(SQUARE)).mul(u).lanewise(VectorOperators.SQRT);
      kc.fma(r, s.mul(sine)).intoArray(k, at + i);
      tc.mul(r).intoArray(theta, at + i);
    }
  }

  @Override
  public void addRows(
      double[] in,
      int inAt,
      int inStride,
      double[] out,
      int outAt,
      int outStride,
      int width,
      int rows) {
    for (int r = 0; r < rows; r++) {
      add(in, inAt + r * inStride, out, outAt + r * outStride, width);
    }
  }

  private static void add(double[] in, int inAt, double[] out, int outAt, int n) {
    for (int i = 0; i < n; i += LANES) {
      DoubleVector.fromArray(SPECIES, in, inAt + i)
          .add(DoubleVector.fromArray(SPECIES, out, outAt + i))
          .intoArray(out, outAt + i);
    }
  }

  @Override
  public void scatter(
      double[] in, int inAt, int[] from, double[] out, int outAt, int[] to, double scale) {
    plain.scatter(in, inAt, from, out, outAt, to, scale);
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
