package org.tfjavantk.infinite;

import java.util.List;
import java.util.function.Consumer;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;
import org.tfjavantk.tile.TileEngine;
import org.tfjavantk.tile.TileExamples;
import org.tfjavantk.tile.TileExamples.Some;

/** Computes tiles of kernels of infinite width, those of all kinds at once. */
final class InfiniteEngine<S> implements TileEngine {
  private final KernelRoute<S> route;
  private final List<KernelKind> kinds;
  private final Precision precision;
  private final TileExamples examples;
  private int row = -1;
  private S rows;

  InfiniteEngine(
      KernelRoute<S> route, List<KernelKind> kinds, Precision precision, TileExamples examples) {
    this.route = route;
    this.kinds = kinds;
    this.precision = precision;
    this.examples = examples;
  }

  @Override
  public void compute(Tile tile, Consumer<NativeArray> each) {
    if (tile.row() != row) {
      rows = side(examples.ofRow(tile));
      row = tile.row();
    }
    boolean alone = examples.alone(tile);
    S columns = alone ? rows : side(examples.ofColumn(tile));
    int height = examples.layout().rowExamplesOfTile(tile.row());
    int width = examples.layout().columnExamplesOfTile(tile.column());
    long length = (long) kinds.size() * height * width;
    try (NativeArray values = NativeArray.zeros(precision, length)) {
      route.tile(rows, columns, alone, new KernelTarget(values, kinds, height, width));
      each.accept(values);
    }
  }

  private S side(Some some) {
    return route.side(some.x(), some.count());
  }

  @Override
  public void close() {
    rows = null;
    route.close();
  }
}
