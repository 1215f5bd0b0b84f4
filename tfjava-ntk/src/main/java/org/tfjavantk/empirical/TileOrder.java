package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tfjavantk.store.Tile;

/**
 * The order in which tiles are computed: row by row, to and fro, so that each row begins with the
 * columns whose panels are still there.
 */
final class TileOrder {
  private TileOrder() {}

  /**
   * A tile in its turn.
   *
   * @param loads the examples of each panel that is computed for it
   */
  record Visit(Tile tile, List<Integer> loads) {}

  static List<Tile> of(List<Tile> tiles) {
    Map<Integer, List<Tile>> byRow =
        tiles.stream().collect(Collectors.groupingBy(Tile::row, TreeMap::new, Collectors.toList()));
    List<Tile> order = new ArrayList<>();
    Comparator<Tile> direction = Comparator.comparingInt(Tile::column);
    for (List<Tile> row : byRow.values()) {
      row.sort(direction);
      order.addAll(row);
      direction = direction.reversed();
    }
    return order;
  }

  /** All of them for a single worker, else the rows, which several workers take one by one. */
  static List<List<Tile>> stretches(List<Tile> tiles, int workers) {
    List<Tile> order = of(tiles);
    return workers == 1
        ? List.of(order)
        : List.copyOf(
            order.stream()
                .collect(Collectors.groupingBy(Tile::row, LinkedHashMap::new, Collectors.toList()))
                .values());
  }

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
    for (Tile tile : of(job.tiles())) {
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
