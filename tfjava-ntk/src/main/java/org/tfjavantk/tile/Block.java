package org.tfjavantk.tile;

import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/**
 * A tile on its way from native memory to the store, in the precision of the arithmetic. A block
 * can hold one tile after the other: large arrays are not for the garbage collector.
 */
public final class Block {
  /** Numbers on the side of a square that is mirrored at once, and stays in the cache meanwhile. */
  private static final int SQUARE = 32;

  private int height;
  private int width;
  private float[] floats;
  private double[] doubles;

  /**
   * Copies what was contracted, and divides.
   *
   * @param from where the tile begins
   */
  public void take(NativeArray values, long from, int height, int width, double divisor) {
    this.height = height;
    this.width = width;
    int n = height * width;
    if (values.precision() == Precision.FLOAT32) {
      floats = floats != null && floats.length == n ? floats : new float[n];
      doubles = null;
      values.get(from, floats, n);
    } else {
      doubles = doubles != null && doubles.length == n ? doubles : new double[n];
      floats = null;
      values.get(from, doubles, n);
    }
    if (divisor != 1) {
      divide(divisor);
    }
  }

  private void divide(double divisor) {
    for (int i = 0; i < height * width; i++) {
      if (floats != null) {
        floats[i] = (float) (floats[i] / divisor);
      } else {
        doubles[i] /= divisor;
      }
    }
  }

  /** Copies the upper triangle of a diagonal tile to the lower: the kernel is exactly symmetric. */
  public void mirror() {
    for (int r = 0; r < height; r += SQUARE) {
      for (int c = 0; c <= r; c += SQUARE) {
        mirror(r, c);
      }
    }
  }

  private void mirror(int row, int column) {
    for (int r = row; r < Math.min(row + SQUARE, height); r++) {
      for (int c = column; c < Math.min(column + SQUARE, r); c++) {
        if (floats != null) {
          floats[r * width + c] = floats[c * width + r];
        } else {
          doubles[r * width + c] = doubles[c * width + r];
        }
      }
    }
  }

  /** Writes the tile, of which the sink is to keep nothing but a copy. */
  public void writeTo(TileSink to, Tile tile) {
    if (floats != null) {
      to.write(tile.row(), tile.column(), floats);
    } else {
      to.write(tile.row(), tile.column(), doubles);
    }
  }
}
