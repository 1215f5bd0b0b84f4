package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;

/** Where the operations of a kernel are. */
class PlacementTest {
  private static final int[] IMAGE = {8, 8, 3};

  static Stream<Network> networks() {
    return Stream.concat(ZooKernelTest.classifiers(), ZooKernelTest.blocks());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void allOperationsLieOnTheModelsDevice(Network network) {
    DeviceChoice two = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1));
    try (GraphModel model = network.build(IMAGE, Precision.FLOAT32, 5, two.each().get(1));
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertEquals(List.of(), ntk.unrecognised());
      List<String> elsewhere = new ArrayList<>();
      model
          .graph()
          .operations()
          .forEachRemaining(
              operation -> {
                if (!operation.device().endsWith("CPU:1")) {
                  elsewhere.add(operation.name() + " on '" + operation.device() + "'");
                }
              });
      assertEquals(List.of(), elsewhere);
    }
  }

  @ParameterizedTest
  @MethodSource("org.tfjavantk.empirical.ZooKernelTest#blocks")
  void theKernelIsTheSameOnEveryDevice(Network network) {
    double[] x = new double[3 * 192];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.sin(i);
    }
    List<double[]> kernels = new ArrayList<>();
    DeviceChoice two = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1));
    for (DeviceChoice device : two.each()) {
      try (GraphModel model = network.build(IMAGE, Precision.FLOAT32, 5, device);
          EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
        kernels.add(ntk.matrix(x, 3, x, 3));
      }
    }
    assertArrayEquals(kernels.get(0), kernels.get(1));
  }
}
