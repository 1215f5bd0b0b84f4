package org.tfjavantk.cli.run.steps;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.tensorflow.proto.DataType;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.Network;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.NetworkShape;
import org.tfjavantk.graphs.ParameterSpec;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.load.FlatModel;

/** The network of a run as a model: of layers, or from a file; the last file read is kept. */
final class RunModels {
  private record Key(Network network, List<Integer> shape, int classes) {}

  private Network read;
  private FlatModel file;
  private Key key;
  private Facts facts;

  /** The file of the run's network; empty if it is one of layers. */
  Optional<FlatModel> file(Run run) {
    if (!run.getNetwork().equals(read)) {
      file = null;
      file = Build.file(run).orElse(null);
      read = run.getNetwork();
    }
    return Optional.ofNullable(file);
  }

  /** The network on the first device of the run. */
  GraphModel build(Run run, Dataset data, Optional<Precision> precision) {
    return build(run, data, precision, Build.device(run));
  }

  /**
   * The network in inference mode, with its initial parameters or those of its file. The caller
   * closes it.
   *
   * @param precision empty for float32, or for the type of the file's parameters
   */
  GraphModel build(Run run, Dataset data, Optional<Precision> precision, DeviceChoice device) {
    int[] shape = data.train().shape();
    Optional<FlatModel> flat = file(run);
    if (flat.isPresent()) {
      Precision chosen = precision.orElseGet(() -> ownPrecision(flat.get()));
      return flat.get().in(chosen).build(Build.networkName(run), shape, device);
    }
    return Build.network(run, data.classNames().size())
        .build(shape, precision.orElse(Precision.FLOAT32), Build.trainingSeed(run), device);
  }

  /**
   * What is known of a network without its kernel.
   *
   * @param outputs how many
   * @param parameters the names of the trainable ones
   */
  record Facts(int outputs, List<String> parameters) {}

  /** The outputs and the parameters of the network; those of the last one asked for are kept. */
  Facts facts(Run run, Dataset data) {
    Key wanted =
        new Key(
            run.getNetwork(),
            Arrays.stream(data.train().shape()).boxed().toList(),
            data.classNames().size());
    if (!wanted.equals(key)) {
      facts = count(run, data);
      key = wanted;
    }
    return facts;
  }

  private Facts count(Run run, Dataset data) {
    if (file(run).isPresent()) {
      try (GraphModel model = build(run, data, Optional.empty())) {
        return new Facts(model.outputs(), model.parameters().stream().map(p -> p.name()).toList());
      }
    }
    NetworkShape shape = Build.network(run, data.classNames().size()).shape(data.train().shape());
    return new Facts(
        shape.output()[0],
        shape.parameters().stream()
            .filter(ParameterSpec::trainable)
            .map(ParameterSpec::name)
            .toList());
  }

  /** What the network is, the initial parameters of a file included. */
  String fingerprint(Run run) {
    Fingerprint fingerprint = new Fingerprint();
    Optional<FlatModel> flat = file(run);
    if (flat.isEmpty()) {
      return fingerprint.add("network", run.getNetwork()).hex();
    }
    fingerprint.add("graph", flat.get().graph());
    flat.get().outputs().forEach(port -> fingerprint.add("output", port.tensor()));
    flat.get().inputs().forEach(port -> fingerprint.add("input", port.tensor()));
    flat.get()
        .variables()
        .forEach(
            variable -> {
              byte[] values = new byte[variable.values().bytes().remaining()];
              variable.values().bytes().get(values);
              fingerprint.add(variable.name() + " " + variable.trainable(), values);
            });
    return fingerprint.hex();
  }

  /** What is to be said of how the file was read. */
  List<String> notes(Run run) {
    return file(run).map(FlatModel::notes).orElse(List.of());
  }

  private static Precision ownPrecision(FlatModel flat) {
    boolean wide = flat.parameters().stream().anyMatch(v -> v.dtype() == DataType.DT_DOUBLE);
    return wide ? Precision.FLOAT64 : Precision.FLOAT32;
  }
}
