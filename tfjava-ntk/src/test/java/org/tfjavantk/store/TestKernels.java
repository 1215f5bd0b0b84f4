package org.tfjavantk.store;

import java.nio.file.Path;
import java.util.Map;
import org.tfjavantk.random.RandomStream;

/** Makes stores for the tests of this package and those above. */
public final class TestKernels {
  private TestKernels() {}

  /** A random matrix whose values every storage type holds exactly; symmetric if the layout is. */
  public static double[][] matrix(KernelLayout layout, long seed) {
    RandomStream random = RandomStream.of(seed, "kernel");
    double[][] matrix = new double[(int) layout.rows()][(int) layout.columns()];
    for (int r = 0; r < matrix.length; r++) {
      for (int c = 0; c < matrix[r].length; c++) {
        matrix[r][c] =
            layout.symmetric() && c < r
                ? matrix[c][r]
                : (random.integer((long) r * matrix[r].length + c, 511) - 255) / 64.0;
      }
    }
    return matrix;
  }

  public static double[] tile(KernelLayout layout, double[][] matrix, int i, int j) {
    double[] values = new double[layout.rowsOfTile(i) * layout.columnsOfTile(j)];
    for (int r = 0; r < layout.rowsOfTile(i); r++) {
      for (int c = 0; c < layout.columnsOfTile(j); c++) {
        values[r * layout.columnsOfTile(j) + c] =
            matrix[i * layout.chunkSide() + r][j * layout.chunkSide() + c];
      }
    }
    return values;
  }

  public static KernelStore store(Path directory, KernelLayout layout, double[][] matrix) {
    KernelStore store = KernelStore.create(directory, layout, Map.of("seed", 1));
    for (Tile tile : layout.neededTiles()) {
      store.write(tile.row(), tile.column(), tile(layout, matrix, tile.row(), tile.column()));
    }
    return store;
  }
}
