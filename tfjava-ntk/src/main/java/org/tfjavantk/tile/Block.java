package org.tfjavantk.tile;

import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/** A tile on its way from native memory to the store, in the precision of the arithmetic. */
public final class Block {
  private final int height;
  private final int width;
  private final float[] floats;
  private final double[] doubles;

  /**
   * Copies what was contracted, and divides.
   *
   * @param from where the tile begins
   */
  public Block(NativeArray values, long from, int height, int width, double divisor) {
    this.height = height;
    this.width = width;
    int n = height * width;
    boolean single = values.precision() == Precision.FLOAT32;
    floats = single ? new float[n] : null;
    doubles = single ? null : new double[n];
    if (single) {
      values.get(from, floats, n);
    } else {
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

  public void writeTo(TileSink to, Tile tile) {
    if (floats != null) {
      to.write(tile.row(), tile.column(), floats);
    } else {
      to.write(tile.row(), tile.column(), doubles);
    }
  }
}
