package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.store.Tile;
import org.tfjavantk.tile.TileOrder;

/** Which panels are computed for which tiles. */
final class PanelOrder {
  private PanelOrder() {}

  /**
   * A tile in its turn.
   *
   * @param loads the examples of each panel that is computed for it
   */
  record Visit(Tile tile, List<Integer> loads) {}

  /** The tiles in their order, with so many panels at a time. */
  static List<Visit> visits(TileJob job, int capacity) {
    int most = Math.max(2, capacity);
    Map<PanelCache.Key, Boolean> there =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<PanelCache.Key, Boolean> eldest) {
            return size() > most;
          }
        };
    List<Visit> visits = new ArrayList<>();
    for (Tile tile : TileOrder.of(job.tiles())) {
      List<Integer> loads = new ArrayList<>();
      there.computeIfAbsent(
          new PanelCache.Key(false, tile.row()), key -> loads.add(job.rows(tile)));
      there.computeIfAbsent(
          new PanelCache.Key(!job.layout().symmetric(), tile.column()),
          key -> loads.add(job.columns(tile)));
      visits.add(new Visit(tile, loads));
    }
    return visits;
  }

  /** How many examples' factors are computed for these tiles with so many panels at a time. */
  static long examples(TileJob job, int capacity) {
    return visits(job, capacity).stream()
        .flatMap(visit -> visit.loads().stream())
        .mapToLong(n -> n)
        .sum();
  }
}
