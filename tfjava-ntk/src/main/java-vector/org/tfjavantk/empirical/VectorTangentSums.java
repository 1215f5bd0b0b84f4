package org.tfjavantk.empirical;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TangentSums} with the Vector API. Cotangents are cut into vectors of neighbouring channels
 * and arranged as (channels / lanes, outputs, positions, lanes), outputs and positions padded with
 * zeros to whole tiles. Of ż, a tile of {@link #ROWS} positions and {@link #COLUMNS} outputs is
 * made at a time, in registers, and multiplied with the cotangents of all outputs at these
 * positions.
 */
final class VectorTangentSums implements TangentSums {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** With more, the JIT compiler keeps not all of a tile in sixteen registers. */
  private static final int ROWS = 4;

  private static final int COLUMNS = 2;

  private float[] lanes = new float[0];

  @Override
  public int size(int positions, int outputs, int channels) {
    return vectors(channels) * outputs(outputs) * positions(positions) * LANES;
  }

  private static int vectors(int channels) {
    return (channels + LANES - 1) / LANES;
  }

  private static int outputs(int outputs) {
    return (outputs + COLUMNS - 1) / COLUMNS * COLUMNS;
  }

  private static int positions(int positions) {
    return (positions + ROWS - 1) / ROWS * ROWS;
  }

  @Override
  public void arrangeLeft(
      float[] cotangents, int positions, int outputs, int channels, float[] into, int to) {
    arrange(cotangents, positions, outputs, channels, into, to, outputs(outputs) * LANES, LANES);
  }

  @Override
  public void arrangeRight(
      float[] cotangents, int positions, int outputs, int channels, float[] into) {
    arrange(cotangents, positions, outputs, channels, into, 0, LANES, positions(positions) * LANES);
  }

  private void arrange(
      float[] cotangents,
      int positions,
      int outputs,
      int channels,
      float[] into,
      int to,
      int position,
      int output) {
    boolean whole = channels % LANES == 0;
    if (!whole || positions % ROWS != 0 || outputs % COLUMNS != 0) {
      Arrays.fill(into, to, to + size(positions, outputs, channels), 0);
    }
    int block = outputs(outputs) * positions(positions) * LANES;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < outputs; c++) {
        int from = (p * outputs + c) * channels;
        int at = to + p * position + c * output;
        for (int m = 0; m < channels; m += LANES) {
          int vector = at + m / LANES * block;
          if (whole) {
            FloatVector.fromArray(SPECIES, cotangents, from + m).intoArray(into, vector);
          } else {
            int count = Math.min(LANES, channels - m);
            System.arraycopy(cotangents, from + m, into, vector, count);
          }
        }
      }
    }
  }

  @Override
  public void sums(
      float[] gram,
      int positions,
      int outputs,
      int channels,
      float[] left,
      int at,
      float[] right,
      float[] sums) {
    int all = outputs(outputs);
    int length = all * all * LANES;
    if (lanes.length < length) {
      lanes = new float[length];
    }
    Arrays.fill(lanes, 0, length, 0);
    int line = positions(positions) * LANES;
    for (int m = 0; m < vectors(channels); m++) {
      int block = m * all * line;
      for (int c = 0; c < all; c += COLUMNS) {
        for (int p = 0; p < positions; p += ROWS) {
          int l = at + block + p * all * LANES;
          tile(gram, p, positions, left, l, right, block + c * line, line, all, c);
        }
      }
    }
    for (int c = 0; c < outputs; c++) {
      for (int k = 0; k < outputs; k++) {
        sums[c * outputs + k] =
            FloatVector.fromArray(SPECIES, lanes, (k * all + c) * LANES)
                .reduceLanes(VectorOperators.ADD);
      }
    }
  }

  /** Rows of G beyond the last are taken to be the last: they are multiplied with zeros. */
  private void tile(
      float[] gram,
      int p,
      int positions,
      float[] left,
      int l,
      float[] right,
      int r,
      int line,
      int all,
      int column) {
    FloatVector z00 = FloatVector.zero(SPECIES);
    FloatVector z01 = z00;
    FloatVector z10 = z00;
    FloatVector z11 = z00;
    FloatVector z20 = z00;
    FloatVector z21 = z00;
    FloatVector z30 = z00;
    FloatVector z31 = z00;
    int last = positions - 1;
    int g0 = p * positions;
    int g1 = Math.min(p + 1, last) * positions;
    int g2 = Math.min(p + 2, last) * positions;
    int g3 = Math.min(p + 3, last) * positions;
    int r1 = r + line;
    int q = 0;
    // Two at a time: else there are more additions of indices than of vectors.
    for (; q < positions - 1; q += 2) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, right, r + q * LANES);
      FloatVector d1 = FloatVector.fromArray(SPECIES, right, r1 + q * LANES);
      FloatVector g = FloatVector.broadcast(SPECIES, gram[g0 + q]);
      z00 = g.fma(d0, z00);
      z01 = g.fma(d1, z01);
      g = FloatVector.broadcast(SPECIES, gram[g1 + q]);
      z10 = g.fma(d0, z10);
      z11 = g.fma(d1, z11);
      g = FloatVector.broadcast(SPECIES, gram[g2 + q]);
      z20 = g.fma(d0, z20);
      z21 = g.fma(d1, z21);
      g = FloatVector.broadcast(SPECIES, gram[g3 + q]);
      z30 = g.fma(d0, z30);
      z31 = g.fma(d1, z31);
      d0 = FloatVector.fromArray(SPECIES, right, r + q * LANES + LANES);
      d1 = FloatVector.fromArray(SPECIES, right, r1 + q * LANES + LANES);
      g = FloatVector.broadcast(SPECIES, gram[g0 + q + 1]);
      z00 = g.fma(d0, z00);
      z01 = g.fma(d1, z01);
      g = FloatVector.broadcast(SPECIES, gram[g1 + q + 1]);
      z10 = g.fma(d0, z10);
      z11 = g.fma(d1, z11);
      g = FloatVector.broadcast(SPECIES, gram[g2 + q + 1]);
      z20 = g.fma(d0, z20);
      z21 = g.fma(d1, z21);
      g = FloatVector.broadcast(SPECIES, gram[g3 + q + 1]);
      z30 = g.fma(d0, z30);
      z31 = g.fma(d1, z31);
    }
    if (q < positions) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, right, r + q * LANES);
      FloatVector d1 = FloatVector.fromArray(SPECIES, right, r1 + q * LANES);
      FloatVector g = FloatVector.broadcast(SPECIES, gram[g0 + q]);
      z00 = g.fma(d0, z00);
      z01 = g.fma(d1, z01);
      g = FloatVector.broadcast(SPECIES, gram[g1 + q]);
      z10 = g.fma(d0, z10);
      z11 = g.fma(d1, z11);
      g = FloatVector.broadcast(SPECIES, gram[g2 + q]);
      z20 = g.fma(d0, z20);
      z21 = g.fma(d1, z21);
      g = FloatVector.broadcast(SPECIES, gram[g3 + q]);
      z30 = g.fma(d0, z30);
      z31 = g.fma(d1, z31);
    }
    float[] to = lanes;
    int s0 = column * all * LANES;
    int s1 = s0 + all * LANES;
    int l1 = l + all * LANES;
    int l2 = l1 + all * LANES;
    int l3 = l2 + all * LANES;
    for (int c = 0; c < all; c++) {
      FloatVector sum0 = FloatVector.fromArray(SPECIES, to, s0 + c * LANES);
      FloatVector sum1 = FloatVector.fromArray(SPECIES, to, s1 + c * LANES);
      FloatVector d = FloatVector.fromArray(SPECIES, left, l + c * LANES);
      sum0 = d.fma(z00, sum0);
      sum1 = d.fma(z01, sum1);
      d = FloatVector.fromArray(SPECIES, left, l1 + c * LANES);
      sum0 = d.fma(z10, sum0);
      sum1 = d.fma(z11, sum1);
      d = FloatVector.fromArray(SPECIES, left, l2 + c * LANES);
      sum0 = d.fma(z20, sum0);
      sum1 = d.fma(z21, sum1);
      d = FloatVector.fromArray(SPECIES, left, l3 + c * LANES);
      sum0 = d.fma(z30, sum0);
      sum1 = d.fma(z31, sum1);
      sum0.intoArray(to, s0 + c * LANES);
      sum1.intoArray(to, s1 + c * LANES);
    }
  }
}
