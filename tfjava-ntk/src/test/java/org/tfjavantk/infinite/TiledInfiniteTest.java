package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

/** Every way to compute tiles against the plain recursion in memory. */
class TiledInfiniteTest {
  private static final Parametrization P = new Parametrization.Ntk(1.3, 0.2);
  private static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);
  private static final List<KernelKind> BOTH = List.of(KernelKind.NTK, KernelKind.NNGP);

  @TempDir private Path folder;

  /** Normal images, the last of which are nearly the first. */
  private record Images(int count, long seed) implements Examples {
    @Override
    public int[] shape() {
      return new int[] {6, 5, 2};
    }

    @Override
    public int count() {
      return count;
    }

    @Override
    public int classes() {
      return 1;
    }

    @Override
    public int label(int example) {
      return 0;
    }

    @Override
    public void read(int example, double[] into, int at) {
      boolean near = example >= count - 2;
      RandomStream stream = RandomStream.of(seed, "image" + (near ? 0 : example));
      for (int i = 0; i < size(); i++) {
        into[at + i] = stream.normal(i) + (near ? 1e-4 * Math.sin(i * example) : 0);
      }
    }
  }

  private static double[] all(Examples examples) {
    double[] x = new double[examples.count() * examples.size()];
    for (int i = 0; i < examples.count(); i++) {
      examples.read(i, x, i * examples.size());
    }
    return x;
  }

  private static Layer conv() {
    return new Layer.Conv(4, 3, 1, 1, true, P);
  }

  private static Layer dense() {
    return new Layer.Dense(4, true, P);
  }

  static Stream<Network> networks() {
    return Stream.of(
        new Network("mlp", List.of(new Layer.Flatten(), dense(), RELU, dense(), RELU, dense())),
        new Network("linear", List.of(new Layer.Flatten(), dense(), dense(), RELU, dense())),
        new Network("flat", List.of(conv(), RELU, conv(), RELU, new Layer.Flatten(), dense())),
        new Network(
            "pooled",
            List.of(
                conv(),
                RELU,
                new Layer.AveragePool(2, 2),
                conv(),
                RELU,
                new Layer.GlobalAveragePool(),
                dense())),
        new Network(
            "erf",
            List.of(
                new Layer.Conv(4, 3, 2, 1, true, P),
                new Layer.Nonlinearity(Activation.ERF),
                new Layer.Residual(List.of(conv()), List.of()),
                new Layer.GlobalAveragePool(),
                dense())));
  }

  private KernelStore[] compute(
      Network network, Examples rows, Examples columns, Precision precision, int tile, String as) {
    InfiniteKernel kernel = InfiniteKernel.of(network, rows.shape());
    return compute(kernel, rows, columns, precision, tile, as);
  }

  private KernelStore[] compute(
      InfiniteKernel kernel,
      Examples rows,
      Examples columns,
      Precision precision,
      int tile,
      String as) {
    InfinitePlan plan = kernel.plan(rows.count(), BOTH, precision, 2L << 30, tile);
    KernelStore[] stores = new KernelStore[2];
    for (int k = 0; k < 2; k++) {
      Examples other = columns == null ? rows : columns;
      StorageType storage =
          precision == Precision.FLOAT32 ? StorageType.FLOAT32 : StorageType.FLOAT64;
      stores[k] =
          KernelStore.openOrCreate(
              folder.resolve(as + BOTH.get(k)),
              new KernelLayout(
                  rows.count(), other.count(), 1, plan.tile(), columns == null, storage),
              java.util.Map.of());
    }
    kernel.tiled(rows, columns, BOTH, List.of(stores), plan).compute((t, done, total) -> {});
    return stores;
  }

  private static double[] values(KernelStore store) {
    List<double[]> rows = new ArrayList<>();
    store.readRows((row, values) -> rows.add(values.clone()));
    return rows.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void everyWayAgreesWithTheRecursion(Network network) {
    Images x = new Images(9, 1);
    Images z = new Images(5, 2);
    InfiniteKernel kernel = InfiniteKernel.of(network, x.shape());
    InfiniteKernel.Values self = kernel.of(all(x));
    InfiniteKernel.Values cross = kernel.of(all(z), all(x));
    for (Precision precision : Precision.values()) {
      double tolerance = precision == Precision.FLOAT32 ? 1e-6 : 1e-10;
      for (int tile : new int[] {1, 4, 16}) {
        String as = precision + "-" + tile;
        KernelStore[] found = compute(network, x, null, precision, tile, as);
        assertRelative(self.ntk(), values(found[0]), tolerance);
        assertRelative(self.nngp(), values(found[1]), tolerance);
        found = compute(network, z, x, precision, tile, as + "-cross");
        assertRelative(cross.ntk(), values(found[0]), tolerance);
        assertRelative(cross.nngp(), values(found[1]), tolerance);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void devicesAgreeWithTheRecursion(Network network) {
    Images x = new Images(9, 1);
    InfiniteKernel kernel = InfiniteKernel.of(network, x.shape());
    InfiniteKernel.Values self = kernel.of(all(x));
    DeviceChoice two = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1));
    KernelStore[] found = compute(kernel.on(two), x, null, Precision.FLOAT32, 3, "devices");
    assertRelative(self.ntk(), values(found[0]), 1e-5);
    assertRelative(self.nngp(), values(found[1]), 1e-5);
  }

  /** Every entry by itself: near-parallel examples are where float32 goes wrong. */
  private static void assertRelative(double[] expected, double[] found, double tolerance) {
    assertEquals(expected.length, found.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance * Math.abs(expected[i]) + 1e-300, "entry " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void kernelsAreSymmetricAndTheSameForAnyTile(Network network) {
    Images x = new Images(7, 3);
    double[] one = values(compute(network, x, null, Precision.FLOAT64, 1, "one")[0]);
    double[] all = values(compute(network, x, null, Precision.FLOAT64, 7, "all")[0]);
    assertRelative(one, all, 1e-10);
    double[] transposed = new double[all.length];
    for (int i = 0; i < all.length; i++) {
      transposed[i] = all[i % 7 * 7 + i / 7];
    }
    assertArrayEquals(all, transposed);
  }

  @Test
  void theKernelOfOneKindAloneIsTheSame() {
    Network network = networks().skip(4).findFirst().orElseThrow();
    Images x = new Images(4, 4);
    KernelStore[] both = compute(network, x, null, Precision.FLOAT64, 2, "both");
    InfiniteKernel kernel = InfiniteKernel.of(network, x.shape());
    List<KernelKind> kinds = List.of(KernelKind.NNGP);
    InfinitePlan plan = kernel.plan(4, kinds, Precision.FLOAT64, 1 << 30, 2);
    KernelStore store =
        KernelStore.openOrCreate(
            folder.resolve("alone"),
            new KernelLayout(4, 4, 1, 2, true, StorageType.FLOAT64),
            java.util.Map.of());
    kernel.tiled(x, null, kinds, List.of(store), plan).compute((t, done, total) -> {});
    assertArrayEquals(values(both[1]), values(store));
  }

  @Test
  void tooLittleMemoryIsRefused() {
    InfiniteKernel kernel =
        InfiniteKernel.of(networks().skip(4).findFirst().orElseThrow(), 32, 32, 3);
    UserException e =
        assertThrows(
            UserException.class, () -> kernel.plan(100, BOTH, Precision.FLOAT64, 1 << 20, 0));
    assertTrue(e.getMessage().contains("raise memory"), e.getMessage());
  }
}
