package org.tfjavantk.tile;

import java.util.function.Consumer;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;

/** Computes tiles, one at a time. */
public interface TileEngine extends AutoCloseable {
  /**
   * Computes a tile.
   *
   * @param each takes the values of each matrix, or of several one after the other, and keeps none
   *     of them; of a tile on the diagonal of a symmetric kernel what is below the diagonal may
   *     hold anything
   */
  void compute(Tile tile, Consumer<NativeArray> each);

  @Override
  void close();
}
