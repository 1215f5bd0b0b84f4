package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.train.Checkpoint;

/** The network's variables at the start of a step: as the last train step before it left them. */
final class Parameters {
  private Parameters() {}

  /** Sets the model's variables; without a train step before, they stay as they were drawn. */
  static void assign(StepContext context, GraphModel model) throws IOException {
    trained(context).ifPresent(model::assign);
  }

  /** The SHA-256 of the trained values, or of the seed with which the initial ones are drawn. */
  static String hash(StepContext context) throws IOException {
    Fingerprint fingerprint = new Fingerprint();
    Optional<Map<String, double[]>> trained = trained(context);
    if (trained.isEmpty()) {
      return fingerprint.add("seed", Build.trainingSeed(context.run())).hex();
    }
    trained
        .get()
        .forEach(
            (name, values) -> {
              ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(8, values.length));
              bytes.asDoubleBuffer().put(values);
              fingerprint.add(name, bytes.array());
            });
    return fingerprint.hex();
  }

  private static Optional<Map<String, double[]>> trained(StepContext context) throws IOException {
    Optional<StepContext> train = context.earlier(Step.KindCase.TRAIN);
    if (train.isEmpty()) {
      return Optional.empty();
    }
    Path file = train.get().directory().resolve(checkpointName(train.get()));
    return Optional.of(
        Checkpoint.read(file)
            .orElseThrow(() -> new UserException(file + ": deleted while the run was working"))
            .variables());
  }

  /** The file that a train step leaves. */
  static String checkpointName(StepContext train) {
    return "checkpoint/" + train.label() + ".npz";
  }
}
