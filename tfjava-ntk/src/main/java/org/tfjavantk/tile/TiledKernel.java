package org.tfjavantk.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.tfjavantk.data.Examples;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/**
 * Computes a kernel tile by tile, in bounded memory.
 *
 * <p>A tile is written while the next one is computed. What it holds depends on the examples and
 * the cut into tiles alone, never on which other tiles were computed or on how many engines there
 * are, so that a run that was killed gives the same bytes as one that was not.
 */
public final class TiledKernel {
  /** Hears of every finished tile, of one at a time, from another thread. */
  public interface Listener {
    /**
     * The tile is stored; {@code done} of {@code total} tiles were computed now, those found in the
     * store do not count. What this throws ends the work.
     */
    void tile(Tile tile, int done, int total);
  }

  /** Makes what computes tiles: one engine, or several that work side by side. */
  public interface Engines {
    /** Engines for the tiles of some examples; they are closed afterwards. */
    List<TileEngine> of(TileExamples examples);
  }

  private final Engines engines;
  private final Examples rows;
  private final Examples columns;
  private final List<? extends TileSink> stores;
  private final double divisor;

  /**
   * A kernel of one or more matrices.
   *
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param stores of one layout, one for each matrix
   * @param divisor every entry is divided by this
   */
  public TiledKernel(
      Engines engines,
      Examples rows,
      Examples columns,
      List<? extends TileSink> stores,
      double divisor) {
    this.engines = engines;
    this.rows = rows;
    this.columns = columns == null ? rows : columns;
    this.stores = List.copyOf(stores);
    this.divisor = divisor;
  }

  private KernelLayout layout() {
    return stores.get(0).layout();
  }

  /** Computes all tiles that a store lacks or whose checksum fails. */
  public void compute(Listener listener) {
    compute(stores.stream().flatMap(s -> s.unfinished().stream()).distinct().toList(), listener);
  }

  /**
   * Computes these tiles; finding the unfinished ones reads the whole store. When this returns, all
   * of them are stored. What fails first ends the work and is thrown; a tile that was being
   * computed is lost then.
   */
  public void compute(List<Tile> tiles, Listener listener) {
    TileExamples examples = new TileExamples(rows, columns, layout());
    List<TileEngine> workers = engines.of(examples);
    try {
      List<List<Tile>> stretches = TileOrder.stretches(tiles, workers.size());
      Progress progress = new Progress(listener, tiles.size());
      Queues.work(
          stretches.size(),
          workers,
          (engine, k) -> compute(stretches.get(k), engine, examples, progress));
    } finally {
      workers.forEach(TileEngine::close);
    }
  }

  private void compute(
      List<Tile> tiles, TileEngine engine, TileExamples examples, Progress progress) {
    Queue<Block> free = new ConcurrentLinkedQueue<>();
    try (WriteBehind writer = new WriteBehind()) {
      for (Tile tile : tiles) {
        List<Block> blocks = blocks(tile, engine, examples.alone(tile), free);
        writer.write(
            () -> {
              for (int k = 0; k < blocks.size(); k++) {
                blocks.get(k).writeTo(stores.get(k), tile);
              }
              free.addAll(blocks);
              progress.stored(tile);
            });
      }
      writer.settle();
    }
  }

  private List<Block> blocks(Tile tile, TileEngine engine, boolean alone, Queue<Block> free) {
    int height = layout().rowsOfTile(tile.row());
    int width = layout().columnsOfTile(tile.column());
    List<Block> blocks = new ArrayList<>();
    engine.compute(
        tile,
        values -> {
          for (long at = 0; at < values.length(); at += (long) height * width) {
            Block used = free.poll();
            Block block = used != null ? used : new Block();
            block.take(values, at, height, width, divisor);
            if (alone) {
              block.mirror();
            }
            blocks.add(block);
          }
        });
    return blocks;
  }

  /** Tells the listener of one tile after the other. */
  private static final class Progress {
    private final Listener listener;
    private final int total;
    private int done;

    Progress(Listener listener, int total) {
      this.listener = listener;
      this.total = total;
    }

    synchronized void stored(Tile tile) {
      listener.tile(tile, ++done, total);
    }
  }
}
