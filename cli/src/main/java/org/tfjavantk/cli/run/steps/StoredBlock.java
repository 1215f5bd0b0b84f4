package org.tfjavantk.cli.run.steps;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.Tile;

/**
 * The stores of a block, one for each matrix of the kernel, cut into the same tiles. A tile is done
 * when every store has it, for it is computed for all of them at once.
 */
record StoredBlock(KernelSets.Block block, List<KernelStore> stores) {
  KernelLayout layout() {
    return stores.get(0).layout();
  }

  /** The tiles to compute, row by row; every tile is read. */
  List<Tile> unfinished() {
    return inAny(stores.stream().map(KernelStore::unfinished).toList());
  }

  /** The tiles of which a store has no file, row by row; no tile is read. */
  List<Tile> absent() {
    return inAny(stores.stream().map(KernelStore::absent).toList());
  }

  private List<Tile> inAny(List<List<Tile>> lacking) {
    Set<Tile> tiles = lacking.stream().flatMap(Collection::stream).collect(Collectors.toSet());
    return layout().neededTiles().stream().filter(tiles::contains).toList();
  }

  /** Whether all stores have a tile, and its checksums hold. */
  boolean has(Tile tile) {
    return stores.stream()
        .allMatch(s -> s.check(tile.row(), tile.column()) == KernelStore.ChunkState.GOOD);
  }
}
