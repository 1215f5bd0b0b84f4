package org.tfjavantk.empirical;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/**
 * Computes a kernel matrix tile by tile, in bounded memory.
 *
 * <p>The factors of a row of tiles are computed once and kept; those of the columns pass by. What a
 * tile holds depends on the examples and the plan alone, so that a run that was killed gives the
 * same bytes as one that was not.
 */
public final class TiledKernel {
  /** Hears of every finished tile. */
  public interface Listener {
    /**
     * {@code done} of {@code total} tiles were computed now; those found in the store do not count.
     */
    void tile(Tile tile, int done, int total);
  }

  private final EmpiricalNtk ntk;
  private final Examples rows;
  private final Examples columns;
  private final TileSink store;
  private final TilePlan plan;
  private final double divisor;
  private final int outputs;

  /**
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
    this.ntk = ntk;
    this.rows = rows;
    this.columns = columns == null ? rows : columns;
    this.store = store;
    this.plan = plan;
    this.divisor = divisor;
    this.outputs = ntk.model().outputs();
  }

  /** Computes all tiles that the store lacks or whose checksum fails. */
  public void compute(Listener listener) {
    compute(store.unfinished(), listener);
  }

  /** Computes these tiles; finding the unfinished ones reads the whole store. */
  public void compute(List<Tile> tiles, Listener listener) {
    Map<Integer, List<Tile>> byRow =
        tiles.stream().collect(Collectors.groupingBy(Tile::row, TreeMap::new, Collectors.toList()));
    int total = byRow.values().stream().mapToInt(List::size).sum();
    int done = 0;
    for (var entry : byRow.entrySet()) {
      try (Panel left =
          panel(rows, entry.getKey(), store.layout().rowExamplesOfTile(entry.getKey()))) {
        for (Tile tile : entry.getValue()) {
          compute(tile, left);
          listener.tile(tile, ++done, total);
        }
      }
    }
  }

  private void compute(Tile tile, Panel left) {
    KernelLayout layout = store.layout();
    Block block = new Block(layout.rowsOfTile(tile.row()), layout.columnsOfTile(tile.column()));
    if (layout.symmetric() && tile.row() == tile.column()) {
      block.contract(left, left);
      block.mirror();
    } else {
      int examples = layout.columnExamplesOfTile(tile.column());
      try (Panel right = panel(columns, tile.column(), examples)) {
        block.contract(left, right);
      }
    }
    block.writeTo(store, tile);
  }

  private int first(int tile) {
    return store.layout().firstExample(tile);
  }

  private Panel panel(Examples of, int tile, int n) {
    double[] x = new double[n * of.size()];
    for (int k = 0; k < n; k++) {
      of.read(first(tile) + k, x, k * of.size());
    }
    return ntk.panel(x, n, plan.batch());
  }

  /** A tile being filled, in the precision of the arithmetic. */
  private final class Block {
    private final int height;
    private final int width;
    private final float[] floats;
    private final double[] doubles;

    Block(int height, int width) {
      boolean single = ntk.model().precision() == Precision.FLOAT32;
      this.height = height;
      this.width = width;
      floats = single ? new float[height * width] : null;
      doubles = single ? null : new double[height * width];
    }

    /** Contracts two panels and divides. */
    void contract(Panel left, Panel right) {
      try (NativeArray values = ntk.contract(left, right, plan.memory())) {
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
