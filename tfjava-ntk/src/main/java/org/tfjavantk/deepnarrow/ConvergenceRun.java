package org.tfjavantk.deepnarrow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.graphs.UserException;

/**
 * The experiment on a circle (Lee et al., ICML 2022): the kernel of an anchor with all points,
 * before, during and after full-batch gradient descent on them, in several trials.
 *
 * @param every iterations between two looks at the kernel, each of which leaves a checkpoint
 */
public record ConvergenceRun(
    DeepNarrow network,
    Initialization initialization,
    CircleTask task,
    double learningRate,
    int iterations,
    int every,
    long seed) {

  /**
   * What was measured.
   *
   * @param iterations at which the kernel was looked at, from 0
   * @param kernels Θ / (L C²) at these: (look, trial, point); point 0 is the anchor itself, then
   *     come the training points
   * @param losses before every iteration and after the last: (trial, iteration)
   * @param outputs after the last iteration: (trial, training point)
   */
  public record History(
      int[] iterations, double[][][] kernels, double[][] losses, double[][] outputs) {
    /** {@code max_γ |Θ_t − Θ_0| / max_γ Θ_0} of every trial at a look. */
    public double[] changes(int look) {
      double[] changes = new double[losses.length];
      for (int trial = 0; trial < changes.length; trial++) {
        double[] before = kernels[0][trial];
        double largest = Arrays.stream(before).max().orElse(0);
        for (int i = 0; i < before.length; i++) {
          double moved = Math.abs(kernels[look][trial][i] - before[i]);
          changes[trial] = Math.max(changes[trial], moved / largest);
        }
      }
      return changes;
    }

    /** The loss after the last iteration in every trial. */
    public double[] finalLosses() {
      return Arrays.stream(losses).mapToDouble(row -> row[row.length - 1]).toArray();
    }
  }

  /** Hears of every look at the kernel. */
  public interface Listener {
    /** {@code done} iterations are done and in the checkpoint. */
    void looked(int done, double meanLoss);
  }

  private record State(List<double[][]> kernels, double[][] losses) {
    int done() {
      return losses[0].length;
    }
  }

  /** The step against the bound, in the worst of the trials, from their kernels at the start. */
  public StepCheck check(DeepNetwork net) {
    double largest = Double.POSITIVE_INFINITY;
    double[][] x = task.points();
    double[][][] theta = null;
    if (initialization == Initialization.DEFAULT) {
      net.initialize(initialization, seed);
      theta = net.kernel(x, x.length);
    }
    for (int trial = 0; trial < net.trials(); trial++) {
      double[][] kernel =
          theta == null
              ? new FiniteDepthKernel(network, MidNeurons.draw(network, seed, trial)).matrix(x, x)
              : theta[trial];
      KernelDescent descent = new KernelDescent(normalized(kernel));
      largest = Math.min(largest, descent.largestStep(network.outputs()));
    }
    return new StepCheck(learningRate * network.normalization(), largest);
  }

  /** Loss curve that the exact kernel of a trial's initial parameters foretells (custom only). */
  public double[] foretold(int trial) {
    double[][] x = task.points();
    MidNeurons mid = MidNeurons.draw(network, seed, trial);
    return foretold(normalized(new FiniteDepthKernel(network, mid).matrix(x, x)));
  }

  /** Loss curve that the limit of the kernel foretells. */
  public double[] foretoldInTheLimit() {
    return foretold(new LimitKernel(network).matrix(task.points(), task.points()));
  }

  private double[] foretold(double[][] kernel) {
    return new KernelDescent(kernel)
        .losses(task.targets(), learningRate * network.normalization(), iterations);
  }

  private double[][] normalized(double[][] theta) {
    for (double[] row : theta) {
      for (int j = 0; j < row.length; j++) {
        row[j] /= network.normalization();
      }
    }
    return theta;
  }

  /**
   * Trains, from the checkpoint where there is one.
   *
   * @param net of this network; its parameters are set
   * @throws UserException if a loss is no longer finite
   */
  public History run(DeepNetwork net, Path checkpoint, Listener listener) throws IOException {
    State state = begin(net, checkpoint);
    double[][] x = task.points();
    double[][] y = task.targets();
    while (state.done() < iterations) {
      int next = Math.min(iterations, (state.done() / every + 1) * every);
      double[][] more = net.descend(x, y, learningRate, next - state.done());
      state = append(state, more, look(net));
      save(checkpoint, net, state);
      listener.looked(state.done(), mean(more));
    }
    double[][] last = net.descend(x, y, 0, 1);
    double[][][] f = net.outputs(x);
    int[] looks = new int[state.kernels.size()];
    Arrays.setAll(looks, k -> Math.min(iterations, k * every));
    return new History(
        looks,
        state.kernels.toArray(double[][][]::new),
        joined(state.losses, last),
        Arrays.stream(f)
            .map(trial -> Arrays.stream(trial).mapToDouble(row -> row[0]).toArray())
            .toArray(double[][]::new));
  }

  private State begin(DeepNetwork net, Path checkpoint) throws IOException {
    Optional<Map<String, DeepCheckpoint.Measured>> before = DeepCheckpoint.read(checkpoint, net);
    if (before.isPresent()) {
      double[][] losses = rows(before.get().get("losses"), 0, net.trials());
      DeepCheckpoint.Measured kernels = before.get().get("kernels");
      List<double[][]> looks = new ArrayList<>();
      for (int k = 0; k < kernels.shape()[0]; k++) {
        looks.add(rows(kernels, k * net.trials(), net.trials()));
      }
      return new State(looks, losses);
    }
    net.initialize(initialization, seed);
    State state = new State(List.<double[][]>of(look(net)), new double[net.trials()][0]);
    save(checkpoint, net, state);
    return state;
  }

  /** The anchor's row in every trial. */
  private double[][] look(DeepNetwork net) {
    double[][] points = task.points();
    double[][] x = new double[points.length + 1][];
    x[0] = task.anchorPoint()[0];
    System.arraycopy(points, 0, x, 1, points.length);
    double[][] rows = new double[net.trials()][];
    double[][][] theta = net.kernel(x, 1);
    for (int trial = 0; trial < rows.length; trial++) {
      rows[trial] = normalized(theta[trial])[0];
    }
    return rows;
  }

  private State append(State state, double[][] more, double[][] look) {
    for (int trial = 0; trial < more.length; trial++) {
      for (int i = 0; i < more[trial].length; i++) {
        if (!Double.isFinite(more[trial][i])) {
          throw new UserException(
              "depth %d, trial %d: the loss is %s at iteration %d; lower the learning rate (now %s)"
                  .formatted(
                      network.depth(), trial, more[trial][i], state.done() + i, learningRate));
        }
      }
    }
    List<double[][]> kernels = new ArrayList<>(state.kernels);
    kernels.add(look);
    return new State(kernels, joined(state.losses, more));
  }

  private static double[][] joined(double[][] first, double[][] second) {
    double[][] joined = new double[first.length][];
    for (int trial = 0; trial < first.length; trial++) {
      joined[trial] = Arrays.copyOf(first[trial], first[trial].length + second[trial].length);
      System.arraycopy(second[trial], 0, joined[trial], first[trial].length, second[trial].length);
    }
    return joined;
  }

  private static double mean(double[][] losses) {
    return Arrays.stream(losses).mapToDouble(row -> row[row.length - 1]).average().orElse(0);
  }

  private static void save(Path checkpoint, DeepNetwork net, State state) throws IOException {
    int trials = net.trials();
    int points = state.kernels.get(0)[0].length;
    Map<String, DeepCheckpoint.Measured> measured = new LinkedHashMap<>();
    measured.put(
        "losses",
        new DeepCheckpoint.Measured(new int[] {trials, state.done()}, flat(state.losses)));
    measured.put(
        "kernels",
        new DeepCheckpoint.Measured(
            new int[] {state.kernels.size(), trials, points},
            flat(state.kernels.stream().flatMap(Arrays::stream).toArray(double[][]::new))));
    DeepCheckpoint.write(checkpoint, net, measured);
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[][] rows(DeepCheckpoint.Measured array, int from, int count) {
    int length = array.shape()[array.shape().length - 1];
    double[][] rows = new double[count][];
    for (int i = 0; i < count; i++) {
      rows[i] = Arrays.copyOfRange(array.values(), (from + i) * length, (from + i + 1) * length);
    }
    return rows;
  }
}
