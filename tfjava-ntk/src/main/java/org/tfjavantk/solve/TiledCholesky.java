package org.tfjavantk.solve;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tfjavantk.linalg.Block;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileBuffer;

/**
 * The factor {@code K + λ I = Uᵀ U} of a stored kernel in a store beside it, for matrices larger
 * than memory.
 *
 * <p>A panel is some rows of tiles, P. From the rows k of U above, {@code A_P ← A_P − U_kPᵀ U_k} is
 * taken strip by strip, the next strip being read meanwhile; then {@code U_PP} is the factor of the
 * block on the diagonal and {@code U_P = U_PP⁻ᵀ A_P} the rest (the left-looking algorithm: Toledo,
 * "A survey of out-of-core algorithms in numerical linear algebra", 1999). Every tile is written
 * once. A panel that was interrupted is computed again, in the same order of operations: the bytes
 * are the same.
 */
public final class TiledCholesky {
  private final KernelStore kernel;
  private final KernelStore store;
  private final TiledPlan plan;
  private final double ridge;
  private final KernelLayout layout;
  private final int n;
  private final int side;
  private int failedPivot = -1;
  private double pivot = Double.NaN;

  private TiledCholesky(KernelStore kernel, KernelStore store, TiledPlan plan, double ridge) {
    this.kernel = kernel;
    this.store = store;
    this.plan = plan;
    this.ridge = ridge;
    this.layout = plan.factor();
    this.n = Math.toIntExact(layout.rows());
    this.side = Math.min(n, layout.tileExamples() * layout.outputs());
  }

  /** Is told how far a factorization is. */
  @FunctionalInterface
  public interface Progress {
    /** So many panels are done. */
    void advance(int done, int total);
  }

  /**
   * Factors, or goes on where an interrupted factorization ended.
   *
   * @param directory where the factor lies
   * @param memory bytes that may be held
   * @throws org.tfjavantk.graphs.UserException when the memory does not suffice, the kernel isn't
   *     complete, or the directory holds the factor of something else
   */
  public static TiledCholesky factor(
      KernelStore kernel, double ridge, Path directory, long memory, Progress progress) {
    TiledPlan plan = TiledPlan.of(kernel.layout(), memory);
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("what", "the factor U of K + ridge I = UᵀU, on and above the diagonal");
    attributes.put("ridge", ridge);
    attributes.put("kernel_sha256", kernel.contentHash());
    // Other panels round otherwise.
    attributes.put("panel_tiles", (long) plan.panel());
    KernelStore store = KernelStore.openOrCreate(directory, plan.factor(), attributes);
    TiledCholesky factor = new TiledCholesky(kernel, store, plan, ridge);
    factor.compute(progress);
    return factor;
  }

  private void compute(Progress progress) {
    Set<Tile> missing = new HashSet<>(store.unfinished());
    if (missing.isEmpty()) {
      progress.advance(plan.panels(), plan.panels());
      return;
    }
    try (Matrix panel = new Matrix(Math.min(n, plan.panel() * side), n);
        Matrix one = new Matrix(side, n);
        Matrix other = new Matrix(side, n);
        TileBuffer reading = new TileBuffer(store);
        TileBuffer kernelReading = new TileBuffer(kernel)) {
      for (int k = 0; k < plan.panels() && failedPivot < 0; k++) {
        int from = k * plan.panel();
        int to = Math.min(layout.rowTiles(), from + plan.panel());
        if (missing.stream().anyMatch(tile -> tile.row() >= from && tile.row() < to)) {
          read(kernelReading, panel, from, to);
          update(reading, panel, from, to, one, other);
          finish(reading, panel, from, to);
        }
        progress.advance(k + 1, plan.panels());
      }
    }
  }

  /** First row, and column, of a tile; n past the last. */
  private int first(int tile) {
    return (int) Math.min(n, (long) tile * side);
  }

