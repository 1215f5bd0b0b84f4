package org.tfjavantk.store;

import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Keeps of every tile no more than its sums: for timings, where nothing shall be written. Of a
 * symmetric matrix the tiles above the diagonal count twice, so that the sums are those of the
 * whole matrix. Every tile is to be written once.
 */
public final class TileSums implements TileSink {
  private final KernelLayout layout;
  private double sum;
  private double trace;

  public TileSums(KernelLayout layout) {
    this.layout = layout;
  }

  /** The sum of all entries. */
  public double sum() {
    return sum;
  }

  /** The sum of the entries on the diagonal of the matrix. */
  public double trace() {
    return trace;
  }

  @Override
  public KernelLayout layout() {
    return layout;
  }

  @Override
  public List<Tile> unfinished() {
    return layout.neededTiles();
  }

  @Override
  public void write(int i, int j, double[] values) {
    add(new Tile(i, j), values.length, k -> values[k]);
  }

  @Override
  public void write(int i, int j, float[] values) {
    add(new Tile(i, j), values.length, k -> values[k]);
  }

  private void add(Tile tile, int length, IntToDoubleFunction values) {
    double own = 0;
    for (int k = 0; k < length; k++) {
      own += values.applyAsDouble(k);
    }
    if (!Double.isFinite(own)) {
      throw new ArithmeticException(tile + " holds NaN or infinite values");
    }
    boolean diagonal = tile.row() == tile.column();
    sum += layout.symmetric() && !diagonal ? 2 * own : own;
    if (diagonal) {
      int columns = layout.columnsOfTile(tile.column());
      for (int k = 0; k < Math.min(columns, layout.rowsOfTile(tile.row())); k++) {
        trace += values.applyAsDouble(k * (columns + 1));
      }
    }
  }
}
