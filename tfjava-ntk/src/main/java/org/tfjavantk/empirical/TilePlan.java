package org.tfjavantk.empirical;

import java.util.Locale;
import org.tfjavantk.graphs.UserException;

/**
 * How a kernel matrix is cut.
 *
 * @param tile examples on the side of a tile: the unit that is stored
 * @param batch examples whose factors are computed at once
 * @param memory bytes that the computation may hold
 * @param bytes an estimate of what it will hold
 */
public record TilePlan(int tile, int batch, long memory, long bytes) {
  /** Tiles are not made larger than this, so that a killed run loses little. */
  private static final long LARGEST_TILE_BYTES = 32L << 20;

  /** More examples at once are no faster. */
  private static final int LARGEST_BATCH = 32;

  /** Estimates memory. */
  interface Costs {
    /**
     * Bytes for a tile of n x n examples with factors computed in batches.
     *
     * @param alone whether the tile is all of a symmetric kernel, so that it has one panel
     */
    long bytes(int n, int batch, boolean alone);
  }

  /**
   * The largest tile that fits the memory, then the largest batch.
   *
   * @param symmetric whether there is nothing but the kernel of the examples with themselves
   * @param stored bytes of one pair's entries in a tile
   * @param wanted examples on the side of a tile; 0 to choose
   * @throws UserException if not even one example fits
   */
  static TilePlan choose(
      int examples, boolean symmetric, long stored, Costs costs, long memory, int wanted) {
    int cap = (int) Math.max(1, Math.floor(Math.sqrt((double) LARGEST_TILE_BYTES / stored)));
    int tile = Math.min(examples, wanted > 0 ? wanted : cap);
    if (wanted == 0) {
      while (tile > 1 && costs.bytes(tile, least(tile), symmetric && tile == examples) > memory) {
        tile = Math.min(tile - 1, tile * 7 / 8);
      }
      // Tiles of even size: the last row of tiles is stored padded to a full one.
      int tiles = (examples + tile - 1) / tile;
      tile = (examples + tiles - 1) / tiles;
    }
    boolean alone = symmetric && tile == examples;
    for (int batch = Math.min(tile, LARGEST_BATCH); batch > 0; batch = batch * 3 / 4) {
      long bytes = costs.bytes(tile, batch, alone);
      if (bytes <= memory) {
        return new TilePlan(tile, batch, memory, bytes);
      }
    }
    throw tooLittle(costs.bytes(tile, 1, alone), memory, tile);
  }

  /** A batch that is still fast. */
  private static int least(int tile) {
    return Math.min(tile, LARGEST_BATCH / 4);
  }

  private static UserException tooLittle(long needed, long memory, int tile) {
    return new UserException(
        String.format(
            Locale.ROOT,
            "empirical_kernel.memory is too small: a tile of %d x %d examples needs about %s, %s are"
                + " allowed. Raise memory to that%s.",
            tile,
            tile,
            size(needed),
            size(memory),
            tile > 1 ? ", or choose a smaller tile" : ""));
  }

  /** Rounded up, so that what is asked for suffices. */
  private static String size(long bytes) {
    return bytes < 10 << 20
        ? String.format(Locale.ROOT, "%,d KiB", (bytes + (1 << 10) - 1) >> 10)
        : String.format(Locale.ROOT, "%,d MiB", (bytes + (1 << 20) - 1) >> 20);
  }
}
