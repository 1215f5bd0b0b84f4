package org.tfjavantk.graphs;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Where TensorFlow runs and with how many threads.
 *
 * <p>Several devices of a kind can take part: each gets a model of its own, built with one of the
 * choices that {@link #each} gives, and all operations of that model are placed on that device.
 *
 * @param kind AUTO takes a GPU where TensorFlow sees one
 * @param threads threads of one operation; 0 means all cores
 * @param index the devices of the kind that take part, each once; empty for the first one, on which
 *     TensorFlow then places what it can. Of the CPU there are as many as are listed
 * @param place which of them a model built with this choice lies on, by its position in the list
 */
public record DeviceChoice(Kind kind, int threads, List<Integer> index, int place) {
  /** Kinds of device. */
  public enum Kind {
    AUTO,
    CPU,
    GPU
  }

  /** A GPU if there is one; all cores. */
  public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);

  public DeviceChoice {
    index = List.copyOf(index);
    if (new HashSet<>(index).size() < index.size()) {
      throw new IllegalArgumentException("a device is listed twice: " + index);
    }
    if (place < 0 || place >= Math.max(1, index.size())) {
      throw new IllegalArgumentException("place " + place + " of " + index);
    }
  }

  /** The first device of a kind. */
  public DeviceChoice(Kind kind, int threads) {
    this(kind, threads, List.of());
  }

  /** Some devices of a kind; a model lies on the first of them. */
  public DeviceChoice(Kind kind, int threads, List<Integer> index) {
    this(kind, threads, index, 0);
  }

  /** A choice for each device that takes part: a model that is built with it lies there. */
  public List<DeviceChoice> each() {
    return IntStream.range(0, Math.max(1, index.size()))
        .mapToObj(k -> new DeviceChoice(kind, threads, index, k))
        .toList();
  }

  /**
   * This choice with AUTO decided, if devices are listed.
   *
   * @throws UserException if a listed device does not exist
   */
  public DeviceChoice resolved() {
    if (index.isEmpty()) {
      return this;
    }
    int gpus = kind == Kind.CPU ? 0 : Devices.gpus(this);
    Kind found = kind == Kind.AUTO ? (gpus > 0 ? Kind.GPU : Kind.CPU) : kind;
    // As many CPU devices as are listed are made; how many GPUs there are cannot be chosen.
    int there = found == Kind.GPU ? gpus : index.size();
    for (int i : index) {
      if (i < 0 || i >= there) {
        throw new UserException(
            String.format(
                "device.index: there is no %s:%d; TensorFlow has %d device%s of this kind, counted from 0%s",
                found,
                i,
                there,
                there == 1 ? "" : "s",
                found == Kind.CPU ? " (of the CPU as many as are listed)" : ""));
      }
    }
    return new DeviceChoice(found, threads, index, place);
  }

  /** Whether this is a GPU. */
  public boolean onGpu() {
    return switch (kind) {
      case CPU -> false;
      case GPU -> true;
      case AUTO -> Devices.gpus(this) > 0;
    };
  }

  /** TensorFlow's settings for this choice. No reduced-precision path is among them. */
  public ConfigProto config() {
    ConfigProto.Builder config = ConfigProto.newBuilder();
    config.setIntraOpParallelismThreads(threads);
    if (kind == Kind.CPU) {
      config.putDeviceCount("GPU", 0);
      config.putDeviceCount("CPU", Math.max(1, index.size()));
    }
    // Of an operation that is placed on a GPU but has no kernel there, TensorFlow must be free to
    // take that of the CPU, as it does where nothing is placed; that the GPU is there was checked.
    config.setAllowSoftPlacement(kind != Kind.GPU || !index.isEmpty());
    config.getGpuOptionsBuilder().setAllowGrowth(true);
    return config.build();
  }

  /** The device of a model by its name in TensorFlow, "/device:GPU:1"; empty if none is listed. */
  public String device() {
    return index.isEmpty() ? "" : "/device:" + kind + ":" + index.get(place);
  }

  /** Makes operations in a graph, on the device of this choice. */
  public Ops ops(Graph graph) {
    Ops tf = Ops.create(graph);
    if (index.isEmpty()) {
      return tf;
    }
    return tf.withDevice(
        DeviceSpec.newBuilder()
            .deviceType(DeviceSpec.DeviceType.valueOf(kind.name()))
            .deviceIndex(index.get(place))
            .build());
  }

  /** The graph with all of its operations on the device of this choice. */
  public GraphDef placed(GraphDef graph) {
    if (index.isEmpty()) {
      return graph;
    }
    GraphDef.Builder placed = graph.toBuilder();
    for (NodeDef.Builder node : placed.getNodeBuilderList()) {
      node.setDevice(device());
    }
    return placed.build();
  }
}
