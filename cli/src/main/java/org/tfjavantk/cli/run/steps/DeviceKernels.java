package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;

/** The kernel of one model, on each device that takes part. */
final class DeviceKernels implements AutoCloseable {
  private final List<GraphModel> models = new ArrayList<>();
  private final List<EmpiricalNtk> kernels = new ArrayList<>();

  /**
   * Builds them.
   *
   * @param build makes the model, the same for every choice of a device
   */
  DeviceKernels(List<DeviceChoice> devices, Function<DeviceChoice, GraphModel> build) {
    try {
      for (DeviceChoice device : devices) {
        GraphModel model = build.apply(device);
        models.add(model);
        kernels.add(EmpiricalNtk.of(model));
      }
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  List<GraphModel> models() {
    return models;
  }

  List<EmpiricalNtk> all() {
    return kernels;
  }

  EmpiricalNtk first() {
    return kernels.get(0);
  }

  @Override
  public void close() {
    kernels.forEach(EmpiricalNtk::close);
    models.forEach(GraphModel::close);
  }
}
