package org.tfjavantk.infinite;

import java.util.Locale;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

/**
 * How a kernel of infinite width is computed tile by tile.
 *
 * @param precision of the arithmetic or, where that is float64 throughout, of the result
 * @param tile examples on the side of a tile
 * @param threads that compute pairs
 * @param bytes that the computation holds
 */
public record InfinitePlan(Precision precision, int tile, int threads, long bytes) {
  /** A tile's values exist in float64, as computed, as copied, and as they are being written. */
  private static final int COPIES = 3;

  /**
   * What a plan depends on.
   *
   * @param n examples on the longer side of the kernel
   * @param example numbers of an example
   * @param kinds how many kernels
   * @param pair bytes that a thread takes for a pair
   * @param threads at most
   * @param most examples on the side of a tile that are worth it
   */
  record Sizes(int n, int example, int kinds, long pair, int threads, int most) {
    long bytes(Precision precision, int tile, int used) {
      long values = (long) kinds * tile * tile * (8 + COPIES * precision.bytes());
      long examples = 2L * tile * example * 8;
      return values + examples + used * pair;
    }
  }

  static InfinitePlan of(String kernel, Sizes sizes, Precision precision, long memory, int tile) {
    int threads = sizes.threads();
    int least = tile == 0 ? 1 : tile;
    while (threads > 1 && sizes.bytes(precision, least, threads) > memory) {
      threads--;
    }
    long bytes = sizes.bytes(precision, least, threads);
    if (bytes > memory) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "a tile of %d x %d examples of %s needs %,d bytes,"
                  + " and memory allows %,d; raise memory%s",
              least,
              least,
              kernel,
              bytes,
              memory,
              tile > 1 ? ", or lower tile" : ""));
    }
    int side = least;
    while (tile == 0
        && side < Math.min(sizes.n(), sizes.most())
        && sizes.bytes(precision, 2 * side, threads) <= memory) {
      side *= 2;
    }
    side = Math.min(side, Math.max(1, sizes.n()));
    return new InfinitePlan(precision, side, threads, sizes.bytes(precision, side, threads));
  }
}
