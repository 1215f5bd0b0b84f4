package org.tfjavantk.cli.run.steps;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.DatasetSpec;
import org.tfjavantk.data.Datasets;
import org.tfjavantk.data.Examples;
import org.tfjavantk.data.Fingerprint;
import org.tfjavantk.graphs.Network;

/** The examples and the network of a run, read from the config and kept while the process lives. */
final class RunInputs {
  private record Key(DatasetSpec spec, long seed) {}

  private final Map<Key, Dataset> datasets = new HashMap<>();
  private final Map<Examples, String> fingerprints = new HashMap<>();

  Dataset dataset(StepContext context) {
    Run run = context.run();
    Key key = new Key(Build.dataset(run), run.getSeed());
    return datasets.computeIfAbsent(key, k -> Datasets.load(k.spec, k.seed));
  }

  /** The SHA-256 of the examples, as hex. */
  String fingerprint(Examples examples) {
    return fingerprints.computeIfAbsent(examples, Fingerprint::sha256);
  }

  Network network(StepContext context) {
    return Build.network(context.run(), dataset(context).classNames().size());
  }

  /** The file that a train step leaves. */
  static Path checkpoint(StepContext train) {
    return train.directory().resolve(checkpointName(train));
  }

  static String checkpointName(StepContext train) {
    return "checkpoint/" + train.label() + ".npz";
  }
}
