package org.tfjavantk.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.tfjavantk.data.Bfloat16;
import org.tfjavantk.data.Float16;
import org.tfjavantk.graphs.UserException;

/** Turns the values of one tile into the bytes of its chunk, and refuses values that lie. */
record TileEncoder(KernelLayout layout, Tile tile, Path directory) {
  /** Asymmetry of a diagonal tile that no rounding explains, relative to its largest value. */
  private static final double ASYMMETRY = 1e-2;

  /** Gives the rows of a tile. */
  @FunctionalInterface
  interface RowSource {
    /** Copies row {@code row} of the tile to the start of {@code target}. */
    void copy(int row, double[] target);
  }

  /**
   * The values of the chunk, padded with NaN, in a buffer of its size, with room for the checksum
   * after the position.
   */
  ByteBuffer encode(RowSource source, ByteBuffer buffer) {
    ByteBuffer content = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
    int side = layout.chunkSide();
    int rows = layout.rowsOfTile(tile.row());
    int columns = layout.columnsOfTile(tile.column());
    boolean diagonal = layout.symmetric() && tile.row() == tile.column();
    double[] row = new double[side];
    Arrays.fill(row, Double.NaN);
    double[] mirrored = new double[diagonal ? columns : 0];
    double largest = 0;
    double asymmetry = 0;
    for (int r = 0; r < rows; r++) {
      source.copy(r, row);
      largest = Math.max(largest, requireStorable(row, r, columns));
      if (diagonal) {
        // What is above the diagonal of column r lies in the rows that are encoded already.
        layout.storage().decode(content, r, side, mirrored, 0, r);
        for (int c = 0; c < r; c++) {
          asymmetry = Math.max(asymmetry, Math.abs(row[c] - mirrored[c]));
        }
        System.arraycopy(mirrored, 0, row, 0, r);
      }
      layout.storage().encode(row, 0, side, content);
    }
    if (asymmetry > ASYMMETRY * largest) {
      throw new IllegalArgumentException(
          "%s: %s of a symmetric kernel is not symmetric: values differ by up to %g, the largest is %g"
              .formatted(directory, tile, asymmetry, largest));
    }
    Arrays.fill(row, Double.NaN);
    for (int r = rows; r < side; r++) {
      layout.storage().encode(row, 0, side, content);
    }
    return content;
  }

  /** The largest magnitude of the row. */
  private double requireStorable(double[] row, int r, int columns) {
    double largest = 0;
    for (int c = 0; c < columns; c++) {
      double magnitude = Math.abs(row[c]);
      if (!(magnitude <= Double.MAX_VALUE)) {
        throw new ArithmeticException(
            "%s: %s holds %s at row %d, column %d of the tile; it was not written"
                .formatted(directory, tile, row[c], r, c));
      }
      largest = Math.max(largest, magnitude);
    }
    if (overflows(largest)) {
      throw new UserException(
          "%s: %s holds a value of magnitude %g, but the largest %s is %g: normalize the kernel by the number of parameters or its square root, or store it in %s"
              .formatted(
                  directory,
                  tile,
                  largest,
                  layout.storage().zarrName(),
                  layout.storage().largest(),
                  layout.storage() == StorageType.FLOAT16 ? "float32" : "float64"));
    }
    return largest;
  }

  private boolean overflows(double magnitude) {
    return switch (layout.storage()) {
      case FLOAT16 -> magnitude >= Float16.OVERFLOW;
      case BFLOAT16 -> magnitude >= Bfloat16.OVERFLOW;
      case FLOAT32 -> Float.isInfinite((float) magnitude);
      case FLOAT64 -> false;
    };
  }
}
