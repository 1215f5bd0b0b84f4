package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.NpyWriter;
import org.tfjavantk.graphs.UserException;

class NpyKernelTest {
  @TempDir private Path folder;

  private Path file(double[][] matrix) {
    Path file = folder.resolve("k" + matrix.length + "x" + matrix[0].length + ".npy");
    try (NpyWriter writer =
        NpyWriter.create(file, ElementType.F8, matrix.length, matrix[0].length)) {
      for (double[] row : matrix) {
        writer.writeRow(row, 0);
      }
    }
    return file;
  }

  @Test
  void arraysBecomeStores() {
    KernelLayout layout = new KernelLayout(1100, 1100, 1, 100, true, StorageType.FLOAT64);
    double[][] symmetric = TestKernels.matrix(layout, 1);
    KernelStore store = NpyKernel.store(file(symmetric), 2, true, folder.resolve("s"));
    store.readRows((row, values) -> assertArrayEquals(symmetric[(int) row], values));
    double[][] wide = {{1, 2, 3}, {4, 5, 6}};
    KernelStore other = NpyKernel.store(file(wide), 1, false, folder.resolve("w"));
    other.readRows((row, values) -> assertArrayEquals(wide[(int) row], values));
  }

  private void assertRefused(String part, double[][] matrix, int outputs, boolean symmetric) {
    Path file = file(matrix);
    String message =
        assertThrows(
                UserException.class,
                () -> NpyKernel.store(file, outputs, symmetric, folder.resolve("refused")))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void whatIsNoKernelIsRefused() {
    assertRefused("row 1, column 0 differs", new double[][] {{1, 2}, {3, 1}}, 1, true);
    assertRefused(
        "holds NaN in row 0, column 1", new double[][] {{1, Double.NaN}, {Double.NaN, 1}}, 1, true);
    assertRefused("expected a square", new double[][] {{1, 2, 3}, {4, 5, 6}}, 1, true);
    assertRefused("multiple of 2", new double[][] {{1, 2, 3}, {4, 5, 6}}, 2, false);
  }
}
