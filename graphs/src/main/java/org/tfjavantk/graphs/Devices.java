package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;

/** What TensorFlow can compute on. */
public final class Devices {
  private static int gpus = -1;

  private Devices() {}

  /**
   * A device.
   *
   * @param name its kind and its place among those of the kind, "GPU:0"
   * @param memory bytes that TensorFlow would take of it; of a CPU a made-up number
   */
  public record Device(String name, long memory) {}

  /**
   * All devices, "CPU:0" first. The choice is handed on because the first context of a process
   * settles how many threads there are and how a GPU's memory is taken.
   */
  public static List<Device> list(DeviceChoice choice) {
    List<Device> devices = new ArrayList<>();
    try (PointerScope scope = new PointerScope()) {
      scope.getClass();
      TF_Status status = TF_Status.newStatus();
      TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
      BytePointer config = new BytePointer(choice.config().toByteArray());
      tensorflow.TFE_ContextOptionsSetConfig(options, config, config.capacity(), status);
      status.throwExceptionIfNotOK();
      TFE_Context context = TFE_Context.newContext(options, status);
      status.throwExceptionIfNotOK();
      TF_DeviceList list = tensorflow.TFE_ContextListDevices(context, status);
      status.throwExceptionIfNotOK();
      try {
        for (int i = 0; i < tensorflow.TF_DeviceListCount(list); i++) {
          devices.add(device(list, i, status));
        }
      } finally {
        tensorflow.TF_DeleteDeviceList(list);
      }
    }
    return devices;
  }

  /** How many GPUs TensorFlow sees; asked once, as it does not change in a process. */
  static synchronized int gpus(DeviceChoice choice) {
    if (gpus < 0) {
      gpus = (int) list(choice).stream().filter(d -> d.name().startsWith("GPU")).count();
    }
    return gpus;
  }

  /**
   * Whether a GPU was found by a model that wanted to know; does not look itself, because the first
   * look settles how devices are used.
   */
  public static synchronized boolean gpuFound() {
    return gpus > 0;
  }

  private static Device device(TF_DeviceList list, int i, TF_Status status) {
    String name = tensorflow.TF_DeviceListName(list, i, status).getString();
    status.throwExceptionIfNotOK();
    long memory = tensorflow.TF_DeviceListMemoryBytes(list, i, status);
    status.throwExceptionIfNotOK();
    return new Device(name.substring(name.lastIndexOf("device:") + "device:".length()), memory);
  }
}
