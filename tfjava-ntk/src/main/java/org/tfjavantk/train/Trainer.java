package org.tfjavantk.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/**
 * Trains a model by gradient descent on mini-batches.
 *
 * <p>Everything random (the order of the examples, their augmentation) is a function of the seed,
 * the epoch and the place in it, so that a training that was stopped and goes on from its
 * checkpoint takes the same path as one that was not.
 */
public final class Trainer {
  private static final int EVALUATION_BATCH = 250;

  private final GraphModel model;
  private final TrainSpec spec;
  private final TrainGraph graph;

  /** Adds the training operations to the model's graph. */
  public Trainer(GraphModel model, TrainSpec spec) {
    this.model = model;
    this.spec = spec;
    this.graph = new TrainGraph(model, spec.loss(), spec.optimizer());
  }

  /**
   * Trains until the last epoch or the accuracy to stop at, from the checkpoint where there is one.
   * The model holds the trained parameters afterwards.
   *
   * @param checkpoint file to read from and to write after every epoch
   * @return the metrics of all epochs, those before the checkpoint included
   * @throws UserException if the loss is no longer finite
   */
  public List<EpochMetrics> run(Dataset data, Path checkpoint, TrainListener listener)
      throws IOException {
    Files.createDirectories(checkpoint.toAbsolutePath().getParent());
    Optional<Checkpoint> before = Checkpoint.read(checkpoint);
    before.ifPresent(state -> model.assign(state.variables()));
    graph.assignSlots(before.map(Checkpoint::slots).orElse(Map.of()));
    List<EpochMetrics> epochs = new ArrayList<>(before.map(Checkpoint::epochs).orElse(List.of()));
    if (before.isEmpty()) {
      save(checkpoint, epochs);
    }
    while (!finished(epochs)) {
      EpochMetrics metrics = epoch(epochs.size() + 1, data, listener);
      epochs.add(metrics);
      save(checkpoint, epochs);
      listener.epoch(metrics);
    }
    return epochs;
  }

  private void save(Path checkpoint, List<EpochMetrics> epochs) throws IOException {
    new Checkpoint(model.values(), graph.slots(), List.copyOf(epochs))
        .write(checkpoint, model.variables().stream().map(Parameter::spec).toList());
  }

  private boolean finished(List<EpochMetrics> epochs) {
    boolean accurate =
        spec.stopAtAccuracy() > 0
            && !epochs.isEmpty()
            && epochs.get(epochs.size() - 1).trainAccuracy() >= spec.stopAtAccuracy();
    return accurate || epochs.size() >= spec.epochs();
  }

  private EpochMetrics epoch(int epoch, Dataset data, TrainListener listener) {
    long start = System.nanoTime();
    Examples train = data.train();
    Batches batches = new Batches(model, train, spec.batchSize());
    int[] order = RandomStream.of(spec.seed(), "train/order/" + epoch).permutation(train.count());
    long total = (long) spec.epochs() * batches.count();
    double[] sums = new double[3]; // loss, correct, last learning rate
    batches.forEach(
        order,
        new Batches.Change(
            spec.augmentation(), spec.outside(), RandomStream.of(spec.seed(), "train/augment")),
        (long) (epoch - 1) * train.count(),
        (batch, number, done) -> {
          Optimizer optimizer = spec.optimizer();
          long t = (long) (epoch - 1) * batches.count() + number;
          double rate = optimizer.schedule().rate(optimizer.learningRate(), t, total);
          TrainGraph.Score score = graph.train(batch.x(), batch.y(), rate);
          if (!Double.isFinite(score.loss())) {
            throw new UserException(
                String.format(
                    Locale.ROOT,
                    "the training loss is %s in epoch %d, batch %d: the training diverged."
                        + " Lower the learning rate (now %.3g).",
                    score.loss(),
                    epoch,
                    number + 1,
                    rate));
          }
          sums[0] += score.loss();
          sums[1] += score.correct();
          sums[2] = rate;
          listener.batch(epoch, done, train.count());
        });
    double[] validation = evaluate(data.validation());
    double[] test = evaluate(data.test());
    return new EpochMetrics(
        epoch,
        sums[2],
        sums[0] / train.count(),
        sums[1] / train.count(),
        validation == null ? null : validation[0],
        validation == null ? null : validation[1],
        test == null ? null : test[0],
        test == null ? null : test[1],
        (System.nanoTime() - start) * 1e-9);
  }

  /** Mean loss and accuracy in inference mode, or null if there are no examples. */
  public double[] evaluate(Examples examples) {
    if (examples == null || examples.count() == 0) {
      return null;
    }
    double[] sums = new double[2];
    new Batches(model, examples, EVALUATION_BATCH)
        .forEach(
            (batch, number, done) -> {
              TrainGraph.Score score = graph.evaluate(batch.x(), batch.y());
              sums[0] += score.loss();
              sums[1] += score.correct();
            });
    return new double[] {sums[0] / examples.count(), sums[1] / examples.count()};
  }
}
