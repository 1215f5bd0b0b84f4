package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

/** A kernel is the same wherever it is contracted. */
class PlaceTest {
  private static final int N = 11;
  private static final int OUTPUTS = OutputChoiceTest.OUTPUTS;
  private static final Examples X = new TiledKernelTest.Noise(N, "x", new int[] {6, 6, 2});
  private static final Examples Y = new TiledKernelTest.Noise(5, "y", new int[] {6, 6, 2});

  @TempDir Path dir;

  private List<double[]> kernel(
      int devices, Pairing pairing, Place place, boolean symmetric, long memory, String name) {
    return kernel(OutputChoiceTest.NETWORK, devices, pairing, place, symmetric, memory, name);
  }

  private List<double[]> kernel(
      Network network,
      int devices,
      Pairing pairing,
      Place place,
      boolean symmetric,
      long memory,
      String name) {
    DeviceChoice choice =
        new DeviceChoice(DeviceChoice.Kind.CPU, 0, devices == 1 ? List.of() : List.of(0, 1));
    List<GraphModel> models = new ArrayList<>();
    for (DeviceChoice device : choice.each()) {
      models.add(network.build(OutputChoiceTest.IMAGE, Precision.FLOAT64, 1, device));
    }
    OutputChoice outputs = OutputChoice.of(pairing);
    List<ParameterGroup> groups =
        List.of(
            new ParameterGroup("convolutions", List.of("conv0/kernel", "conv1/kernel")),
            new ParameterGroup("a layer", List.of("dense0/kernel", "dense0/bias")));
    List<KernelStore> stores = new ArrayList<>();
    try (EmpiricalNtk ntk = EmpiricalNtk.of(models, outputs, groups, place)) {
      KernelLayout layout =
          new KernelLayout(
              symmetric ? N : Y.count(),
              N,
              outputs.rows(models.get(0).outputs()),
              4,
              symmetric,
              StorageType.FLOAT64);
      for (int k = 0; k < ntk.matrices(); k++) {
        stores.add(KernelStore.openOrCreate(dir.resolve(name + k), layout, Map.of()));
      }
      TilePlan plan = new TilePlan(4, 3, 2, devices, memory, 0);
      ntk.tiled(symmetric ? X : Y, symmetric ? null : X, stores, plan, 2)
          .compute((tile, done, total) -> {});
    } finally {
      models.forEach(GraphModel::close);
    }
    return stores.stream().map(TiledKernelTest::read).toList();
  }

  /** With few positions and many channels and outputs, the middle layer goes by tangents. */
  private static final Network WIDE =
      new Network(
          "wide",
          List.of(
              new Layer.Conv(64, 3, 2, 1, true, Parametrization.STANDARD),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.Conv(64, 3, 1, 1, true, Parametrization.STANDARD),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.Flatten(),
              new Layer.Dense(10, true, Parametrization.STANDARD)));

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tangentsOnTheDeviceAreThoseOnTheProcessor(boolean symmetric) {
    try (GraphModel model =
            WIDE.build(OutputChoiceTest.IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertTrue(
          ntk.routes().stream()
              .anyMatch(r -> r.parameter().equals("conv1/kernel") && r.route().equals("tangent")));
    }
    List<double[]> expected =
        kernel(WIDE, 1, Pairing.FULL, Place.PROCESSOR, symmetric, 1 << 30, "expected");
    for (long memory : new long[] {1 << 12, 1 << 30}) {
      List<double[]> actual =
          kernel(WIDE, 2, Pairing.FULL, Place.DEVICE, symmetric, memory, "of" + memory);
      for (int k = 0; k < expected.size(); k++) {
        ReferenceKernelTest.assertClose(expected.get(k), actual.get(k), 1e-12, "kernel " + k);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "FULL, true, 1",
    "FULL, false, 1",
    "TRACE, true, 1",
    "TRACE, false, 1",
    "DIAGONAL, true, 1",
    "DIAGONAL, false, 1",
    "FULL, true, 2"
  })
  void theDeviceFindsWhatTheProcessorFinds(Pairing pairing, boolean symmetric, int devices) {
    List<double[]> expected = kernel(1, pairing, Place.PROCESSOR, symmetric, 1 << 30, "expected");
    for (long memory : new long[] {1 << 12, 1 << 30}) {
      List<double[]> actual =
          kernel(devices, pairing, Place.DEVICE, symmetric, memory, "of" + memory);
      assertEquals(expected.size(), actual.size());
      for (int k = 0; k < expected.size(); k++) {
        ReferenceKernelTest.assertClose(expected.get(k), actual.get(k), 1e-12, "matrix " + k);
      }
    }
  }

  @Test
  void groupsAddUp() {
    List<double[]> groups = kernel(1, Pairing.FULL, Place.PROCESSOR, true, 1 << 30, "groups");
    assertEquals(2, groups.size());
    assertTrue(groups.get(0)[0] != groups.get(1)[0]);
    try (GraphModel model =
            OutputChoiceTest.NETWORK.build(
                OutputChoiceTest.IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      double[] x = new double[N * X.size()];
      for (int i = 0; i < N; i++) {
        X.read(i, x, i * X.size());
      }
      double[] sum = new double[N * OUTPUTS * N * OUTPUTS];
      ntk.matrixByParameter(x, N, x, N)
          .forEach(
              (name, part) -> {
                if (name.startsWith("dense0/")) {
                  for (int k = 0; k < sum.length; k++) {
                    sum[k] += part[k] / 2;
                  }
                }
              });
      ReferenceKernelTest.assertClose(sum, groups.get(1), 1e-12, "dense0");
    }
  }
}
