package org.tfjavantk.cli.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.GemmPeak;

/**
 * How fast the device of a job multiplies matrices, measured now, in operations per second.
 *
 * @param device what the job runs on, "CPU:0" or a GPU
 * @param tensorFlow by TensorFlow
 * @param openBlas by OpenBLAS; 0 where the job runs on a GPU
 */
public record MachineRate(String device, double tensorFlow, double openBlas) {

  private record Key(Precision precision, DeviceChoice choice) {}

  private static final Map<Key, MachineRate> KNOWN = new ConcurrentHashMap<>();

  /** What was measured when this process asked first; measures if it did not yet. */
  public static MachineRate known(Precision precision, DeviceChoice choice) {
    return KNOWN.computeIfAbsent(
        new Key(precision, choice), key -> measure(key.precision(), key.choice()));
  }

  /** Measures; takes two or three seconds. */
  public static MachineRate measure(Precision precision, DeviceChoice choice) {
    String device = device(choice);
    boolean cpu = device.startsWith("CPU");
    return new MachineRate(
        device,
        GemmPeak.tensorFlow(precision, choice),
        cpu ? GemmPeak.openBlas(precision, choice.threads()) : 0);
  }

  /** The faster of the two. */
  public double peak() {
    return Math.max(tensorFlow, openBlas);
  }

  /** The best of two measurements on one device: whatever disturbs one makes it slower. */
  public MachineRate best(MachineRate other) {
    return new MachineRate(
        device, Math.max(tensorFlow, other.tensorFlow), Math.max(openBlas, other.openBlas));
  }

  private static String device(DeviceChoice choice) {
    List<String> devices = Machine.describe(choice).devices();
    return devices.stream()
        .filter(name -> choice.kind() != DeviceChoice.Kind.CPU && !name.startsWith("CPU"))
        .findFirst()
        .orElse("CPU:0");
  }
}
