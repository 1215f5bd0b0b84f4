package org.tfjavantk.store;

import java.util.List;

/**
 * Where the tiles of a kernel matrix go as they are computed. Different tiles may be written by
 * different threads; one thread at a time where one device computes.
 */
public interface TileSink {
  /** The shape of the matrix and of its tiles. */
  KernelLayout layout();

  /** The tiles still to compute, row by row. */
  List<Tile> unfinished();

  /**
   * Takes a tile.
   *
   * @param values {@code rowsOfTile(i) * columnsOfTile(j)} values, row-major; the array is used
   *     again for other tiles
   * @throws ArithmeticException when a value is NaN or infinite; the message names the tile
   */
  void write(int i, int j, double[] values);

  /** As {@link #write(int, int, double[])}. */
  void write(int i, int j, float[] values);
}
