package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.data.Float16;
import org.tfjavantk.graphs.UserException;

class KernelExportTest {
  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("org.tfjavantk.store.KernelStoreTest#layouts")
  void theNpyFileHoldsTheWholeMatrix(KernelLayout layout) throws IOException {
    double[][] matrix = TestKernels.matrix(layout, 8);
    KernelStore store = TestKernels.store(folder.resolve("k"), layout, matrix);
    Path file = folder.resolve("k.npy");
    KernelExport.toNpy(store, file);

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] magic = new byte[8];
    bytes.get(magic);
    assertEquals("\u0093NUMPY\u0001\u0000", new String(magic, StandardCharsets.ISO_8859_1));
    byte[] header = new byte[bytes.getShort()];
    bytes.get(header);
    assertEquals(0, bytes.position() % 64);
    String dict = new String(header, StandardCharsets.US_ASCII);
    assertTrue(dict.endsWith("\n"));
    assertEquals(
        "{'descr': '<f%d', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(
                layout.storage() == StorageType.BFLOAT16 ? Float.BYTES : layout.storage().bytes(),
                layout.rows(),
                layout.columns()),
        dict.strip());
    for (double[] row : matrix) {
      for (double value : row) {
        double found =
            switch (layout.storage()) {
              case FLOAT16 -> Float16.toDouble(bytes.getShort());
              case BFLOAT16, FLOAT32 -> bytes.getFloat();
              case FLOAT64 -> bytes.getDouble();
            };
        assertEquals(value, found);
      }
    }
    assertEquals(0, bytes.remaining());
  }

  @Test
  void anIncompleteKernelLeavesNoFile() throws IOException {
    KernelLayout layout = new KernelLayout(5, 5, 1, 2, true, StorageType.FLOAT64);
    KernelStore store =
        TestKernels.store(folder.resolve("k"), layout, TestKernels.matrix(layout, 9));
    Files.delete(store.chunkPath(2, 2));
    assertThrows(UserException.class, () -> KernelExport.toNpy(store, folder.resolve("k.npy")));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("k")), files.toList());
    }
  }

  @Test
  void aFolderThatIsNotThereIsAnErrorOfTheUser() {
    KernelLayout layout = new KernelLayout(1, 1, 1, 1, true, StorageType.FLOAT64);
    KernelStore store =
        TestKernels.store(folder.resolve("k"), layout, TestKernels.matrix(layout, 9));
    assertThrows(UserException.class, () -> KernelExport.toNpy(store, folder.resolve("no/k.npy")));
  }
}
