package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.tfjavantk.cli.run.Shard;
import org.tfjavantk.cli.run.SharedStepRunner.Shares;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.Tile;
import org.tfjavantk.tile.TiledKernel;

/**
 * The tiles of a kernel step, whatever computes them.
 *
 * @param stores of all blocks
 * @param kernel what computes the tiles of a block
 */
record KernelTiles(
    StepContext context, List<StoredBlock> stores, Function<StoredBlock, TiledKernel> kernel) {
  /**
   * Refuses a kernel that does not fit on the disk, where none of it has been computed yet.
   *
   * @throws UserException if it does not fit
   */
  static void requireSpace(StepContext context, KernelSets sets, long bytes) throws IOException {
    Path existing = context.directory().path().toAbsolutePath();
    if (Files.exists(existing.resolve(sets.blocks().get(0).files().get(0)))) {
      return; // the tiles that are there take part of the space
    }
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    long free = Files.getFileStore(existing).getUsableSpace();
    if (bytes > free) {
      throw new UserException(
          String.format(
              "%s: the kernel takes %s on disk, and %s has %s left. Take fewer examples, a smaller"
                  + " storage type, or another place with --out.",
              KernelSets.title(context), Bytes.format(bytes), existing, Bytes.format(free)));
    }
  }

  /** Tiles of all blocks. */
  int needed() {
    return stores.stream().mapToInt(store -> store.layout().neededTiles().size()).sum();
  }

  /** Computes all tiles that are missing or damaged, and says how many they were. */
  int complete() {
    return compute(stores.stream().map(StoredBlock::unfinished).toList(), needed());
  }

  /** Computes those of a shard. */
  Shares share(Shard shard) {
    TileShare share = TileShare.of(stores, shard);
    compute(share.unfinished(), share.tiles());
    int missing = stores.stream().mapToInt(store -> store.absent().size()).sum();
    return new Shares(share.tiles(), missing, needed());
  }

  /**
   * Computes tiles.
   *
   * @param unfinished of every block those to compute
   * @param all how many there are with those that are done
   */
  private int compute(List<List<Tile>> unfinished, int all) {
    int missing = unfinished.stream().mapToInt(List::size).sum();
    context.progress().start(all, "tiles");
    context.progress().resumed(all - missing);
    for (int k = 0; k < stores.size(); k++) {
      String title = stores.get(k).block().title();
      kernel
          .apply(stores.get(k))
          .compute(
              unfinished.get(k),
              (tile, done, total) -> {
                context.progress().note(title + " " + tile);
                context.progress().advance(1);
              });
    }
    return missing;
  }
}
