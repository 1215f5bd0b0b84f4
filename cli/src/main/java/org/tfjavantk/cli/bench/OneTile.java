package org.tfjavantk.cli.bench;

import java.util.List;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;

/** Keeps a kernel of a few examples in memory. */
final class OneTile implements TileSink {
  private final KernelLayout layout;
  private double[] values;

  OneTile(int examples, int outputs) {
    layout = new KernelLayout(examples, examples, outputs, examples, true, StorageType.FLOAT64);
  }

  @Override
  public KernelLayout layout() {
    return layout;
  }

  @Override
  public List<Tile> unfinished() {
    return layout.neededTiles();
  }

  @Override
  public void write(int i, int j, double[] tile) {
    values = tile.clone();
  }

  @Override
  public void write(int i, int j, float[] tile) {
    values = new double[tile.length];
    for (int k = 0; k < tile.length; k++) {
      values[k] = tile[k];
    }
  }

  /** ‖values − exact‖ / ‖exact‖. */
  double relativeErrorTo(double[] exact) {
    double errors = 0;
    double squares = 0;
    for (int k = 0; k < exact.length; k++) {
      errors += (values[k] - exact[k]) * (values[k] - exact[k]);
      squares += exact[k] * exact[k];
    }
    return Math.sqrt(errors / squares);
  }
}
