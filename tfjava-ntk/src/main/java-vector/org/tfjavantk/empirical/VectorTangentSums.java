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
  public void arrange(
      float[] cotangents, int positions, int outputs, int channels, float[] into, int to) {
    Arrays.fill(into, to, to + size(positions, outputs, channels), 0);
    int line = positions(positions) * LANES;
    int block = outputs(outputs) * line;
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < outputs; c++) {
        int from = (p * outputs + c) * channels;
        int at = to + c * line + p * LANES;
        for (int m = 0; m < channels; m += LANES) {
          int count = Math.min(LANES, channels - m);
          System.arraycopy(cotangents, from + m, into, at + m / LANES * block, count);
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
          int cotangents = block + c * line;
          tile(gram, p, positions, left, at + block + p * LANES, right, cotangents, line, all, c);
        }
      }
    }
    for (int c = 0; c < outputs; c++) {
      for (int k = 0; k < outputs; k++) {
        sums[c * outputs + k] =
            FloatVector.fromArray(SPECIES, lanes, (c * all + k) * LANES)
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
    for (int q = 0; q < positions; q++) {
      FloatVector d0 = FloatVector.fromArray(SPECIES, right, r + q * LANES);
      FloatVector d1 = FloatVector.fromArray(SPECIES, right, r + line + q * LANES);
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
    int s = column * LANES;
    for (int c = 0; c < all; c++) {
      FloatVector s0 = FloatVector.fromArray(SPECIES, to, s);
      FloatVector s1 = FloatVector.fromArray(SPECIES, to, s + LANES);
      FloatVector d = FloatVector.fromArray(SPECIES, left, l);
      s0 = d.fma(z00, s0);
      s1 = d.fma(z01, s1);
      d = FloatVector.fromArray(SPECIES, left, l + LANES);
      s0 = d.fma(z10, s0);
      s1 = d.fma(z11, s1);
      d = FloatVector.fromArray(SPECIES, left, l + 2 * LANES);
      s0 = d.fma(z20, s0);
      s1 = d.fma(z21, s1);
      d = FloatVector.fromArray(SPECIES, left, l + 3 * LANES);
      s0 = d.fma(z30, s0);
      s1 = d.fma(z31, s1);
      s0.intoArray(to, s);
      s1.intoArray(to, s + LANES);
      l += line;
      s += all * LANES;
    }
  }
}
