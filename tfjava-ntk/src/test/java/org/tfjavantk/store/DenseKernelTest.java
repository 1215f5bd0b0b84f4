package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;

class DenseKernelTest {
  private static final KernelLayout LAYOUT =
      new KernelLayout(5, 5, 2, 2, true, StorageType.FLOAT64);

  @TempDir Path folder;

  @Test
  void examplesComeInTheOrderAskedFor() {
    double[][] matrix = TestKernels.matrix(LAYOUT, 3);
    KernelStore store = TestKernels.store(folder.resolve("k"), LAYOUT, matrix);
    int[] order = {3, 0, 4, 1, 2};
    try (Matrix plain = DenseKernel.load(store);
        Matrix permuted = DenseKernel.load(store, order)) {
      for (int i = 0; i < 10; i++) {
        assertArrayEquals(matrix[i], plain.getRow(i));
        for (int j = 0; j < 10; j++) {
          double expected = matrix[order[i / 2] * 2 + i % 2][order[j / 2] * 2 + j % 2];
          assertEquals(expected, permuted.get(i, j));
        }
      }
    }
    for (int[] wrong : new int[][] {{0, 1, 2, 3}, {0, 1, 2, 3, 3}, {0, 1, 2, 3, 4, 0}}) {
      assertThrows(IllegalArgumentException.class, () -> DenseKernel.load(store, wrong));
    }
  }

  @Test
  void aMatrixThatDoesNotFitIsRefusedBeforeAnythingIsRead() {
    KernelLayout layout = new KernelLayout(60_000, 60_000, 10, 500, true, StorageType.FLOAT32);
    KernelStore store = KernelStore.create(folder.resolve("k"), layout, Map.of());
    String message = assertThrows(UserException.class, () -> DenseKernel.load(store)).getMessage();
    assertTrue(message.contains("600000 x 600000"), message);
    assertTrue(message.contains("needs 2682.2 GiB"), message);
    assertTrue(message.contains("empirical_kernel.examples"), message);
    DenseKernel.requireMemory(KernelStore.create(folder.resolve("small"), LAYOUT, Map.of()), 800);
    assertThrows(
        UserException.class,
        () -> DenseKernel.requireMemory(KernelStore.open(folder.resolve("small")), 799));
  }
}
