package org.tfjavantk.cli.run.steps;

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

/** The examples and the network of a run, read from the config; the last ones read are kept. */
final class RunInputs {
  private record Key(DatasetSpec spec, long seed) {}

  private Key key;
  private Dataset dataset;
  private final Map<Examples, String> fingerprints = new HashMap<>();
  private final RunModels models = new RunModels();

  Dataset dataset(StepContext context) {
    Run run = context.run();
    Key wanted = new Key(Build.dataset(run), run.getSeed());
    if (!wanted.equals(key)) {
      // A sweep over seeds or data would fill the memory with sets that are not needed again.
      dataset = null;
      fingerprints.clear();
      dataset = Datasets.load(wanted.spec, wanted.seed);
      key = wanted;
    }
    return dataset;
  }

  /** The SHA-256 of the examples, as hex. */
  String fingerprint(Examples examples) {
    return fingerprints.computeIfAbsent(examples, Fingerprint::sha256);
  }

  /** The network as a model, of layers or from a file. */
  RunModels models() {
    return models;
  }

  /** The network of layers; an error if it comes from a file. */
  Network network(StepContext context) {
    return Build.network(context.run(), dataset(context).classNames().size());
  }
}
