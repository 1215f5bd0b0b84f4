package org.tfjavantk.empirical;

import java.util.function.Consumer;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;

/** Computes tiles, one at a time. */
interface TileEngine extends AutoCloseable {
  /**
   * Computes a tile.
   *
   * @param each takes the values of each group of parameters in turn, as {@link Pairing} describes
   *     them, and keeps none of them; of a tile on the diagonal of a symmetric kernel what is below
   *     the diagonal may hold anything
   */
  void compute(Tile tile, Consumer<NativeArray> each);

  @Override
  void close();
}
