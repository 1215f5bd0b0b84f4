package org.tfjavantk.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;

class DeviceChoiceTest {
  private static final int[] IMAGE = {32, 32, 3};
  private static final DeviceChoice TWO = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1));

  private static GraphModel lenet(DeviceChoice device) {
    return Networks.lenet(3, Parametrization.STANDARD).build(IMAGE, Precision.FLOAT32, 1, device);
  }

  private static double[] image() {
    double[] x = new double[32 * 32 * 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.sin(i);
    }
    return x;
  }

  /** Where the operations were that one run took. */
  private static Set<String> devicesOfARun(GraphModel model) {
    RunOptions options = RunOptions.newBuilder().setOutputPartitionGraphs(true).build();
    try (Tensor x = model.inputTensor(image(), 1);
        Result result =
            model
                .session()
                .runner()
                .setOptions(options)
                .feed(model.onlyInput().placeholder(), x)
                .fetch(model.output())
                .runAndFetchMetadata()) {
      RunMetadata metadata = result.getMetadata().orElseThrow();
      Set<String> devices = new HashSet<>();
      for (GraphDef partition : metadata.getPartitionGraphsList()) {
        for (NodeDef node : partition.getNodeList()) {
          // Feeds, fetches and what lies between devices begin with an underscore.
          if (!node.getOp().startsWith("_")) {
            devices.add(node.getDevice().replaceFirst(".*/device:", ""));
          }
        }
      }
      return devices;
    }
  }

  @Test
  void aModelRunsOnItsOwnDevice() {
    double[] expected;
    try (GraphModel model = lenet(DeviceChoice.AUTO)) {
      expected = model.predict(image(), 1);
    }
    List<DeviceChoice> each = TWO.each();
    assertEquals(2, each.size());
    for (int k = 0; k < 2; k++) {
      try (GraphModel model = lenet(each.get(k))) {
        assertEquals(Set.of("CPU:" + k), devicesOfARun(model));
        assertArrayEquals(expected, model.predict(image(), 1));
      }
    }
  }

  @Test
  void withoutAListThereIsOneDevice() {
    assertEquals(List.of(DeviceChoice.AUTO), DeviceChoice.AUTO.each());
    assertEquals("", DeviceChoice.AUTO.device());
    assertFalse(Devices.list(DeviceChoice.AUTO).isEmpty());
    assertEquals("CPU:0", Devices.list(DeviceChoice.AUTO).get(0).name());
  }

  @Test
  void autoIsDecidedWhereDevicesAreListed() {
    boolean gpu = Devices.gpus(DeviceChoice.AUTO) > 0;
    DeviceChoice first = new DeviceChoice(DeviceChoice.Kind.AUTO, 0, List.of(0)).resolved();
    assertEquals(gpu ? "/device:GPU:0" : "/device:CPU:0", first.device());
  }

  @Test
  void aDeviceThatIsNotThereIsRefused() {
    List<String> messages = new ArrayList<>();
    for (DeviceChoice.Kind kind : DeviceChoice.Kind.values()) {
      DeviceChoice choice = new DeviceChoice(kind, 0, List.of(0, 99));
      UserException e = assertThrows(UserException.class, () -> lenet(choice));
      messages.add(e.getMessage());
    }
    assertTrue(
        messages.get(1).contains("there is no CPU:99; TensorFlow has 2 devices"),
        messages::toString);
    assertTrue(messages.get(2).contains("there is no GPU:"), messages::toString);
    assertThrows(
        IllegalArgumentException.class,
        () -> new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(1, 1)));
  }
}
