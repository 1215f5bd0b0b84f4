package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.cli.run.Shard;
import org.tfjavantk.store.Tile;

/**
 * The tiles of one shard: a run of the list of all tiles of all blocks, row by row, so that the
 * factors of a row of tiles serve several of them. It depends on the shard alone, not on what is
 * done.
 *
 * @param unfinished of every block those of the shard's tiles that are missing or damaged
 * @param tiles how many tiles the shard has
 */
record TileShare(List<List<Tile>> unfinished, int tiles) {
  static TileShare of(List<StoredBlock> blocks, Shard shard) {
    int total = blocks.stream().mapToInt(block -> block.layout().neededTiles().size()).sum();
    int from = shard.from(total);
    int to = shard.to(total);
    List<List<Tile>> unfinished = new ArrayList<>();
    int before = 0;
    for (StoredBlock block : blocks) {
      List<Tile> all = block.layout().neededTiles();
      int first = Math.max(0, Math.min(all.size(), from - before));
      int end = Math.max(first, Math.min(all.size(), to - before));
      unfinished.add(all.subList(first, end).stream().filter(tile -> !block.has(tile)).toList());
      before += all.size();
    }
    return new TileShare(unfinished, to - from);
  }
}
