package org.tfjavantk.deepnarrow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/**
 * Plain SGD on {@code mean (f − y)²} over batches of a data set in shuffled order. The order of an
 * epoch is a function of the seed, so a training that goes on from a checkpoint takes the same
 * path.
 *
 * @param evalEvery epochs between two measurements, each of which leaves a checkpoint; the last
 *     epoch is measured, too
 */
public record DeepTraining(
    Initialization initialization,
    double learningRate,
    int epochs,
    int batchSize,
    int evalEvery,
    long seed) {
  private static final int EVALUATION_BATCH = 500;

  /**
   * One epoch.
   *
   * @param trainLoss mean over its batches, while the parameters move
   * @param trainAccuracy after it, on all training examples; NaN where it was not measured
   * @param testAccuracy the same on all test examples
   */
  public record Epoch(int epoch, double trainLoss, double trainAccuracy, double testAccuracy) {
    /** Whether accuracies were measured. */
    public boolean measured() {
      return !Double.isNaN(trainAccuracy);
    }
  }

  /** Hears how it goes. */
  public interface Listener {
    /** So many training examples are done. */
    void trained(int examples);

    /** An epoch is done; if it was measured, the checkpoint holds it. */
    void epoch(Epoch epoch);
  }

  /** The step against the bound, from the exact kernel of the first examples (custom only). */
  public StepCheck check(DeepNarrow network, DeepExamples examples, int most) {
    int n = Math.min(most, examples.count());
    double[][] x = examples.read(IntStream.range(0, n).toArray(), 0, n);
    network.requireNonNegative(x);
    double[][] theta =
        new FiniteDepthKernel(network, MidNeurons.draw(network, seed, 0)).matrix(x, x);
    for (double[] row : theta) {
      for (int j = 0; j < n; j++) {
        row[j] /= network.normalization();
      }
    }
    return new StepCheck(
        learningRate * network.normalization(),
        new KernelDescent(theta).largestStep(network.outputs()));
  }

  /**
   * Trains, from the checkpoint where there is one.
   *
   * @param net one trial; its parameters are set
   * @throws UserException if the loss is no longer finite
   */
  public List<Epoch> run(
      DeepNetwork net, DeepExamples train, DeepExamples test, Path checkpoint, Listener listener)
      throws IOException {
    Optional<Map<String, DeepCheckpoint.Measured>> before = DeepCheckpoint.read(checkpoint, net);
    List<Epoch> done = new ArrayList<>();
    if (before.isPresent()) {
      done.addAll(epochs(before.get().get("epochs")));
      listener.trained(Math.multiplyExact(done.size(), train.count()));
      done.forEach(listener::epoch);
    } else {
      net.initialize(initialization, seed);
    }
    while (done.size() < epochs) {
      int epoch = done.size() + 1;
      double loss = epoch(epoch, net, train, listener);
      boolean measured = epoch % evalEvery == 0 || epoch == epochs;
      done.add(
          new Epoch(
              epoch,
              loss,
              measured ? accuracy(net, train) : Double.NaN,
              measured ? accuracy(net, test) : Double.NaN));
      if (measured) {
        DeepCheckpoint.write(checkpoint, net, Map.of("epochs", measured(done)));
      }
      listener.epoch(done.get(done.size() - 1));
    }
    return done;
  }

  private double epoch(int epoch, DeepNetwork net, DeepExamples train, Listener listener) {
    int n = train.count();
    int[] order = RandomStream.of(seed, "deep-narrow/order/" + epoch).permutation(n);
    double sum = 0;
    for (int from = 0; from < n; from += batchSize) {
      int to = Math.min(n, from + batchSize);
      double[][] x = train.read(order, from, to);
      if (initialization == Initialization.CUSTOM) {
        net.network().requireNonNegative(x);
      }
      double loss = net.descend(x, train.targets(order, from, to), learningRate, 1)[0][0];
      if (!Double.isFinite(loss)) {
        throw new UserException(
            "the training loss is "
                + loss
                + " in epoch "
                + epoch
                + ": the training diverged. Lower the learning rate (now "
                + learningRate
                + ").");
      }
      sum += loss * (to - from);
      listener.trained(to - from);
    }
    return sum / n;
  }

  /** The part of all examples that is classified rightly. */
  static double accuracy(DeepNetwork net, DeepExamples examples) {
    int n = examples.count();
    int[] order = IntStream.range(0, n).toArray();
    int correct = 0;
    for (int from = 0; from < n; from += EVALUATION_BATCH) {
      int to = Math.min(n, from + EVALUATION_BATCH);
      correct += examples.correct(net.outputs(examples.read(order, from, to))[0], from);
    }
    return (double) correct / n;
  }

  private static DeepCheckpoint.Measured measured(List<Epoch> epochs) {
    double[] values =
        epochs.stream()
            .flatMapToDouble(
                e -> DoubleStream.of(e.epoch, e.trainLoss, e.trainAccuracy, e.testAccuracy))
            .toArray();
    return new DeepCheckpoint.Measured(new int[] {epochs.size(), 4}, values);
  }

  private static List<Epoch> epochs(DeepCheckpoint.Measured rows) {
    double[] v = rows.values();
    return IntStream.range(0, v.length / 4)
        .mapToObj(i -> new Epoch((int) v[4 * i], v[4 * i + 1], v[4 * i + 2], v[4 * i + 3]))
        .toList();
  }
}
