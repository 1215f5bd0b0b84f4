package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.Place;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;

/** The kernel of one model, with a copy of the model on each device that takes part. */
final class DeviceKernels implements AutoCloseable {
  private final List<GraphModel> models = new ArrayList<>();
  private EmpiricalNtk ntk;

  /**
   * Builds them.
   *
   * @param kinds which matrices
   * @param place where they are contracted
   * @param build makes the model, the same for every choice of a device
   */
  DeviceKernels(
      EmpiricalKinds kinds,
      Place place,
      List<DeviceChoice> devices,
      Function<DeviceChoice, GraphModel> build) {
    try {
      for (DeviceChoice device : devices) {
        models.add(build.apply(device));
      }
      ntk = EmpiricalNtk.of(models, kinds.choice(), kinds.groups(), place);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  List<GraphModel> models() {
    return models;
  }

  /** The model on the first device. */
  GraphModel model() {
    return models.get(0);
  }

  EmpiricalNtk ntk() {
    return ntk;
  }

  @Override
  public void close() {
    if (ntk != null) {
      ntk.close();
    }
    models.forEach(GraphModel::close);
  }
}
