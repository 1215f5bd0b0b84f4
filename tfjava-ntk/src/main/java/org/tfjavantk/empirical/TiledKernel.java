package org.tfjavantk.empirical;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/**
 * Computes a kernel matrix tile by tile, in bounded memory, on one or several devices.
 *
 * <p>Each device has a worker, and all of them take tiles from one queue. The factors of the rows
 * of tiles that a worker has taken are computed once and kept; those of the columns pass by. A tile
 * is written while the next one is computed. What it holds depends on the examples and the plan of
 * the tiles alone, never on who computes it and when, so that a run that was killed gives the same
 * bytes as one that was not, and several devices of one kind the same as one.
 */
public final class TiledKernel {
  /** Hears of every finished tile, of one at a time, from any thread. */
  public interface Listener {
    /**
     * The tile is stored; {@code done} of {@code total} tiles were computed now, those found in the
     * store do not count. What this throws ends the work.
     */
    void tile(Tile tile, int done, int total);
  }

  private final List<EmpiricalNtk> devices;
  private final Examples rows;
  private final Examples columns;
  private final TileSink store;
  private final WorkerPlan plan;
  private final double divisor;

  /**
   * Computes on one device.
   *
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param plan from {@link EmpiricalNtk#plan}
   * @param divisor every entry is divided by this
   */
  public TiledKernel(
      EmpiricalNtk ntk,
      Examples rows,
      Examples columns,
      TileSink store,
      TilePlan plan,
      double divisor) {
    this(List.of(ntk), rows, columns, store, WorkerPlan.alone(plan), divisor);
  }

  /**
   * Computes on several devices.
   *
   * @param devices the kernel of the same model on each of them, as many as the plan has workers
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param store to which several threads write, but no tile twice
   * @param divisor every entry is divided by this
   */
  public TiledKernel(
      List<EmpiricalNtk> devices,
      Examples rows,
      Examples columns,
      TileSink store,
      WorkerPlan plan,
      double divisor) {
    if (devices.size() != plan.workers()) {
      throw new IllegalArgumentException(devices.size() + " devices, planned for " + plan);
    }
    this.devices = List.copyOf(devices);
    this.rows = rows;
    this.columns = columns == null ? rows : columns;
    this.store = store;
    this.plan = plan;
    this.divisor = divisor;
  }

  /** Computes all tiles that the store lacks or whose checksum fails. */
  public void compute(Listener listener) {
    compute(store.unfinished(), listener);
  }

  /**
   * Computes these tiles; finding the unfinished ones reads the whole store. When this returns, all
   * of them are stored. What fails first ends the work and is thrown; tiles that were being
   * computed are lost then.
   */
  public void compute(List<Tile> tiles, Listener listener) {
    TileQueue queue = new TileQueue(tiles, devices.size(), plan.rows());
    List<Runnable> workers =
        devices.stream()
            .<Runnable>map(device -> () -> new Worker(device, queue, listener).run())
            .toList();
    if (workers.size() == 1) {
      workers.get(0).run();
    } else {
      Threads.run("kernel", workers);
    }
    queue.requireSuccess();
  }

  private int first(int tile) {
    return store.layout().firstExample(tile);
  }

  /** Computes tiles on one device until there are no more. */
  private final class Worker {
    private final EmpiricalNtk ntk;
    private final TileQueue queue;
    private final Listener listener;

    Worker(EmpiricalNtk ntk, TileQueue queue, Listener listener) {
      this.ntk = ntk;
      this.queue = queue;
      this.listener = listener;
    }

    /** Never throws: a failure is told to the queue. */
    void run() {
      try (WriteBehind writer = new WriteBehind()) {
        for (List<Tile> some = queue.take(); !some.isEmpty(); some = queue.take()) {
          compute(some, writer);
        }
        writer.settle();
      } catch (RuntimeException | Error e) {
        queue.fail(e);
      }
    }

    private void compute(List<Tile> tiles, WriteBehind writer) {
      KernelLayout layout = store.layout();
      Map<Integer, Panel> left = new TreeMap<>();
      Panel right = null;
      int column = -1;
      try {
        for (Tile tile : tiles) {
          if (queue.failed()) {
            return;
          }
          if (!left.containsKey(tile.row())) {
            left.put(tile.row(), panel(rows, tile.row(), layout.rowExamplesOfTile(tile.row())));
          }
        }
        for (Tile tile : tiles) {
          if (tile.column() != column) {
            column = tile.column();
            if (right != null) {
              right.close();
              right = null;
            }
            if (!layout.symmetric() || !left.containsKey(column)) {
              right = panel(columns, column, layout.columnExamplesOfTile(column));
            }
          }
          Block block = block(tile, left.get(tile.row()), right == null ? left.get(column) : right);
          writer.write(() -> write(block, tile));
          if (queue.failed()) {
            return;
          }
        }
      } finally {
        left.values().forEach(Panel::close);
        if (right != null) {
          right.close();
        }
      }
    }

    private Block block(Tile tile, Panel left, Panel right) {
      KernelLayout layout = store.layout();
      boolean single = ntk.model().precision() == Precision.FLOAT32;
      Block block =
          new Block(layout.rowsOfTile(tile.row()), layout.columnsOfTile(tile.column()), single);
      try (NativeArray values = ntk.contract(left, right, plan.one().memory())) {
        block.take(values);
      }
      if (left == right) {
        block.mirror();
      }
      return block;
    }

    /** In the writer's thread. After a failure nothing more is written. */
    private void write(Block block, Tile tile) {
      try {
        if (!queue.failed()) {
          block.writeTo(store, tile);
          queue.stored(tile, listener);
        }
      } catch (RuntimeException | Error e) {
        queue.fail(e);
      }
    }

    private Panel panel(Examples of, int tile, int n) {
      double[] x = new double[n * of.size()];
      for (int k = 0; k < n; k++) {
        of.read(first(tile) + k, x, k * of.size());
      }
      return ntk.panel(x, n, plan.batch());
    }
  }

  /** A tile being filled, in the precision of the arithmetic. */
  private final class Block {
    private final int height;
    private final int width;
    private final float[] floats;
    private final double[] doubles;

    Block(int height, int width, boolean single) {
      this.height = height;
      this.width = width;
      floats = single ? new float[height * width] : null;
      doubles = single ? null : new double[height * width];
    }

    /** Copies what was contracted, and divides. */
    void take(NativeArray values) {
      int n = Math.toIntExact(values.length());
      if (floats != null) {
        values.get(0, floats, n);
        for (int i = 0; i < n; i++) {
          floats[i] = (float) (floats[i] / divisor);
        }
      } else {
        values.get(0, doubles, n);
        for (int i = 0; i < n; i++) {
          doubles[i] /= divisor;
        }
      }
    }

    /**
     * Copies the upper triangle of a diagonal tile to the lower: the kernel is exactly symmetric.
     */
    void mirror() {
      for (int r = 0; r < height; r++) {
        for (int c = 0; c < r; c++) {
          if (floats != null) {
            floats[r * width + c] = floats[c * width + r];
          } else {
            doubles[r * width + c] = doubles[c * width + r];
          }
        }
      }
    }

    void writeTo(TileSink to, Tile tile) {
      if (floats != null) {
        to.write(tile.row(), tile.column(), floats);
      } else {
        to.write(tile.row(), tile.column(), doubles);
      }
    }
  }
}
