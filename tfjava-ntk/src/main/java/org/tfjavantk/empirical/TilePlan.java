package org.tfjavantk.empirical;

import java.util.Locale;
import org.tfjavantk.graphs.UserException;

/**
 * How a kernel matrix is cut.
 *
 * @param tile examples on the side of a tile: the unit that is stored
 * @param panel examples whose factors are computed at once: a tile is contracted panel by panel
 * @param bytes an estimate of the memory that the computation will hold
 */
public record TilePlan(int tile, int panel, long bytes) {
  /** Tiles are not made larger than this, so that a killed run loses little. */
  private static final long LARGEST_TILE_BYTES = 32L << 20;

  /** More examples at once make matrix products no faster. */
  private static final int LARGEST_PANEL = 128;

  /**
   * The largest tile and panel that fit the memory.
   *
   * @param perExample bytes that a panel keeps for one example
   * @param temporary bytes beside them that exist for one example while they are computed
   * @param perPair bytes that exist for one pair of examples while it is contracted
   * @param stored bytes of one pair's entries in a tile
   * @param wanted examples on the side of a tile; 0 to choose
   * @throws UserException if not even one example fits
   */
  static TilePlan choose(
      int examples,
      long perExample,
      long temporary,
      long perPair,
      long stored,
      long memory,
      int wanted) {
    Costs costs = new Costs(perExample, temporary, perPair, stored);
    if (wanted > 0) {
      int tile = Math.min(wanted, examples);
      int panel = costs.largestPanel(tile, memory);
      if (panel == 0) {
        throw tooLittle(costs.bytes(tile, 1), memory, tile);
      }
      return new TilePlan(tile, panel, costs.bytes(tile, panel));
    }
    int cap = (int) Math.max(1, Math.floor(Math.sqrt((double) LARGEST_TILE_BYTES / stored)));
    int tile = Math.min(examples, cap);
    while (tile > 1 && costs.largestPanel(tile, memory) == 0) {
      tile = tile * 3 / 4;
    }
    // Tiles of even size: the last row of tiles is stored padded to a full one.
    int tiles = (examples + tile - 1) / tile;
    tile = (examples + tiles - 1) / tiles;
    int panel = costs.largestPanel(tile, memory);
    if (panel == 0) {
      throw tooLittle(costs.bytes(1, 1), memory, 1);
    }
    return new TilePlan(tile, panel, costs.bytes(tile, panel));
  }

  private record Costs(long perExample, long temporary, long perPair, long stored) {
    /**
     * A row of panels for the whole tile, one panel of columns, the work on one panel, the tile.
     */
    long bytes(int tile, int panel) {
      long factors = Math.multiplyExact((long) tile + panel, perExample);
      long work = Math.max(panel * temporary, (long) panel * panel * perPair);
      return factors + work + 3L * tile * tile * stored;
    }

    int largestPanel(int tile, long memory) {
      for (int panel = Math.min(tile, LARGEST_PANEL); panel > 0; panel = panel * 3 / 4) {
        if (bytes(tile, panel) <= memory) {
          return panel;
        }
      }
      return 0;
    }
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
