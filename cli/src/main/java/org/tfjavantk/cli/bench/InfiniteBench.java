package org.tfjavantk.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.run.PeakMemory;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfiniteKernel;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.infinite.KernelKind;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.store.TileSums;

/**
 * Times a kernel of infinite width of random inputs.
 *
 * @param stack which network, with ReLU, W_std = √2 and b_std = 0
 * @param depth convolutions, or hidden layers
 * @param n examples
 * @param memory bytes that the job may hold
 * @param store where a store is written, and deleted; null to write nothing
 */
public record InfiniteBench(
    Stack stack, int depth, int n, Precision precision, long memory, long seed, Path store) {
  /** The networks. */
  public enum Stack {
    /** 3 x 3 convolutions, mean of all positions, dense; 32 x 32 x 3. */
    GAP,
    /** 3 x 3 convolutions, all positions, dense; 32 x 32 x 3. */
    FLATTEN,
    /** Myrtle-5; 32 x 32 x 3. */
    MYRTLE,
    /** Hidden dense layers, dense; vectors of 784. */
    DENSE
  }

  private static final Parametrization HE = new Parametrization.Ntk(Math.sqrt(2), 0);

  private Network network() {
    return switch (stack) {
      case GAP -> Networks.cnn(depth, 1, 3, true, 1, HE);
      case FLATTEN -> Networks.cnn(depth, 1, 3, false, 1, HE);
      case MYRTLE -> Networks.myrtle5(1, 1, HE);
      case DENSE -> Networks.mlp(Collections.nCopies(depth, 1), Activation.RELU, 1, HE);
    };
  }

  private int[] shape() {
    return stack == Stack.DENSE ? new int[] {784} : new int[] {32, 32, 3};
  }

  /**
   * Runs the job once, after a small one in which Java compiles its loops.
   *
   * @return what was measured, by name
   */
  public Map<String, Object> run() {
    List<KernelKind> kinds = List.of(KernelKind.NTK);
    InfiniteKernel kernel = InfiniteKernel.of(network(), shape());
    InfinitePlan plan = kernel.plan(n, kinds, precision, memory, 0);
    Memory.require(plan.bytes(), "the kernel", "take less with --memory");
    Examples examples = new NormalExamples(n, shape(), seed);
    Examples warmUp =
        new NormalExamples(Math.min(n, stack == Stack.DENSE ? 1024 : 16), shape(), seed + 1);
    for (int i = 0; i < 2; i++) {
      kernel.tiled(warmUp, null, kinds, List.of(sums(warmUp, plan)), plan).compute((t, d, a) -> {});
    }
    Floor floor = stack == Stack.DENSE && store != null ? floor() : null;
    TileSink sink = store == null ? sums(examples, plan) : store(plan);
    long start = System.nanoTime();
    kernel.tiled(examples, null, kinds, List.of(sink), plan).compute((tile, done, total) -> {});
    double seconds = (System.nanoTime() - start) * 1e-9;
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("stack", stack.name().toLowerCase(Locale.ROOT));
    fields.put("depth", stack == Stack.MYRTLE ? 4 : depth);
    fields.put("n", n);
    fields.put("precision", precision.name().toLowerCase(Locale.ROOT));
    fields.put("seconds", seconds);
    fields.put("ms_per_pair", 1e3 * seconds / (n * (n + 1.0) / 2));
    fields.put("peak_rss_bytes", PeakMemory.bytes());
    fields.put("memory", memory);
    fields.put("planned_bytes", plan.bytes());
    fields.put("tile", plan.tile());
    fields.put("threads", plan.threads());
    if (sink instanceof TileSums sums) {
      fields.put("checksum", sums.sum());
    }
    if (floor != null) {
      fields.put("product_seconds", floor.product());
      fields.put("write_seconds", floor.write());
      fields.put("times_of_product_and_write", seconds / (floor.product() + floor.write()));
    }
    fields.put("seed", seed);
    EmpiricalBench.addProgram(fields);
    delete();
    return fields;
  }

  private TileSums sums(Examples examples, InfinitePlan plan) {
    return new TileSums(layout(examples.count(), plan));
  }

  private KernelLayout layout(int count, InfinitePlan plan) {
    StorageType storage =
        precision == Precision.FLOAT32 ? StorageType.FLOAT32 : StorageType.FLOAT64;
    return new KernelLayout(count, count, 1, Math.min(count, plan.tile()), true, storage);
  }

  private KernelStore store(InfinitePlan plan) {
    return KernelStore.openOrCreate(store.resolve("kernel.zarr"), layout(n, plan), Map.of());
  }

  private void delete() {
    if (store != null) {
      try {
        AtomicFiles.delete(store.resolve("kernel.zarr"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What cannot be avoided: seconds of the product X Xᵀ, and of writing so many bytes. */
  private record Floor(double product, double write) {}

  private Floor floor() {
    int d = shape()[0];
    double product;
    int side = Math.min(n, 2500);
    long start;
    try (NativeArray x = NativeArray.zeros(precision, (long) n * d);
        NativeArray k = NativeArray.zeros(precision, (long) side * n)) {
      View all = new View(x, 0, d);
      start = System.nanoTime();
      for (int row = 0; row < n; row += side) {
        int rows = Math.min(side, n - row);
        View some = new View(x, (long) row * d, d);
        NativeArray.timesTransposed(rows, n, d, some, all, 0, new View(k, 0, n));
      }
      product = (System.nanoTime() - start) * 1e-9;
    }
    byte[] block = new byte[8 << 20];
    long bytes = (long) n * n * precision.bytes();
    Path file = store.resolve("written");
    try {
      Files.createDirectories(store);
      start = System.nanoTime();
      try (var out = Files.newByteChannel(file, WRITE)) {
        for (long at = 0; at < bytes; at += block.length) {
          int some = (int) Math.min(block.length, bytes - at);
          out.write(java.nio.ByteBuffer.wrap(block, 0, some));
        }
      }
      double write = (System.nanoTime() - start) * 1e-9;
      Files.delete(file);
      return new Floor(product, write);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final java.util.Set<java.nio.file.StandardOpenOption> WRITE =
      java.util.Set.of(
          java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE);
}
