package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tensorflow.Tensor;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/**
 * Computes a kernel matrix tile by tile, in bounded memory.
 *
 * <p>The factors of a row of tiles are computed once and kept, panel by panel; those of the columns
 * pass by. What a tile holds depends on the examples, the tile's size and the panel's size alone,
 * so that a run that was killed gives the same bytes as one that was not.
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
  private final int panel;
  private final double divisor;
  private final int outputs;

  /**
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param panel examples of a panel, from {@link EmpiricalNtk#plan}
   * @param divisor every entry is divided by this
   */
  public TiledKernel(
      EmpiricalNtk ntk,
      Examples rows,
      Examples columns,
      TileSink store,
      int panel,
      double divisor) {
    this.ntk = ntk;
    this.rows = rows;
    this.columns = columns == null ? rows : columns;
    this.store = store;
    this.panel = panel;
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
      List<Panel> left =
          panels(rows, entry.getKey(), store.layout().rowExamplesOfTile(entry.getKey()));
      try {
        for (Tile tile : entry.getValue()) {
          compute(tile, left);
          listener.tile(tile, ++done, total);
        }
      } finally {
        left.forEach(Panel::close);
      }
    }
  }

  private void compute(Tile tile, List<Panel> left) {
    KernelLayout layout = store.layout();
    Block block = new Block(layout.rowsOfTile(tile.row()), layout.columnsOfTile(tile.column()));
    boolean diagonal = layout.symmetric() && tile.row() == tile.column();
    int examples = layout.columnExamplesOfTile(tile.column());
    for (int from = 0, q = 0; from < examples; from += panel, q++) {
      Panel right =
          diagonal ? left.get(q) : panel(columns, first(tile.column()) + from, examples - from);
      try {
        for (int p = 0; p < (diagonal ? q + 1 : left.size()); p++) {
          try (Tensor part = ntk.contract(left.get(p), right)) {
            block.put(part, p * panel * outputs, from * outputs);
          }
        }
      } finally {
        if (!diagonal) {
          right.close();
        }
      }
    }
    if (diagonal) {
      block.mirror();
    }
    block.writeTo(store, tile);
  }

  private int first(int tile) {
    return store.layout().firstExample(tile);
  }

  private List<Panel> panels(Examples of, int tile, int count) {
    List<Panel> panels = new ArrayList<>();
    try {
      for (int from = 0; from < count; from += panel) {
        panels.add(panel(of, first(tile) + from, count - from));
      }
    } catch (RuntimeException | Error e) {
      panels.forEach(Panel::close);
      throw e;
    }
    return panels;
  }

  private Panel panel(Examples of, int from, int left) {
    int n = Math.min(panel, left);
    double[] x = new double[n * of.size()];
    for (int k = 0; k < n; k++) {
      of.read(from + k, x, k * of.size());
    }
    return ntk.panel(x, n);
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

    /** Copies a contracted block, divided, to the place (row, column). */
    void put(Tensor part, int row, int column) {
      int partWidth = (int) part.shape().get(1);
      int partHeight = (int) part.shape().get(0);
      float[] f = floats == null ? null : Tensors.toFloats(part);
      double[] d = floats == null ? Tensors.toDoubles(part) : null;
      for (int r = 0; r < partHeight; r++) {
        int to = (row + r) * width + column;
        for (int c = 0; c < partWidth; c++) {
          if (f != null) {
            floats[to + c] = (float) (f[r * partWidth + c] / divisor);
          } else {
            doubles[to + c] = d[r * partWidth + c] / divisor;
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
