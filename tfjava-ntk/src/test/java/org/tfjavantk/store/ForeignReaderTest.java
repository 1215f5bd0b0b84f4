package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Leaves stores of every type with their exports in {@code target/zarrita}, for {@code
 * .ci/zarrita/check.mjs} to compare by a reader that was not written here. They hold zeros of both
 * signs, the largest values and subnormal ones. zarrita does not know bfloat16, an extension.
 */
class ForeignReaderTest {
  private static final Path FOLDER = Path.of("target", "zarrita");

  @Test
  void storesAndExportsLieReadyForZarrita() throws IOException {
    deleteTree(FOLDER);
    Files.createDirectories(FOLDER);
    for (StorageType type : StorageType.values()) {
      if (type == StorageType.BFLOAT16) {
        continue;
      }
      write("symmetric-" + type.zarrName(), new KernelLayout(17, 17, 3, 4, true, type));
      write("rectangular-" + type.zarrName(), new KernelLayout(9, 14, 2, 5, false, type));
      write("one-tile-" + type.zarrName(), new KernelLayout(6, 6, 1, 6, true, type));
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      assertEquals(18, files.count());
    }
  }

  private static void write(String name, KernelLayout layout) {
    double[][] matrix = TestKernels.matrix(layout, 10);
    double tiny = layout.storage() == StorageType.FLOAT16 ? 0x1p-24 : Float.MIN_VALUE;
    double[] special = {0, -0.0, tiny, -tiny, layout.storage().largest()};
    int last = matrix[0].length - 1;
    for (int i = 0; i < special.length; i++) {
      matrix[i][last] = special[i];
      if (layout.symmetric()) {
        matrix[last][i] = special[i];
      }
    }
    KernelStore store = TestKernels.store(FOLDER.resolve(name + ".zarr"), layout, matrix);
    KernelExport.toNpy(store, FOLDER.resolve(name + ".npy"));
    assertTrue(store.verify().complete());
  }

  private static void deleteTree(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
      }
    }
  }
}
