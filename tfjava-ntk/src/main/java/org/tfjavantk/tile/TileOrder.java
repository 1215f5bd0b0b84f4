package org.tfjavantk.tile;

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
 * columns of which something may still be there.
 */
public final class TileOrder {
  private TileOrder() {}

  /** The tiles in their order. */
  public static List<Tile> of(List<Tile> tiles) {
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
}
