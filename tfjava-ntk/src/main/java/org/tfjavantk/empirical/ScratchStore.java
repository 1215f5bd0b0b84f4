package org.tfjavantk.empirical;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.Tile;
import org.tfjavantk.tile.Block;

/** A store of a single tile, among the temporary files until it is closed. */
final class ScratchStore implements AutoCloseable {
  private static final Tile ONLY = new Tile(0, 0);

  private final Path folder;
  private final KernelStore store;

  /**
   * @param side rows and columns of the tile
   */
  ScratchStore(int side, StorageType storage) {
    try {
      folder = Files.createTempDirectory("ntk-pilot");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    KernelLayout layout = new KernelLayout(side, side, 1, side, false, storage);
    store = KernelStore.create(folder.resolve("tile.zarr"), layout, Map.of());
  }

  void write(Block block) {
    block.writeTo(store, ONLY);
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
