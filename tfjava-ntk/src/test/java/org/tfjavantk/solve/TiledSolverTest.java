package org.tfjavantk.solve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TestKernels;

class TiledSolverTest extends SolverContract {
  private static final int TILE = 20;

  @TempDir private Path folder;
  private int stores;

  private KernelStore store(double[][] a) {
    KernelLayout layout = new KernelLayout(a.length, a.length, 1, TILE, true, StorageType.FLOAT64);
    return TestKernels.store(folder.resolve("k" + stores++ + ".zarr"), layout, a);
  }

  /** Room for panels of two rows of tiles. */
  private static long memory(KernelStore store) {
    TiledPlan most = TiledPlan.of(store.layout(), 1L << 30);
    long n = store.layout().rows();
    long side = Math.min(n, (long) store.layout().tileExamples() * store.layout().outputs());
    return most.bytes() - Math.max(0, most.panel() - 2) * Matrix.bytes(side, n);
  }

  @Override
  Solver solver(Matrix k) {
    KernelStore store = store(k.toArrays());
    return new TiledSolver(store, folder.resolve("f" + stores), memory(store), (done, total) -> {});
  }

  @Override
  boolean solvesEmpty() {
    return false;
  }

  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void killedTwiceAndResumedGivesTheSameBytes() throws IOException {
    KernelStore kernel = store(TestMatrices.positiveDefinite().get("spread 150"));
    Path whole = folder.resolve("whole.zarr");
    Path killed = folder.resolve("killed.zarr");
    List<Integer> panels = new ArrayList<>();
    TiledCholesky.factor(kernel, 0.5, whole, memory(kernel), (done, total) -> panels.add(done));
    assertEquals(List.of(1, 2, 3, 4), panels);
    for (int stop : new int[] {1, 3}) {
      assertThrows(
          Stop.class,
          () ->
              TiledCholesky.factor(
                  kernel,
                  0.5,
                  killed,
                  memory(kernel),
                  (done, total) -> {
                    if (done == stop) {
                      throw new Stop();
                    }
                  }));
    }
    // Half of a panel, and a chunk that is damaged.
    Files.delete(killed.resolve("c/3/7"));
    Files.write(killed.resolve("c/1/2"), new byte[] {1});
    KernelStore resumed =
        TiledCholesky.factor(kernel, 0.5, killed, memory(kernel), (done, total) -> {}).store();
    assertEquals(KernelStore.open(whole).contentHash(), resumed.contentHash());
    try (Stream<Path> files = Files.walk(whole)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertEquals(-1, Files.mismatch(file, killed.resolve(whole.relativize(file))));
      }
    }
  }

  @Test
  void aFactorOfAnotherRidgeIsRefused() {
    KernelStore kernel = store(TestMatrices.positiveDefinite().get("spread 65"));
    Path path = folder.resolve("f.zarr");
    TiledCholesky.factor(kernel, 0.5, path, memory(kernel), (done, total) -> {});
    UserException refused =
        assertThrows(
            UserException.class,
            () -> TiledCholesky.factor(kernel, 1, path, memory(kernel), (done, total) -> {}));
    assertTrue(refused.getMessage().contains("ridge"), refused.getMessage());
  }

  @Test
  void tooLittleMemoryIsRefusedWithWhatIsNeeded() {
    KernelStore kernel = store(TestMatrices.positiveDefinite().get("spread 65"));
    UserException refused =
        assertThrows(
            UserException.class,
            () ->
                TiledCholesky.factor(kernel, 0.5, folder.resolve("f"), 1000, (done, total) -> {}));
    assertTrue(refused.getMessage().contains("raise the solver's memory"), refused.getMessage());
  }

  @Test
  void tilesOfSeveralOutputsInFloat32AreFactored() {
    KernelLayout layout = new KernelLayout(20, 20, 3, 7, true, StorageType.FLOAT32);
    double[][] a = TestKernels.matrix(layout, 5);
    for (int i = 0; i < 60; i++) {
      a[i][i] += 300;
    }
    KernelStore kernel = TestKernels.store(folder.resolve("three.zarr"), layout, a);
    try (Matrix b = Matrix.of(TestMatrices.random(60, 2, "b"));
        Matrix k = Matrix.of(a);
        CholeskySolver inMemory = CholeskySolver.of(new MatrixSource(k, "K"));
        Solver onDisk =
            new TiledSolver(kernel, folder.resolve("three"), memory(kernel), (d, t) -> {});
        Solution.Solved expected = inMemory.solve(1, b).orThrow();
        Solution.Solved found = onDisk.solve(1, b).orThrow()) {
      double[][] x = expected.x().toArrays();
      assertTrue(TestMatrices.distance(x, found.x().toArrays()) < 1e-13 * TestMatrices.norm(x));
      TiledCholesky factor =
          TiledCholesky.factor(
              kernel,
              1,
              folder.resolve("three/factor-1.0.zarr"),
              memory(kernel),
              (done, total) -> {});
      assertEquals(inMemory.logDeterminant(1).orElseThrow(), factor.logDeterminant(), 1e-10);
    }
  }

  @Test
  void thePlanCountsWhatIsReadAndHeld() {
    KernelLayout layout = new KernelLayout(60_000, 60_000, 1, 1000, true, StorageType.FLOAT64);
    TiledPlan plan = TiledPlan.of(layout, 4L << 30);
    assertTrue(plan.bytes() <= 4L << 30);
    assertTrue(plan.panel() >= 5, plan::toString);
    assertEquals(7.2e13, plan.operations(), 1e9);
    assertTrue(plan.disk() > 14_000_000_000L && plan.disk() < 15_000_000_000L);
  }
}
