package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.function.Function;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.RunCheck;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.UserException;

/** A config that asks for a GPU doesn't quietly get the CPU. */
final class GpuCheck implements RunCheck {
  private final Function<DeviceChoice, List<String>> devices;

  GpuCheck() {
    this(choice -> Machine.describe(choice).devices());
  }

  GpuCheck(Function<DeviceChoice, List<String>> devices) {
    this.devices = devices;
  }

  @Override
  public void check(Run run) {
    DeviceChoice choice = Build.device(run);
    if (choice.kind() != DeviceChoice.Kind.GPU) {
      return;
    }
    List<String> found = devices.apply(choice);
    if (found.stream().noneMatch(device -> device.startsWith("GPU"))) {
      throw new UserException(
          "device.kind: GPU is asked for, but TensorFlow sees only "
              + String.join(", ", found)
              + ". Build with NTK_GPU=1, see that the driver, CUDA and cuDNN are found ('ntk info' lists"
              + " the devices), or take AUTO.");
    }
  }
}
