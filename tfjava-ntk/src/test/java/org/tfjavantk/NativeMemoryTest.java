package org.tfjavantk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.data.Augmentation;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.train.EpochMetrics;
import org.tfjavantk.train.Loss;
import org.tfjavantk.train.Optimizer;
import org.tfjavantk.train.Schedule;
import org.tfjavantk.train.TrainListener;
import org.tfjavantk.train.TrainSpec;
import org.tfjavantk.train.Trainer;

/**
 * The main path again and again: native memory must not grow. Java's collector frees what was
 * forgotten, some time; so it is pointers that are counted, before it gets to see them.
 */
class NativeMemoryTest {
  private static final int INPUTS = 40;

  /** Of the pointers that a forgotten tensor would leave in so many rounds. */
  private static final double ALLOWED = 0.05;

  @TempDir private Path folder;

  private record Waves(int count) implements Examples {
    @Override
    public int[] shape() {
      return new int[] {INPUTS};
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
      for (int k = 0; k < INPUTS; k++) {
        into[offset + k] = Math.sin(i + k * k);
      }
    }
  }

  private interface Round {
    void run() throws IOException;
  }

  /** Fails if the rounds leave pointers behind, or memory of the process. */
  private static void assertNothingIsLeft(int rounds, Round round) throws IOException {
    for (int k = 0; k < 10; k++) {
      round.run();
    }
    long pointers = Pointer.totalCount();
    long bytes = Pointer.physicalBytes();
    for (int k = 0; k < rounds; k++) {
      round.run();
    }
    long more = Pointer.totalCount() - pointers;
    assertTrue(more < ALLOWED * rounds, more + " pointers left by " + rounds + " rounds");
    long grown = Pointer.physicalBytes() - bytes;
    assertTrue(grown < 200L << 20, grown + " bytes left by " + rounds + " rounds");
  }

  private static double[] values(int n) {
    double[] x = new double[n * INPUTS];
    for (int i = 0; i < n; i++) {
      new Waves(n).read(i, x, i * INPUTS);
    }
    return x;
  }

  @Test
  void kernelsOfOneModel() throws IOException {
    Network network =
        Networks.mlp(List.of(16), Activation.TANH, 2, new Parametrization.Ntk(1, 0.1));
    double[] x = values(3);
    try (GraphModel model =
            network.build(new int[] {INPUTS}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertNothingIsLeft(
          1_000,
          () -> {
            model.assign(model.values());
            model.predict(x, 3);
            ntk.matrix(x, 3, x, 3);
            ntk.matrixByParameter(x, 3, x, 3);
          });
    }
  }

  @Test
  void tilesOfOneStore() throws IOException {
    Network network = Networks.logistic(2, Parametrization.STANDARD);
    KernelLayout layout = new KernelLayout(5, 5, 2, 2, true, StorageType.FLOAT32);
    KernelStore store = KernelStore.create(folder.resolve("k.zarr"), layout, java.util.Map.of());
    try (GraphModel model =
            network.build(new int[] {INPUTS}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertNothingIsLeft(
          200,
          () -> {
            ntk.tiled(new Waves(5), null, store, ntk.plan(5, 1 << 20, 3, true), 1)
                .compute((tile, done, of) -> {});
            Files.delete(folder.resolve("k.zarr/c/0/1"));
            Files.delete(folder.resolve("k.zarr/c/1/1"));
          });
    }
  }

  @Test
  void tilesThatFail() throws IOException {
    Network network = Networks.logistic(2, Parametrization.STANDARD);
    KernelLayout layout = new KernelLayout(5, 5, 2, 4, true, StorageType.FLOAT32);
    KernelStore store = KernelStore.create(folder.resolve("f.zarr"), layout, java.util.Map.of());
    Examples broken =
        new Examples() {
          private final Waves waves = new Waves(5);

          @Override
          public int count() {
            return 5;
          }

          @Override
          public int[] shape() {
            return waves.shape();
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
            if (i == 2) {
              throw new IllegalStateException("unreadable");
            }
            waves.read(i, into, offset);
          }
        };
    try (GraphModel model =
            network.build(new int[] {INPUTS}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertNothingIsLeft(
          200,
          () -> {
            try {
              ntk.tiled(broken, null, store, ntk.plan(5, 1 << 20, 3, true), 1)
                  .compute((tile, done, of) -> {});
            } catch (IllegalStateException e) {
              return;
            }
            throw new AssertionError("it is unreadable");
          });
    }
  }

  @Test
  void trainingsOfOneModel() throws IOException {
    Network network =
        new Network(
            "bn",
            List.of(new Layer.BatchNorm(), new Layer.Dense(2, true, Parametrization.STANDARD)));
    Dataset data =
        new Dataset("waves", List.of("a", "b"), new Waves(12), new Waves(3), new Waves(5));
    TrainListener silent =
        new TrainListener() {
          @Override
          public void batch(int epoch, int examples, int total) {}

          @Override
          public void epoch(EpochMetrics metrics) {}
        };
    Optimizer adam = new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8, 0, Schedule.CONSTANT);
    TrainSpec spec =
        new TrainSpec(
            1, 4, Loss.CROSS_ENTROPY, adam, 0, Augmentation.none(), new double[INPUTS], 1);
    Path checkpoint = folder.resolve("c.npz");
    try (GraphModel model =
        network.build(new int[] {INPUTS}, Precision.FLOAT32, 1, DeviceChoice.AUTO)) {
      Trainer trainer = new Trainer(model, spec);
      assertNothingIsLeft(
          200,
          () -> {
            trainer.run(data, checkpoint, silent);
            Files.delete(checkpoint);
          });
    }
  }

  @Test
  void modelsThatAreBuiltAndClosed() throws IOException {
    Network network = Networks.logistic(2, Parametrization.STANDARD);
    double[] x = values(2);
    double[] first = new double[4];
    assertNothingIsLeft(
        100,
        () -> {
          try (GraphModel model =
                  network.build(new int[] {INPUTS}, Precision.FLOAT64, 1, DeviceChoice.AUTO);
              EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
            double[] k = ntk.matrix(x, 2, x, 2);
            assertTrue(Arrays.stream(k).allMatch(Double::isFinite));
            System.arraycopy(k, 0, first, 0, 4);
          }
        });
    assertTrue(first[0] > 0);
  }
}
