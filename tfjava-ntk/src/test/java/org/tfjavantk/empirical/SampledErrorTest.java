package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

class SampledErrorTest {
  private static final int N = 9;
  private static final Examples X = new TiledKernelTest.Noise(N, "x", new int[] {6, 6, 2});

  @TempDir Path dir;

  private SampledError error(Precision precision, Pairing pairing, double wrong) {
    OutputChoice choice = OutputChoice.of(pairing);
    StorageType storage =
        precision == Precision.FLOAT32 ? StorageType.FLOAT32 : StorageType.FLOAT64;
    KernelLayout layout =
        new KernelLayout(N, N, choice.rows(OutputChoiceTest.OUTPUTS), 4, true, storage);
    try (GraphModel model = model(precision);
        GraphModel exact = model(Precision.FLOAT64);
        EmpiricalNtk ntk = EmpiricalNtk.of(model, choice);
        EmpiricalNtk reference = EmpiricalNtk.of(exact, choice)) {
      exact.assign(model.values());
      List<KernelStore> stores =
          IntStream.range(0, ntk.matrices())
              .mapToObj(k -> KernelStore.create(dir.resolve("k" + k), layout, Map.of()))
              .toList();
      TilePlan plan = new TilePlan(4, 3, 2, 1, 1 << 20, 0);
      ntk.tiled(X, null, stores, plan, 2 * (1 + wrong)).compute((tile, done, total) -> {});
      return SampledError.of(reference, X, stores, 4, 2);
    }
  }

  private static GraphModel model(Precision precision) {
    return OutputChoiceTest.NETWORK.build(OutputChoiceTest.IMAGE, precision, 1, DeviceChoice.AUTO);
  }

  @ParameterizedTest
  @CsvSource({"FULL, 256", "TRACE, 16", "DIAGONAL, 64"})
  void theErrorIsThatOfTheArithmetic(Pairing pairing, long entries) {
    SampledError exact = error(Precision.FLOAT64, pairing, 0);
    assertEquals(entries, exact.entries());
    assertEquals(4, exact.examples());
    assertTrue(exact.relative() < 1e-14, exact::toString);
    assertTrue(exact.largest() < 1e-14, exact::toString);
  }

  @ParameterizedTest
  @CsvSource({"FULL", "TRACE", "DIAGONAL"})
  void singlePrecisionIsSeen(Pairing pairing) {
    SampledError single = error(Precision.FLOAT32, pairing, 0);
    assertTrue(single.relative() > 1e-9 && single.relative() < 1e-5, single::toString);
  }

  @ParameterizedTest
  @CsvSource({"FULL", "TRACE", "DIAGONAL"})
  void aWrongKernelIsSeen(Pairing pairing) {
    SampledError wrong = error(Precision.FLOAT64, pairing, 0.01);
    assertEquals(0.01 / 1.01, wrong.relative(), 1e-9);
    assertEquals(0.01 / 1.01, wrong.largest(), 1e-9);
  }
}
