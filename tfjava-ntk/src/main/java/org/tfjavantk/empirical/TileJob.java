package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;

/**
 * Tiles that are to be computed.
 *
 * @param layout of their matrix
 * @param tiles which ones
 */
public record TileJob(KernelLayout layout, List<Tile> tiles) {
  public TileJob {
    tiles = List.copyOf(tiles);
  }

  /** The whole matrix. */
  public static TileJob all(KernelLayout layout) {
    return new TileJob(layout, layout.neededTiles());
  }

  /** Whether the rows of a tile are its columns. */
  boolean alone(Tile tile) {
    return layout.symmetric() && tile.row() == tile.column();
  }

  int rows(Tile tile) {
    return layout.rowExamplesOfTile(tile.row());
  }

  int columns(Tile tile) {
    return layout.columnExamplesOfTile(tile.column());
  }
}
