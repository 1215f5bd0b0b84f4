package org.tfjavantk.solve;

import java.util.List;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Block;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.store.DenseKernel;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.RowConsumer;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileBuffer;

/**
 * A symmetric kernel on disk. A product streams its tiles once, in the memory of two tiles and
 * their buffers, the next tile being read while the present one is multiplied.
 */
public final class StoreSource implements KernelSource {
  private final KernelStore store;
  private final KernelLayout layout;
  private double norm = Double.NaN;

  /**
   * @throws UserException when the kernel isn't symmetric
   */
  public StoreSource(KernelStore store) {
    this.store = store;
    this.layout = store.layout();
    if (!layout.symmetric()) {
      throw new UserException(store.directory() + " is not the symmetric kernel of one set");
    }
  }

  /** What is read. */
  public KernelStore store() {
    return store;
  }

  @Override
  public int size() {
    return Math.toIntExact(layout.rows());
  }

  @Override
  public String name() {
    return store.directory().toString();
  }

  @Override
  public void times(Matrix x, Matrix result) {
    result.clear();
    int columns = x.columns();
    forEachTile(
        (tile, values) -> {
          Block k = values.block(0, 0, rows(tile.row()), rows(tile.column()));
          Block xi = x.block(first(tile.row()), 0, k.rows(), columns);
          Block xj = x.block(first(tile.column()), 0, k.columns(), columns);
          Block yi = result.block(first(tile.row()), 0, k.rows(), columns);
          Block yj = result.block(first(tile.column()), 0, k.columns(), columns);
          Block.product(1, k, false, xj, false, 1, yi);
          if (tile.row() != tile.column()) {
            Block.product(1, k, true, xi, false, 1, yj);
          }
        });
  }

  private int first(int tile) {
    return tile * layout.tileExamples() * layout.outputs();
  }

  private int rows(int tile) {
    return layout.rowsOfTile(tile);
  }

  /** What is done with a tile. */
  private interface TileUse {
    void use(Tile tile, Matrix values);
  }

  private void forEachTile(TileUse use) {
    List<Tile> tiles = layout.neededTiles();
    int side = Math.min(size(), layout.tileExamples() * layout.outputs());
    try (TileBuffer buffer = new TileBuffer(store);
        Matrix one = new Matrix(side, side);
        Matrix other = new Matrix(side, side)) {
      ReadAhead.run(
          tiles.size(),
          one,
          other,
          (matrix, k) -> buffer.read(tiles.get(k).row(), tiles.get(k).column(), matrix, 0, 0),
          (matrix, k) -> use.use(tiles.get(k), matrix));
    }
  }

  @Override
  public void readRows(RowConsumer consumer) {
    store.readRows(consumer);
  }

  @Override
  public double[] row(int i) {
    double[] found = new double[size()];
    store.readRows(
        i / layout.outputs(),
        1,
        (row, values) -> {
          if (row == i) {
            System.arraycopy(values, 0, found, 0, found.length);
          }
        });
    return found;
  }

  @Override
  public double[] diagonal() {
    double[] diagonal = new double[size()];
    for (int t = 0; t < layout.rowTiles(); t++) {
      double[] tile = store.readTile(t, t);
      for (int r = 0; r < rows(t); r++) {
        diagonal[first(t) + r] = tile[r * rows(t) + r];
      }
    }
    return diagonal;
  }

  @Override
  public double frobeniusNorm() {
    if (Double.isNaN(norm)) {
      double[] sum = {0};
      forEachTile(
          (tile, values) -> {
            double part = values.block(0, 0, rows(tile.row()), rows(tile.column())).frobeniusNorm();
            sum[0] = Math.hypot(sum[0], part);
            if (tile.row() != tile.column()) {
              sum[0] = Math.hypot(sum[0], part);
            }
          });
      norm = sum[0];
    }
    return norm;
  }

  @Override
  public Matrix dense() {
    return DenseKernel.load(store);
  }
}
