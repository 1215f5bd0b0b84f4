package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.EmpiricalKernel.Storage;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

/** The stores of a kernel step: where they are, and what is in them. */
final class KernelStores {
  /** What the stores are of. */
  interface Content {
    /** The layout of all stores of a block. */
    KernelLayout layout(KernelSets.Block block);

    /** What the store of a matrix says of itself. */
    Map<String, Object> attributes(KernelSets.Block block, int matrix) throws IOException;
  }

  private final StepContext context;
  private final KernelSets sets;

  KernelStores(StepContext context, KernelSets sets) {
    this.context = context;
    this.sets = sets;
  }

  /** Whether all stores are there, whatever they hold. */
  boolean there() {
    return paths().stream().allMatch(path -> unreadable(path).isEmpty());
  }

  /** Whether all tiles of all stores are there and whole. */
  boolean complete() {
    return paths().stream()
        .allMatch(
            path -> unreadable(path).isEmpty() && KernelStore.open(path).unfinished().isEmpty());
  }

  private List<Path> paths() {
    return sets.blocks().stream()
        .flatMap(block -> block.files().stream())
        .map(file -> context.directory().resolve(file))
        .toList();
  }

  /** Why there is no store to go on with. */
  private static Optional<String> unreadable(Path path) {
    try {
      KernelStore.open(path);
      return Optional.empty();
    } catch (UserException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The stores to go on with, made where they are missing. */
  List<StoredBlock> openOrCreate(Content content) throws IOException {
    return each(
        content, (file, layout, says) -> KernelStore.openOrCreate(place(file), layout, says));
  }

  /** The stores, which must be there, to write to beside other processes. */
  List<StoredBlock> open(Content content) throws IOException {
    return each(
        content,
        (file, layout, says) -> KernelStore.open(context.directory().resolve(file), layout, says));
  }

  @FunctionalInterface
  private interface Opening {
    KernelStore open(String file, KernelLayout layout, Map<String, Object> attributes)
        throws IOException;
  }

  private List<StoredBlock> each(Content content, Opening opening) throws IOException {
    List<StoredBlock> blocks = new ArrayList<>();
    for (KernelSets.Block block : sets.blocks()) {
      KernelLayout layout = content.layout(block);
      List<KernelStore> stores = new ArrayList<>();
      for (int k = 0; k < block.files().size(); k++) {
        stores.add(opening.open(block.files().get(k), layout, content.attributes(block, k)));
      }
      blocks.add(new StoredBlock(block, stores));
    }
    return blocks;
  }

  /** The place of a store; one whose description was damaged says nothing of its tiles any more. */
  private Path place(String name) throws IOException {
    Path path = context.makes(name);
    Optional<String> why = unreadable(path);
    if (why.isPresent() && Files.exists(path)) {
      context.progress().message(why.get() + "; all of its tiles are computed again");
      AtomicFiles.delete(path);
    }
    return path;
  }

  /** The type of stored values that a config asks for. */
  static StorageType storage(Storage storage, Precision arithmetic) {
    return switch (storage) {
      case SAME -> arithmetic == Precision.FLOAT32 ? StorageType.FLOAT32 : StorageType.FLOAT64;
      case STORE_FLOAT16 -> StorageType.FLOAT16;
      case STORE_BFLOAT16 -> StorageType.BFLOAT16;
      case STORE_FLOAT32 -> StorageType.FLOAT32;
      case STORE_FLOAT64 -> StorageType.FLOAT64;
    };
  }
}
