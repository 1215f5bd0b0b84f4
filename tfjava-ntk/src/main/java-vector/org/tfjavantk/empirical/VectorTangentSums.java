package org.tfjavantk.empirical;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link TangentSums} with the Vector API. Of ż, a tile of {@link #ROWS} positions and {@link
 * #COLUMNS} outputs is made at a time, for a vector of neighbouring channels, in registers, and
 * multiplied with the cotangents of all outputs at these positions.
 *
 * <p>Everything is arranged in the order in which it is read, so that one index does for all that a
 * step takes:
 *
 * <ul>
 *   <li>δ: (channels / lanes, positions / ROWS, outputs, ROWS, lanes),
 *   <li>δ': (channels / lanes, outputs / COLUMNS, positions, COLUMNS, lanes),
 *   <li>G: (positions / ROWS, positions, ROWS),
 *   <li>sums: (outputs / COLUMNS, outputs, COLUMNS, lanes),
 * </ul>
 *
 * padded with zeros to whole tiles.
 */
final class VectorTangentSums implements TangentSums {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** With more, the JIT compiler keeps not all of a tile in sixteen registers. */
  private static final int ROWS = 4;

  private static final int COLUMNS = 2;

  private float[] tiles = new float[0];
  private float[] lanes = new float[0];

  @Override
  public int size(int positions, int outputs, int channels) {
    return up(channels, LANES) * up(outputs, COLUMNS) * up(positions, ROWS);
  }

  private static int up(int count, int unit) {
    return (count + unit - 1) / unit * unit;
  }

  @Override
  public void arrangeLeft(
      float[] cotangents, int positions, int outputs, int channels, float[] into, int to) {
    int block = up(positions, ROWS) * outputs * LANES;
    if (channels % LANES != 0 || positions % ROWS != 0) {
      Arrays.fill(into, to, to + up(channels, LANES) / LANES * block, 0);
    }
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < outputs; c++) {
        int from = (p * outputs + c) * channels;
        int at = to + ((p / ROWS * outputs + c) * ROWS + p % ROWS) * LANES;
        scatter(cotangents, from, channels, into, at, block);
      }
    }
  }

  @Override
  public void arrangeRight(
      float[] cotangents, int positions, int outputs, int channels, float[] into) {
    int block = up(outputs, COLUMNS) * positions * LANES;
    if (channels % LANES != 0 || outputs % COLUMNS != 0) {
      Arrays.fill(into, 0, up(channels, LANES) / LANES * block, 0);
    }
    for (int p = 0; p < positions; p++) {
      for (int c = 0; c < outputs; c++) {
        int from = (p * outputs + c) * channels;
        int at = ((c / COLUMNS * positions + p) * COLUMNS + c % COLUMNS) * LANES;
        scatter(cotangents, from, channels, into, at, block);
      }
    }
  }

  /** Copies the channels, a vector to every block. */
  private static void scatter(
      float[] from, int first, int channels, float[] into, int to, int block) {
    int at = to;
    int m = 0;
    for (; m <= channels - LANES; m += LANES) {
      FloatVector.fromArray(SPECIES, from, first + m).intoArray(into, at);
      at += block;
    }
    if (m < channels) {
      System.arraycopy(from, first + m, into, at, channels - m);
    }
  }

  private float[] tiles(float[] gram, int positions) {
    int length = up(positions, ROWS) * positions;
    if (tiles.length != length) {
      tiles = new float[length];
    }
    for (int p = 0; p < positions; p++) {
      int at = p / ROWS * ROWS * positions + p % ROWS;
      for (int q = 0; q < positions; q++) {
        tiles[at + q * ROWS] = gram[p * positions + q];
      }
    }
    return tiles;
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
    float[] g = tiles(gram, positions);
    int length = up(outputs, COLUMNS) * outputs * LANES;
    if (lanes.length < length) {
      lanes = new float[length];
    }
    Arrays.fill(lanes, 0, length, 0);
    for (int m = 0; m < channels; m += LANES) {
      int l = at + m * outputs * up(positions, ROWS);
      block(g, positions, outputs, left, l, right, m * up(outputs, COLUMNS) * positions);
    }
    for (int c = 0; c < outputs; c++) {
      for (int k = 0; k < outputs; k++) {
        int from = ((k / COLUMNS * outputs + c) * COLUMNS + k % COLUMNS) * LANES;
        sums[c * outputs + k] = sum(from);
      }
    }
  }

  // What follows is in methods of its own because the JIT compiler counts calls: a long loop in a
  // method that is seldom called is interpreted for seconds.

  private float sum(int from) {
    return FloatVector.fromArray(SPECIES, lanes, from).reduceLanes(VectorOperators.ADD);
  }

  /** All tiles of a vector of channels. */
  private void block(
      float[] gram, int positions, int outputs, float[] left, int l, float[] right, int r) {
    for (int p = 0; p < positions; p += ROWS) {
      for (int c = 0; c < outputs; c += COLUMNS) {
        int from = l + p * outputs * LANES;
        tile(
            gram,
            p * positions,
            positions,
            left,
            from,
            outputs,
            right,
            r + c * positions * LANES,
            c * outputs * LANES);
      }
    }
  }

  private void tile(
      float[] gram,
      int g,
      int positions,
      float[] left,
      int l,
      int outputs,
      float[] right,
      int r,
      int s) {
    FloatVector z00 = FloatVector.zero(SPECIES);
    FloatVector z01 = z00;
    FloatVector z10 = z00;
    FloatVector z11 = z00;
    FloatVector z20 = z00;
    FloatVector z21 = z00;
    FloatVector z30 = z00;
    FloatVector z31 = z00;
    // One index for both: what is kept in integer registers takes those of vectors away.
    int end = g + positions * ROWS;
    for (int from = g; from < end; from += ROWS) {
      int d = r + (from - g) * (COLUMNS * LANES / ROWS);
      FloatVector d0 = FloatVector.fromArray(SPECIES, right, d);
      FloatVector d1 = FloatVector.fromArray(SPECIES, right, d + LANES);
      FloatVector weight = FloatVector.broadcast(SPECIES, gram[from]);
      z00 = weight.fma(d0, z00);
      z01 = weight.fma(d1, z01);
      weight = FloatVector.broadcast(SPECIES, gram[from + 1]);
      z10 = weight.fma(d0, z10);
      z11 = weight.fma(d1, z11);
      weight = FloatVector.broadcast(SPECIES, gram[from + 2]);
      z20 = weight.fma(d0, z20);
      z21 = weight.fma(d1, z21);
      weight = FloatVector.broadcast(SPECIES, gram[from + 3]);
      z30 = weight.fma(d0, z30);
      z31 = weight.fma(d1, z31);
    }
    float[] to = lanes;
    for (int c = 0; c < outputs; c++) {
      int at = s + c * (COLUMNS * LANES);
      int from = l + c * (ROWS * LANES);
      FloatVector sum0 = FloatVector.fromArray(SPECIES, to, at);
      FloatVector sum1 = FloatVector.fromArray(SPECIES, to, at + LANES);
      FloatVector d = FloatVector.fromArray(SPECIES, left, from);
      sum0 = d.fma(z00, sum0);
      sum1 = d.fma(z01, sum1);
      d = FloatVector.fromArray(SPECIES, left, from + LANES);
      sum0 = d.fma(z10, sum0);
      sum1 = d.fma(z11, sum1);
      d = FloatVector.fromArray(SPECIES, left, from + 2 * LANES);
      sum0 = d.fma(z20, sum0);
      sum1 = d.fma(z21, sum1);
      d = FloatVector.fromArray(SPECIES, left, from + 3 * LANES);
      sum0 = d.fma(z30, sum0);
      sum1 = d.fma(z31, sum1);
      sum0.intoArray(to, at);
      sum1.intoArray(to, at + LANES);
    }
  }
}
