package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TestKernels;

class StoreSourceTest {
  @TempDir private Path folder;

  /** Only products: the defaults of the interface do the rest. */
  private record ProductsAlone(MatrixSource source) implements KernelSource {
    @Override
    public int size() {
      return source.size();
    }

    @Override
    public String name() {
      return "products";
    }

    @Override
    public double frobeniusNorm() {
      return source.frobeniusNorm();
    }

    @Override
    public void times(Matrix x, Matrix result) {
      source.times(x, result);
    }
  }

  @Test
  void allSourcesOfOneMatrixAgree() {
    for (int tile : new int[] {1, 7, 70, 100}) {
      KernelLayout layout = new KernelLayout(70, 70, 2, tile, true, StorageType.FLOAT32);
      double[][] a = TestKernels.matrix(layout, 3);
      StoreSource stored =
          new StoreSource(TestKernels.store(folder.resolve("k" + tile), layout, a));
      try (Matrix k = Matrix.of(a);
          Matrix x = Matrix.of(TestMatrices.random(140, 3, "x"))) {
        MatrixSource expected = new MatrixSource(k, "K");
        for (KernelSource source :
            new KernelSource[] {expected, stored, new ProductsAlone(expected)}) {
          assertEquals(140, source.size());
          assertArrayEquals(expected.diagonal(), source.diagonal());
          assertArrayEquals(a[33], source.row(33));
          assertEquals(TestMatrices.norm(a), source.frobeniusNorm(), 1e-10);
          try (Matrix product = new Matrix(140, 3);
              Matrix dense = source.dense()) {
            product.set(0, 0, Double.NaN);
            source.times(x, product);
            double[][] wanted = TestMatrices.product(a, x.toArrays());
            assertEquals(0, TestMatrices.distance(wanted, product.toArrays()), 1e-9);
            assertArrayEquals(a, dense.toArrays());
          }
        }
      }
    }
  }

  @Test
  void aMissingTileIsNamed() throws Exception {
    KernelLayout layout = new KernelLayout(20, 20, 1, 10, true, StorageType.FLOAT64);
    StoreSource source =
        new StoreSource(
            TestKernels.store(folder.resolve("k"), layout, TestKernels.matrix(layout, 1)));
    Files.delete(folder.resolve("k/c/0/1"));
    try (Matrix x = new Matrix(20, 1);
        Matrix y = new Matrix(20, 1)) {
      UserException missing = assertThrows(UserException.class, () -> source.times(x, y));
      assertEquals(
          true, missing.getMessage().contains("tile (0, 1) is missing"), missing.getMessage());
    }
  }
}
