package org.tfjavantk.tile;

import org.tfjavantk.data.Examples;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;

/**
 * The examples of rows and columns of tiles.
 *
 * @param rows those of the kernel's rows
 * @param columns those of its columns; of a symmetric kernel the same
 * @param layout how they are cut
 */
public record TileExamples(Examples rows, Examples columns, KernelLayout layout) {
  /** Some examples, row-major. */
  public record Some(double[] x, int count) {}

  /** Whether row and column of a tile are the same examples. */
  public boolean alone(Tile tile) {
    return layout.symmetric() && tile.row() == tile.column();
  }

  public Some ofRow(Tile tile) {
    return read(rows, tile.row(), layout.rowExamplesOfTile(tile.row()));
  }

  public Some ofColumn(Tile tile) {
    return read(columns, tile.column(), layout.columnExamplesOfTile(tile.column()));
  }

  private Some read(Examples of, int tile, int n) {
    double[] x = new double[n * of.size()];
    for (int k = 0; k < n; k++) {
      of.read(layout.firstExample(tile) + k, x, k * of.size());
    }
    return new Some(x, n);
  }
}
