package org.tfjavantk.cli.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.tfjavantk.linalg.Block;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileBuffer;

/** {@code (1 + x·x' / 64)³} of n standard normal vectors x of 64 numbers. */
record PolynomialKernel(int n) {
  private static final int DIMENSIONS = 64;
  private static final int TILE = 1000;

  private Matrix points() {
    RandomStream random = RandomStream.of(0, "bench/points");
    Matrix points = new Matrix(n, DIMENSIONS);
    double[] row = new double[DIMENSIONS];
    for (int i = 0; i < n; i++) {
      long first = (long) i * DIMENSIONS;
      Arrays.setAll(row, d -> random.normal(first + d));
      points.setRow(i, row);
    }
    return points;
  }

  /** The whole matrix. */
  Matrix matrix() {
    Matrix k = new Matrix(n, n);
    try (Matrix x = points()) {
      fill(x.block(), x.block(), k.block());
    }
    return k;
  }

  private static void fill(Block rows, Block columns, Block k) {
    Block.product(1.0 / DIMENSIONS, rows, false, columns, true, 0, k);
    double[] row = new double[k.columns()];
    for (int i = 0; i < k.rows(); i++) {
      k.matrix().getRow(k.row() + i, k.column(), row, 0, row.length);
      for (int j = 0; j < row.length; j++) {
        double base = 1 + row[j];
        row[j] = base * base * base;
      }
      k.matrix().setRow(k.row() + i, k.column(), row, 0, row.length);
    }
  }

  /** The matrix in a store; what is there of it is kept. */
  KernelStore store(Path directory) {
    int tile = Math.min(n, TILE);
    KernelLayout layout = new KernelLayout(n, n, 1, tile, true, StorageType.FLOAT64);
    KernelStore store =
        KernelStore.openOrCreate(directory, layout, Map.of("what", "polynomial kernel"));
    try (Matrix x = points();
        Matrix values = new Matrix(tile, tile);
        TileBuffer buffer = new TileBuffer(store)) {
      for (Tile t : store.unfinished()) {
        int rows = layout.rowsOfTile(t.row());
        int columns = layout.columnsOfTile(t.column());
        fill(
            x.block(t.row() * tile, 0, rows, DIMENSIONS),
            x.block(t.column() * tile, 0, columns, DIMENSIONS),
            values.block(0, 0, rows, columns));
        buffer.write(t.row(), t.column(), values, 0, 0);
      }
    }
    return store;
  }
}
