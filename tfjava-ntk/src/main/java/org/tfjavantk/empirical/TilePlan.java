package org.tfjavantk.empirical;

import java.util.Locale;
import org.tfjavantk.graphs.UserException;

/**
 * How a kernel matrix is cut.
 *
 * @param tile examples on the side of a tile: the unit that is stored
 * @param batch examples whose factors are computed at once by a device
 * @param panels rows and columns of tiles whose factors are kept at a time
 * @param atOnce devices that compute factors at the same time
 * @param memory bytes that the computation may hold
 * @param bytes an estimate of what it will hold
 */
public record TilePlan(int tile, int batch, int panels, int atOnce, long memory, long bytes) {
  /** Tiles are not made larger than this, so that a killed run loses little. */
  private static final long LARGEST_TILE_BYTES = 32L << 20;

  /** More examples at once are no faster. */
  private static final int LARGEST_BATCH = 32;

  /** Estimates memory in bytes. */
  interface Costs {
    /** The factors of n examples. */
    long panel(int n);

    /** What exists for a moment while a device computes the factors of n examples. */
    long batch(int n);

    /**
     * What exists for a moment while n x n examples are contracted.
     *
     * @param alone whether they are the same
     */
    long contraction(int n, boolean alone);

    /** Tiles of n x n examples, on their way. */
    long tile(int n);

    /** All of it, with one panel for rows and columns that are the same, else two. */
    default long all(int n, int batch, boolean alone) {
      return (alone ? 1 : 2) * panel(n) + Math.max(batch(batch), contraction(n, alone)) + tile(n);
    }
  }

  /**
   * The largest tile that fits the memory, then the largest batch; in what is left, devices that
   * compute at the same time, and panels that are kept. Neither tile nor batch depend on the
   * devices.
   *
   * @param symmetric whether there is nothing but the kernel of the examples with themselves
   * @param stored bytes of one pair's entries in a tile
   * @param wanted examples on the side of a tile; 0 to choose
   * @param devices how many there are
   * @throws UserException if not even one example fits
   */
  static TilePlan choose(
      int examples,
      boolean symmetric,
      long stored,
      Costs costs,
      long memory,
      int wanted,
      int devices) {
    int cap = (int) Math.max(1, Math.floor(Math.sqrt((double) LARGEST_TILE_BYTES / stored)));
    int tile = Math.min(examples, wanted > 0 ? wanted : cap);
    if (wanted == 0) {
      while (tile > 1 && costs.all(tile, least(tile), symmetric && tile == examples) > memory) {
        tile = Math.min(tile - 1, tile * 7 / 8);
      }
      // Tiles of even size: the last row of tiles is stored padded to a full one.
      int tiles = (examples + tile - 1) / tile;
      tile = (examples + tiles - 1) / tiles;
    }
    boolean alone = symmetric && tile == examples;
    for (int batch = Math.min(tile, LARGEST_BATCH); batch > 0; batch = batch * 3 / 4) {
      if (costs.all(tile, batch, alone) <= memory) {
        // Batches of even size: TensorFlow prepares its operations anew for every size.
        int batches = (tile + batch - 1) / batch;
        int even = (tile + batches - 1) / batches;
        return filled(examples, tile, even, alone, costs, memory, devices);
      }
    }
    throw tooLittle(costs.all(tile, 1, alone), memory, tile);
  }

  private static TilePlan filled(
      int examples, int tile, int batch, boolean alone, Costs costs, long memory, int devices) {
    int least = alone ? 1 : 2;
    long rest = memory - costs.tile(tile) - least * costs.panel(tile);
    int atOnce = (int) Math.max(1, Math.min(devices, rest / Math.max(1, costs.batch(batch))));
    long passing = Math.max(atOnce * costs.batch(batch), costs.contraction(tile, alone));
    long more = (rest - passing) / Math.max(1, costs.panel(tile));
    int panels = (int) Math.min(least + more, (examples + tile - 1) / tile + (alone ? 0 : 1));
    long bytes = costs.tile(tile) + panels * costs.panel(tile) + passing;
    return new TilePlan(tile, batch, Math.max(least, panels), atOnce, memory, bytes);
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
