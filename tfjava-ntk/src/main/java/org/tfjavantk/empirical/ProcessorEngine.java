package org.tfjavantk.empirical;

import java.util.function.Consumer;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;
import org.tfjavantk.tile.TileEngine;
import org.tfjavantk.tile.TileExamples;

/**
 * Takes factors from the devices and contracts them on the processor. The factors of the rows and
 * columns of tiles that were used last are kept, as many as the memory allows.
 */
final class ProcessorEngine implements TileEngine {
  private final EmpiricalNtk ntk;
  private final TileExamples examples;
  private final TilePlan plan;
  private final PanelCache panels;

  ProcessorEngine(EmpiricalNtk ntk, TileExamples examples, TilePlan plan) {
    this.ntk = ntk;
    this.examples = examples;
    this.plan = plan;
    this.panels = new PanelCache(plan.panels());
  }

  @Override
  public void compute(Tile tile, Consumer<NativeArray> each) {
    boolean symmetric = examples.layout().symmetric();
    Panel left =
        panels.get(new PanelCache.Key(false, tile.row()), () -> panel(examples.ofRow(tile)));
    Panel right =
        panels.get(
            new PanelCache.Key(!symmetric, tile.column()), () -> panel(examples.ofColumn(tile)));
    for (int group = 0; group < ntk.groups().size(); group++) {
      try (NativeArray values = ntk.contract(group, left, right, plan.memory())) {
        each.accept(values);
      }
    }
  }

  private Panel panel(TileExamples.Some some) {
    return ntk.panel(some.x(), some.count(), plan);
  }

  @Override
  public void close() {
    panels.close();
  }
}
