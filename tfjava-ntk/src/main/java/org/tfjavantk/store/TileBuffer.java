package org.tfjavantk.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.tfjavantk.linalg.Matrix;

/**
 * Moves tiles between a store and matrices by one buffer in native memory that is used again and
 * again, so that streams of tiles leave nothing on Java's heap. One thread at a time.
 */
public final class TileBuffer implements AutoCloseable {
  private final KernelStore store;
  private final KernelLayout layout;
  private final BytePointer memory;
  private final ByteBuffer buffer;
  private final double[] row;

  /** A buffer for the tiles of a store. */
  public TileBuffer(KernelStore store) {
    this.store = store;
    this.layout = store.layout();
    this.memory = new BytePointer(layout.chunkBytes());
    this.buffer = memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    this.row = new double[layout.chunkSide()];
  }

  /** Bytes that a buffer holds. */
  public static long bytes(KernelLayout layout) {
    return layout.chunkBytes();
  }

  /**
   * Reads a stored tile to {@code target[top .., left ..]}.
   *
   * @throws org.tfjavantk.graphs.UserException when the tile is missing or corrupt
   */
  public void read(int i, int j, Matrix target, int top, int left) {
    store.readChunk(i, j, buffer);
    int columns = layout.columnsOfTile(j);
    for (int r = 0; r < layout.rowsOfTile(i); r++) {
      layout.storage().decode(buffer, r * layout.chunkSide(), 1, row, 0, columns);
      target.setRow(top + r, left, row, 0, columns);
    }
  }

  /**
   * Writes {@code source[top .., left ..]} as a tile. In a tile on the diagonal of a symmetric
   * matrix only the values on and above the diagonal are read.
   *
   * @throws ArithmeticException when a value is NaN or infinite; the message names the tile
   */
  public void write(int i, int j, Matrix source, int top, int left) {
    int columns = layout.columnsOfTile(j);
    boolean diagonal = layout.symmetric() && i == j;
    store.writeChunk(
        i,
        j,
        (r, target) -> {
          source.getRow(top + r, left, target, 0, columns);
          for (int c = 0; diagonal && c < r; c++) {
            target[c] = source.get(top + c, left + r);
          }
        },
        buffer);
  }

  @Override
  public void close() {
    memory.close();
  }
}
