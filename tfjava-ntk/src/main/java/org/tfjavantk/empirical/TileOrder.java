package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.Tile;

/**
 * The order in which tiles are computed: row by row, to and fro, so that each row begins with the
 * columns whose panels are still there.
 */
final class TileOrder {
  private TileOrder() {}

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

  /** How many examples' factors are computed for these tiles with so many panels at a time. */
  static long examples(List<Tile> tiles, KernelLayout layout, int capacity) {
    long[] examples = {0};
    int most = Math.max(2, capacity);
    Map<PanelCache.Key, Boolean> there =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<PanelCache.Key, Boolean> eldest) {
            return size() > most;
          }
        };
    for (Tile tile : of(tiles)) {
      there.computeIfAbsent(
          new PanelCache.Key(false, tile.row()),
          key -> {
            examples[0] += layout.rowExamplesOfTile(tile.row());
            return true;
          });
      there.computeIfAbsent(
          new PanelCache.Key(!layout.symmetric(), tile.column()),
          key -> {
            examples[0] += layout.columnExamplesOfTile(tile.column());
            return true;
          });
    }
    return examples[0];
  }
}
