package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.tfjavantk.store.Tile;

/**
 * The tiles still to compute, from which several workers take, and the first failure of any of
 * them, which ends the work.
 *
 * <p>A worker takes a few rows of tiles at a time, or a stretch of them: tiles of the same rows
 * share the factors of the rows. A stretch is no more than a part of what is left, so that the
 * workers end at about the same time. Safe for use by several threads.
 */
final class TileQueue {
  /** Stretches that what is left would give to each worker. */
  private static final int STRETCHES = 2;

  private final TreeMap<Integer, List<Tile>> byRow = new TreeMap<>();
  private final int workers;
  private final int rows;
  private final int total;
  private int left;
  private int done;
  private Throwable failure;

  /**
   * @param rows how many rows a worker takes at a time
   */
  TileQueue(List<Tile> tiles, int workers, int rows) {
    tiles.forEach(tile -> byRow.computeIfAbsent(tile.row(), row -> new ArrayList<>()).add(tile));
    this.workers = workers;
    this.rows = rows;
    this.total = tiles.size();
    this.left = total;
  }

  /** Some tiles, column by column; none when there are no more, or when somebody has failed. */
  synchronized List<Tile> take() {
    if (failure != null) {
      return List.of();
    }
    int most = workers == 1 ? left : (left + STRETCHES * workers - 1) / (STRETCHES * workers);
    List<Tile> taken =
        byRow.values().stream()
            .limit(rows)
            .flatMap(List::stream)
            .sorted(Comparator.comparingInt(Tile::column).thenComparingInt(Tile::row))
            .limit(most)
            .toList();
    Set<Tile> gone = new HashSet<>(taken);
    for (int row : taken.stream().map(Tile::row).distinct().toList()) {
      byRow.get(row).removeIf(gone::contains);
      if (byRow.get(row).isEmpty()) {
        byRow.remove(row);
      }
    }
    left -= taken.size();
    return taken;
  }

  /** Tells that a tile is stored; one thread at a time. */
  synchronized void stored(Tile tile, TiledKernel.Listener listener) {
    listener.tile(tile, ++done, total);
  }

  /** Ends the work: the first failure counts. */
  synchronized void fail(Throwable why) {
    if (failure == null) {
      failure = why;
    }
  }

  synchronized boolean failed() {
    return failure != null;
  }

  /** Throws what somebody failed with. */
  synchronized void requireSuccess() {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      // Nothing that the workers call throws a checked exception.
      throw (RuntimeException) failure;
    }
  }
}
