package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.tile.TiledKernel;

class TiledKernelTest {
  private static final Parametrization P = Parametrization.STANDARD;
  static final Network NETWORK =
      new Network(
          "tiles",
          List.of(
              new Layer.Conv(4, 3, 1, 1, true, P),
              new Layer.Nonlinearity(Activation.RELU),
              new Layer.MaxPool(2, 2),
              new Layer.Flatten(),
              new Layer.Dense(2, true, P)));

  @TempDir Path dir;

  record Noise(int count, String name, int[] shape) implements Examples {
    Noise(int count, String name) {
      this(count, name, new int[] {6, 6, 1});
    }

    @Override
    public int classes() {
      return 2;
    }

    @Override
    public int label(int i) {
      return i % 2;
    }

    @Override
    public void read(int i, double[] into, int offset) {
      RandomStream stream = RandomStream.of(1, name);
      for (int k = 0; k < size(); k++) {
        into[offset + k] = stream.normal((long) size() * i + k);
      }
    }
  }

  private static double[] values(Examples x) {
    double[] values = new double[x.count() * x.size()];
    for (int i = 0; i < x.count(); i++) {
      x.read(i, values, i * x.size());
    }
    return values;
  }

  private static EmpiricalNtk ntk(GraphModel model) {
    return EmpiricalNtk.of(model);
  }

  private static GraphModel model(Precision precision) {
    return NETWORK.build(new int[] {6, 6, 1}, precision, 4, DeviceChoice.AUTO);
  }

  static double[] read(KernelStore store) {
    KernelLayout layout = store.layout();
    int columns = (int) layout.columns();
    double[] all = new double[(int) layout.rows() * columns];
    store.readRows((row, values) -> System.arraycopy(values, 0, all, (int) row * columns, columns));
    return all;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 2", "4, 4", "5, 3", "11, 4", "11, 11"})
  void tilesAndPanelsDoNotChangeTheKernel(int tile, int panel) {
    Examples x = new Noise(11, "x");
    Examples y = new Noise(7, "y");
    try (GraphModel model = model(Precision.FLOAT64);
        EmpiricalNtk ntk = ntk(model)) {
      KernelStore self = create("self", 11, 11, tile, true);
      ntk.tiled(x, null, self, plan(panel), 1).compute((t, done, total) -> {});
      double[] whole = ntk.matrix(values(x), 11, values(x), 11);
      ReferenceKernelTest.assertClose(whole, read(self), 1e-13, "self");
      KernelStore cross = create("cross", 7, 11, tile, false);
      ntk.tiled(y, x, cross, plan(panel), 4).compute((t, done, total) -> {});
      double[] block = ntk.matrix(values(y), 7, values(x), 11);
      for (int i = 0; i < block.length; i++) {
        block[i] /= 4;
      }
      ReferenceKernelTest.assertClose(block, read(cross), 1e-13, "cross");
    }
  }

  @Test
  void theKernelIsExactlySymmetric() {
    Examples x = new Noise(11, "x");
    try (GraphModel model = model(Precision.FLOAT32);
        EmpiricalNtk ntk = ntk(model)) {
      KernelStore store = create("symmetric", 11, 11, 4, true);
      ntk.tiled(x, null, store, plan(3), 1).compute((t, done, total) -> {});
      double[] k = read(store);
      for (int r = 0; r < 22; r++) {
        for (int c = 0; c < r; c++) {
          assertEquals(k[r * 22 + c], k[c * 22 + r]);
        }
      }
    }
  }

  @Test
  void aStoppedRunGoesOnToTheSameBytesAndRepairsDamage() throws IOException {
    Examples x = new Noise(11, "x");
    try (GraphModel model = model(Precision.FLOAT32);
        EmpiricalNtk ntk = ntk(model)) {
      KernelStore whole = create("whole", 11, 11, 3, true);
      ntk.tiled(x, null, whole, plan(2), 1).compute((t, done, total) -> {});
      KernelStore stopped = create("stopped", 11, 11, 3, true);
      TiledKernel first = ntk.tiled(x, null, stopped, plan(2), 1);
      assertThrows(
          IllegalStateException.class,
          () ->
              first.compute(
                  (t, done, total) -> {
                    if (done == 4) {
                      throw new IllegalStateException("killed");
                    }
                  }));
      List<String> computed = new ArrayList<>();
      ntk.tiled(x, null, stopped, plan(2), 1)
          .compute((t, done, total) -> computed.add(t + " " + done + "/" + total));
      assertEquals(6, computed.size());
      assertEquals("tile (1, 1) 1/6", computed.get(0));
      assertEquals(whole.contentHash(), stopped.contentHash());

      Path chunk = dir.resolve("stopped").resolve("c/0/2");
      byte[] bytes = Files.readAllBytes(chunk);
      bytes[5] ^= 1;
      Files.write(chunk, bytes);
      assertEquals(KernelStore.ChunkState.CORRUPT, stopped.check(0, 2));
      computed.clear();
      ntk.tiled(x, null, stopped, plan(2), 1)
          .compute((t, done, total) -> computed.add(t.toString()));
      assertEquals(List.of("tile (0, 2)"), computed);
      assertEquals(whole.contentHash(), stopped.contentHash());
      assertArrayEquals(read(whole), read(stopped));
    }
  }

  @Test
  void aValueThatIsNotFiniteNamesItsTile() {
    Examples x = new Noise(4, "x");
    try (GraphModel model = model(Precision.FLOAT32);
        EmpiricalNtk ntk = ntk(model)) {
      double[] kernel = model.values().get("dense0/kernel");
      kernel[0] = Double.NaN;
      model.assign(Map.of("dense0/kernel", kernel));
      KernelStore store = create("nan", 4, 4, 2, true);
      TiledKernel tiled = ntk.tiled(x, null, store, plan(2), 1);
      RuntimeException e =
          assertThrows(RuntimeException.class, () -> tiled.compute((t, done, total) -> {}));
      assertTrue(e.getMessage().contains("tile (0, 0)"), e.getMessage());
    }
  }

  @Test
  void plansFitTheirMemoryOrAreRefused() {
    try (GraphModel model = model(Precision.FLOAT32);
        EmpiricalNtk ntk = ntk(model)) {
      for (long kib : new long[] {64, 256, 1024, 1 << 20}) {
        TilePlan plan = ntk.plan(1000, kib << 10, 0, false);
        assertTrue(plan.bytes() <= kib << 10, plan::toString);
        assertTrue(plan.batch() <= plan.tile() && plan.batch() > 0, plan::toString);
      }
      UserException e = assertThrows(UserException.class, () -> ntk.plan(1000, 1000, 0, false));
      assertTrue(e.getMessage().contains("memory is too small"), e.getMessage());
      assertThrows(UserException.class, () -> ntk.plan(1000, 100_000, 500, false));
      assertEquals(500, ntk.plan(1000, 1L << 30, 500, false).tile());
    }
  }

  private static TilePlan plan(int batch) {
    return new TilePlan(0, batch, 2, 1, 1 << 12, 0);
  }

  private KernelStore create(String name, int rows, int columns, int tile, boolean symmetric) {
    KernelLayout layout = new KernelLayout(rows, columns, 2, tile, symmetric, StorageType.FLOAT64);
    return KernelStore.create(dir.resolve(name), layout, Map.of());
  }
}