  /** {@code A_P}, from the diagonal on, with the ridge. */
  private void read(TileBuffer reading, Matrix panel, int from, int to) {
    for (int i = from; i < to; i++) {
      for (int j = i; j < layout.columnTiles(); j++) {
        reading.read(i, j, panel, first(i) - first(from), first(j));
      }
      for (int r = first(i); r < first(i + 1); r++) {
        panel.set(r - first(from), r, panel.get(r - first(from), r) + ridge);
      }
    }
  }

  /** {@code A_P ← A_P − Σ_k U_kPᵀ U_k}. */
  private void update(
      TileBuffer reading, Matrix panel, int from, int to, Matrix one, Matrix other) {
    int left = first(from);
    int height = first(to) - left;
    ReadAhead.run(
        from,
        one,
        other,
        (strip, k) -> readStrip(reading, strip, k, from),
        (strip, k) -> {
          int rows = first(k + 1) - first(k);
          Block.product(
              -1,
              strip.block(0, left, rows, height),
              true,
              strip.block(0, left, rows, n - left),
              false,
              1,
              panel.block(0, left, height, n - left));
        });
  }

  /** Row {@code k} of the tiles of U, from column {@code from} on. */
  private void readStrip(TileBuffer reading, Matrix strip, int k, int from) {
    for (int j = Math.max(k, from); j < layout.columnTiles(); j++) {
      reading.read(k, j, strip, 0, first(j));
    }
  }

  private void finish(TileBuffer writing, Matrix panel, int from, int to) {
    int left = first(from);
    int height = first(to) - left;
    Block diagonal = panel.block(0, left, height, height);
    int failed = diagonal.factor();
    if (failed >= 0) {
      failedPivot = left + failed;
      pivot = panel.get(failed, left + failed);
      return;
    }
    diagonal.solve(true, panel.block(0, left + height, height, n - left - height));
    for (int i = from; i < to; i++) {
      for (int j = i; j < layout.columnTiles(); j++) {
        writing.write(i, j, panel, first(i) - left, first(j));
      }
    }
  }

  /** Index of the first pivot that isn't positive, or -1. */
  public int failedPivot() {
    return failedPivot;
  }

  /** Its value, or NaN. */
  public double pivot() {
    return pivot;
  }

  /** Where U lies. */
  public KernelStore store() {
    return store;
  }

  /** Replaces the n x r matrix b by {@code (K + λ I)⁻¹ b}, reading U twice. */
  public void solve(Matrix b) {
    int tiles = layout.rowTiles();
    int r = b.columns();
    try (TileBuffer reading = new TileBuffer(store);
        Matrix one = new Matrix(side, n);
        Matrix other = new Matrix(side, n)) {
      ReadAhead.run(
          tiles,
          one,
          other,
          (strip, k) -> readStrip(reading, strip, k, k),
          (strip, k) -> {
            Block y = b.block(first(k), 0, first(k + 1) - first(k), r);
            Block rest = b.block(first(k + 1), 0, n - first(k + 1), r);
            strip.block(0, first(k), y.rows(), y.rows()).solve(true, y);
            Block right = strip.block(0, first(k + 1), y.rows(), rest.rows());
            Block.product(-1, right, true, y, false, 1, rest);
          });
      ReadAhead.run(
          tiles,
          one,
          other,
          (strip, k) -> readStrip(reading, strip, tiles - 1 - k, tiles - 1 - k),
          (strip, backwards) -> {
            int k = tiles - 1 - backwards;
            Block x = b.block(first(k), 0, first(k + 1) - first(k), r);
            Block rest = b.block(first(k + 1), 0, n - first(k + 1), r);
            Block right = strip.block(0, first(k + 1), x.rows(), rest.rows());
            Block.product(-1, right, false, rest, false, 1, x);
            strip.block(0, first(k), x.rows(), x.rows()).solve(false, x);
          });
    }
  }

  /** {@code log det (K + λ I)}: twice the sum of the logarithms of U's diagonal. */
  public double logDeterminant() {
    double sum = 0;
    for (int t = 0; t < layout.rowTiles(); t++) {
      int rows = layout.rowsOfTile(t);
      double[] tile = store.readTile(t, t);
      for (int i = 0; i < rows; i++) {
        sum += Math.log(tile[i * rows + i]);
      }
    }
    return 2 * sum;
  }
}
