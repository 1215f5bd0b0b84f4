package org.tfjavantk.graphs;

import org.tensorflow.proto.ConfigProto;

/**
 * Where TensorFlow runs and with how many threads.
 *
 * @param kind AUTO takes a GPU where TensorFlow sees one
 * @param threads threads of one operation; 0 means all cores
 */
public record DeviceChoice(Kind kind, int threads) {
  /** Kinds of device. */
  public enum Kind {
    AUTO,
    CPU,
    GPU
  }

  /** A GPU if there is one; all cores. */
  public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);

  /** TensorFlow's settings for this choice. No reduced-precision path is among them. */
  public ConfigProto config() {
    ConfigProto.Builder config = ConfigProto.newBuilder();
    config.setIntraOpParallelismThreads(threads);
    if (kind == Kind.CPU) {
      config.putDeviceCount("GPU", 0);
    }
    config.setAllowSoftPlacement(kind != Kind.GPU);
    config.getGpuOptionsBuilder().setAllowGrowth(true);
    return config.build();
  }
}
