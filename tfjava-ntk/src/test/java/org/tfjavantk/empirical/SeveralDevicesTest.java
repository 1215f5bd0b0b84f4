package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.TileOrder;
import org.tfjavantk.tile.TiledKernel;

/** A kernel whose tiles several devices compute, and the threads that write them. */
class SeveralDevicesTest {
  private static final int N = 23;
  private static final Examples X = new TiledKernelTest.Noise(N, "x");
  private static final Examples Y = new TiledKernelTest.Noise(9, "y");
  private static final TiledKernel.Listener NOBODY = (tile, done, total) -> {};

  @TempDir Path dir;
  private final List<GraphModel> models = new ArrayList<>();
  private final List<EmpiricalNtk> kernels = new ArrayList<>();

  @BeforeEach
  void open() {
    DeviceChoice three = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1, 2));
    for (DeviceChoice device : three.each()) {
      models.add(TiledKernelTest.NETWORK.build(new int[] {6, 6, 1}, Precision.FLOAT32, 4, device));
    }
    for (int devices = 1; devices <= 3; devices++) {
      kernels.add(EmpiricalNtk.of(models.subList(0, devices), OutputChoice.FULL, List.of()));
    }
  }

  @AfterEach
  void close() {
    kernels.forEach(EmpiricalNtk::close);
    models.forEach(GraphModel::close);
  }

  private KernelStore store(String name, int tile, boolean symmetric) {
    KernelLayout layout =
        new KernelLayout(symmetric ? N : Y.count(), N, 2, tile, symmetric, StorageType.FLOAT32);
    return KernelStore.openOrCreate(dir.resolve(name), layout, Map.of());
  }

  private static TilePlan plan(int devices, int panels) {
    return new TilePlan(0, 2, panels, devices, 1 << 12, 0);
  }

  private TiledKernel kernel(TileSink sink, boolean symmetric, int devices, int panels) {
    EmpiricalNtk ntk = kernels.get(devices - 1);
    return ntk.tiled(symmetric ? X : Y, symmetric ? null : X, sink, plan(devices, panels), 1);
  }

  @ParameterizedTest
  @CsvSource({"true, 4", "false, 4", "true, 1", "true, 23"})
  void theBytesAreThoseOfOneDevice(boolean symmetric, int tile) {
    KernelStore one = store("one", tile, symmetric);
    kernel(one, symmetric, 1, 1).compute(NOBODY);
    for (int workers = 1; workers <= 3; workers++) {
      for (int panels : new int[] {1, 2, 3}) {
        KernelStore several = store(workers + "-" + panels, tile, symmetric);
        kernel(several, symmetric, workers, panels).compute(NOBODY);
        assertTrue(several.verify().complete());
        assertEquals(one.contentHash(), several.contentHash(), several.directory()::toString);
      }
    }
  }

  @Test
  void threeSharesGiveTheBytesOfOne() {
    KernelStore one = store("one", 4, true);
    kernel(one, true, 2, 2).compute(NOBODY);
    KernelStore shared = store("shared", 4, true);
    List<Tile> tiles = shared.unfinished();
    for (int share : new int[] {2, 0, 1}) {
      kernel(shared, true, 2, 3)
          .compute(tiles.subList(share * tiles.size() / 3, (share + 1) * tiles.size() / 3), NOBODY);
    }
    assertEquals(one.contentHash(), shared.contentHash());
  }

  @Test
  void anInterruptedRunGoesOnToTheSameBytes() {
    KernelStore one = store("one", 3, true);
    kernel(one, true, 1, 1).compute(NOBODY);
    KernelStore stopped = store("stopped", 3, true);
    int all = stopped.unfinished().size();
    TiledKernel.Listener killer =
        (tile, done, total) -> {
          if (done == 7) {
            throw new IllegalStateException("killed");
          }
        };
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> kernel(stopped, true, 2, 2).compute(killer));
    assertEquals("killed", e.getMessage());
    int left = stopped.unfinished().size();
    assertEquals(all - 7, left);
    AtomicInteger computed = new AtomicInteger();
    kernel(stopped, true, 3, 1).compute((tile, done, total) -> computed.incrementAndGet());
    assertEquals(left, computed.get());
    assertEquals(one.contentHash(), stopped.contentHash());
  }

  @Test
  void tileSizesAgree() {
    KernelStore whole = store("whole", 64, true);
    kernel(whole, true, 1, 1).compute(NOBODY);
    double[] expected = TiledKernelTest.read(whole);
    for (int tile : new int[] {1, 7}) {
      KernelStore other = store("of" + tile, tile, true);
      kernel(other, true, 2, 2).compute(NOBODY);
      ReferenceKernelTest.assertClose(expected, TiledKernelTest.read(other), 1e-6, "tiles");
    }
  }

  @Test
  void theListenerHearsOfOneTileAfterTheOther() {
    KernelStore store = store("heard", 2, true);
    List<Integer> counts = new ArrayList<>();
    AtomicInteger inside = new AtomicInteger();
    kernel(store, true, 3, 1)
        .compute(
            (tile, done, total) -> {
              assertEquals(1, inside.incrementAndGet());
              assertEquals(KernelStore.ChunkState.GOOD, store.check(tile.row(), tile.column()));
              counts.add(done);
              inside.decrementAndGet();
            });
    assertEquals(IntStream.rangeClosed(1, 78).boxed().toList(), counts);
  }

  /** Passes tiles on, after something else. */
  private record Watched(TileSink to, Runnable before) implements TileSink {
    @Override
    public KernelLayout layout() {
      return to.layout();
    }

    @Override
    public List<Tile> unfinished() {
      return to.unfinished();
    }

    @Override
    public void write(int i, int j, double[] values) {
      throw new AssertionError("float32 is computed");
    }

    @Override
    public void write(int i, int j, float[] values) {
      before.run();
      to.write(i, j, values);
    }
  }

  /** Examples of which somebody wants to know that they are read. */
  private record Read(Examples of, int first, CountDownLatch read) implements Examples {
    @Override
    public int count() {
      return of.count();
    }

    @Override
    public int[] shape() {
      return of.shape();
    }

    @Override
    public int classes() {
      return of.classes();
    }

    @Override
    public int label(int i) {
      return of.label(i);
    }

    @Override
    public void read(int i, double[] into, int offset) {
      if (i >= first) {
        read.countDown();
      }
      of.read(i, into, offset);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("the next tile is not begun while this one is written");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTileIsWrittenWhileTheNextOneIsComputed() {
    CountDownLatch begun = new CountDownLatch(1);
    Examples examples = new Read(X, 8, begun);
    KernelStore store = store("overlap", 4, true);
    TileSink slow = new Watched(store, () -> await(begun));
    // The first write ends when examples of the third column of tiles are read: of the third tile,
    // which is not begun before the first one is stored, or of the second, as here.
    List<Tile> tiles = List.of(new Tile(0, 0), new Tile(0, 2), new Tile(0, 3));
    kernels.get(0).tiled(examples, null, slow, plan(1, 2), 1).compute(tiles, NOBODY);
    assertEquals(KernelStore.ChunkState.GOOD, store.check(0, 3));
  }

  @Test
  void aFailedWriteEndsTheWork() {
    for (int workers = 1; workers <= 3; workers++) {
      KernelStore store = store("full" + workers, 2, true);
      AtomicInteger writes = new AtomicInteger();
      TileSink full =
          new Watched(
              store,
              () -> {
                if (writes.incrementAndGet() > 5) {
                  throw new UserException("no space");
                }
              });
      TiledKernel kernel = kernel(full, true, workers, 2);
      UserException e = assertThrows(UserException.class, () -> kernel.compute(NOBODY));
      assertEquals("no space", e.getMessage());
      assertEquals(5, 78 - store.unfinished().size());
      assertEquals(6, writes.get());
    }
  }

  @Test
  void aDeviceThatFailsEndsTheWork() {
    KernelStore store = store("failed", 8, true);
    models.get(1).close();
    assertThrows(RuntimeException.class, () -> kernel(store, true, 2, 1).compute(NOBODY));
    assertTrue(store.unfinished().size() > 0);
    models.remove(1);
  }

  @Test
  void aValueThatIsNotFiniteNamesItsTile() {
    for (GraphModel model : models) {
      double[] kernel = model.values().get("dense0/kernel");
      kernel[0] = Double.NaN;
      model.assign(Map.of("dense0/kernel", kernel));
    }
    TiledKernel kernel = kernel(store("nan", 4, true), true, 2, 1);
    ArithmeticException e = assertThrows(ArithmeticException.class, () -> kernel.compute(NOBODY));
    assertTrue(e.getMessage().contains("tile ("), e.getMessage());
  }

  @Test
  void plansFitTheMemoryAndDevicesDoNotChangeTheTiles() {
    for (int tile : new int[] {0, 7}) {
      for (long kib : new long[] {512, 1024, 1 << 14, 1 << 20}) {
        TilePlan one = kernels.get(0).plan(1000, kib << 10, tile, false);
        for (EmpiricalNtk several : kernels) {
          TilePlan plan = several.plan(1000, kib << 10, tile, false);
          assertTrue(plan.bytes() <= kib << 10, plan::toString);
          assertTrue(plan.panels() >= 2 && plan.panels() <= 1 + (999 + plan.tile()) / plan.tile());
          assertEquals(one.tile(), plan.tile());
          assertEquals(one.batch(), plan.batch());
        }
      }
    }
    assertEquals(3, kernels.get(2).plan(1000, 1 << 30, 7, false).atOnce());
    assertTrue(kernels.get(0).plan(1000, 1 << 30, 7, false).panels() > 100);
  }

  /** To and fro, with three panels: those of the row and of the last two columns. */
  @Test
  void factorsAreComputedAgainOnlyWhereTheyAreNotKept() {
    KernelLayout layout = store("order", 6, true).layout();
    assertEquals(4, layout.rowTiles());
    List<Tile> order = TileOrder.of(layout.neededTiles());
    assertEquals(new Tile(0, 3), order.get(3));
    assertEquals(new Tile(1, 3), order.get(4));
    TileJob job = TileJob.all(layout);
    assertEquals(23, PanelOrder.examples(job, 4));
    // Row 0 brings all four (23); row 1 begins with columns 3 and 2, which are still there, and
    // brings itself in place of column 2: what it takes in the end is at least what two more cost.
    long three = PanelOrder.examples(job, 3);
    assertTrue(three > 23 && three <= PanelOrder.examples(job, 2), "" + three);
  }
}
