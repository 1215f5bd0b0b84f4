package org.tfjavantk.empirical;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;
import org.tfjavantk.tile.TileEngine;
import org.tfjavantk.tile.TileExamples;

/**
 * Computes and contracts factors on the device of a model: the factors of a row and of a column of
 * tiles stay there in variables, and only tiles leave it.
 */
final class DeviceEngine implements TileEngine {
  private final GraphModel model;
  private final TileExamples examples;
  private final int batch;
  private final DevicePanel left;
  private final DevicePanel right;
  private final List<Operand<TFloating>> blocks;
  private final List<Operand<TFloating>> alone;
  private int row = -1;

  /**
   * @param groups the parts of each group
   * @param batch examples whose factors are computed at once
   */
  DeviceEngine(
      Replica replica,
      List<Part> parts,
      List<List<Integer>> groups,
      DeviceContraction contraction,
      TileExamples examples,
      int batch) {
    this.model = replica.model();
    this.examples = examples;
    this.batch = batch;
    this.left = DevicePanel.of(replica, parts);
    this.right = DevicePanel.of(replica, parts);
    this.blocks = groups.stream().map(g -> contraction.block(parts, g, left, right)).toList();
    this.alone = groups.stream().map(g -> contraction.block(parts, g, left, left)).toList();
  }

  @Override
  public void compute(Tile tile, Consumer<NativeArray> each) {
    if (row != tile.row()) {
      row = -1;
      load(left, examples.ofRow(tile));
      row = tile.row();
    }
    boolean same = examples.alone(tile);
    if (!same) {
      load(right, examples.ofColumn(tile));
    }
    for (Operand<TFloating> block : same ? alone : blocks) {
      try (Fetched values = model.fetch(List.of(block));
          NativeArray view = NativeArray.view(values.get(0), model.precision())) {
        each.accept(view);
      }
    }
  }

  private void load(DevicePanel panel, TileExamples.Some some) {
    int size = model.exampleSize();
    for (int from = 0; from < some.count(); from += batch) {
      int count = Math.min(batch, some.count() - from);
      double[] x = Arrays.copyOfRange(some.x(), from * size, (from + count) * size);
      model.run(x, count, List.of(from == 0 ? panel.begin() : panel.append())).close();
    }
  }

  @Override
  public void close() {
    model.fetch(List.of(left.clear(), right.clear())).close();
  }
}
