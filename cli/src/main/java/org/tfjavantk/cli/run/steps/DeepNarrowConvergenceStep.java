package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.DeepNarrowConvergence;
import org.tfjavantk.config.proto.Precision;
import org.tfjavantk.deepnarrow.CircleTask;
import org.tfjavantk.deepnarrow.ConvergenceRun;
import org.tfjavantk.deepnarrow.DeepNarrow;
import org.tfjavantk.deepnarrow.DeepNetwork;
import org.tfjavantk.deepnarrow.GraphNetwork;
import org.tfjavantk.deepnarrow.Initialization;
import org.tfjavantk.deepnarrow.LoopNetwork;
import org.tfjavantk.deepnarrow.StepCheck;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.UserException;

/**
 * Trains deep narrow networks on the circle and watches their kernel; leaves {@code
 * checkpoint/<step>-depth<L>.npz} and tables of kernels, losses and predictions.
 */
final class DeepNarrowConvergenceStep implements StepRunner {
  /** One depth: what ran, what came out, what was foretold. */
  record Case(ConvergenceRun run, StepCheck check, ConvergenceRun.History history) {}

  @Override
  public String title() {
    return "deep_narrow_convergence";
  }

  @Override
  public void prepare(StepContext context) {
    List<ConvergenceRun> runs = runs(context);
    for (int i = 0; i < runs.size(); i++) {
      ConvergenceRun run = runs.get(i);
      if (run.initialization() == Initialization.CUSTOM) {
        run.network().requireNonNegative(run.task().points());
        run.network().requireNonNegative(run.task().anchorPoint());
      }
      requireMemory(context, run);
      DeepNarrowConvergence config = config(context);
      if (!config.getForce()) {
        String field = "step[" + context.index() + "]." + title() + ".learning_rate[" + i + "]";
        StepCheck.requireResolution(
            field,
            run.network(),
            run.learningRate(),
            targetScale(run.task()),
            Build.precision(config.getPrecision()));
        check(context, run).require(field);
      }
    }
  }

  private static void requireMemory(StepContext context, ConvergenceRun run) {
    int points = run.task().angles().length + 1;
    long needed = LoopNetwork.bytes(run.network(), config(context).getTrials(), points);
    long there = Runtime.getRuntime().maxMemory();
    if (needed > there) {
      throw new UserException(
          "step[%d].deep_narrow_convergence: depth %d takes %s of Java's memory, which has %s; fewer trials or points, or NTK_JAVA_OPTS=-Xmx..."
              .formatted(
                  context.index(),
                  run.network().depth(),
                  Bytes.format(needed),
                  Bytes.format(there)));
    }
  }

  private static double targetScale(CircleTask task) {
    return Arrays.stream(task.targets()).mapToDouble(y -> Math.abs(y[0])).max().orElse(0);
  }

  private static DeepNarrowConvergence config(StepContext context) {
    return context.step().getDeepNarrowConvergence();
  }

  private static List<ConvergenceRun> runs(StepContext context) {
    DeepNarrowConvergence config = config(context);
    var grid = config.getGrid();
    List<CircleTask.Wave> target =
        config.getTargetCount() == 0
            ? List.of(CircleTask.Wave.PRODUCT)
            : config.getTargetList().stream()
                .map(w -> new CircleTask.Wave(w.getAmplitude(), w.getFrequency(), w.getPhase()))
                .toList();
    CircleTask task =
        new CircleTask(
            CircleTask.grid(grid.getCount(), grid.getTrim(), grid.getFrom(), grid.getTo()),
            config.getAnchor(),
            target);
    List<ConvergenceRun> runs = new ArrayList<>();
    for (int i = 0; i < config.getDepthCount(); i++) {
      var scales = new DeepNarrow.Scales(config.getScale(i), config.getSigma(), config.getBeta());
      runs.add(
          new ConvergenceRun(
              DeepNarrow.mlp(2, 1, config.getDepth(i), scales),
              Initialization.valueOf(config.getInitialization().name()),
              task,
              config.getLearningRate(i),
              config.getIterations(),
              config.getEvery(),
              Build.trainingSeed(context.run())));
    }
    return runs;
  }

  private static StepCheck check(StepContext context, ConvergenceRun run) {
    // By the closed form, or by differentiation where there is none, which loops do best.
    try (DeepNetwork net = new LoopNetwork(run.network(), config(context).getTrials())) {
      return run.check(net);
    }
  }

  private static DeepNetwork network(StepContext context, ConvergenceRun run) {
    DeepNarrowConvergence config = config(context);
    DeviceChoice device = Build.device(context.run()).resolved();
    boolean loops =
        config.getPrecision() == Precision.FLOAT64 && device.kind() != DeviceChoice.Kind.GPU;
    return loops
        ? new LoopNetwork(run.network(), config.getTrials())
        : new GraphNetwork(
            run.network(), config.getTrials(), Build.precision(config.getPrecision()), device);
  }

  @Override
  public String consumes(StepContext context) {
    return new Fingerprint()
        .add("seed", Build.trainingSeed(context.run()))
        .add("deep_narrow_convergence", config(context))
        .hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    List<ConvergenceRun> runs = runs(context);
    Metrics metrics = context.metrics();
    metrics.keep(row -> false); // the checkpoints know all looks
    // The work of a look grows with the depth.
    long total = runs.stream().mapToLong(run -> (long) run.network().depth()).sum();
    context.progress().start(total * config(context).getIterations(), "layer steps");
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      cases.add(run(context, runs.get(i), i));
    }
    for (Case one : cases) {
      for (int look = 0; look < one.history.iterations().length; look++) {
        metrics.add(fields(one, look));
      }
    }
    write(context, cases);
    context.report(new ConvergenceReport(context, cases).section());
  }

  private static Case run(StepContext context, ConvergenceRun run, int index) throws IOException {
    int depth = run.network().depth();
    StepCheck check = check(context, run);
    context
        .progress()
        .message(
            "depth "
                + depth
                + ", scale "
                + Numbers.brief(run.network().scales().scale())
                + ": "
                + check.words());
    Path checkpoint =
        context.makes("checkpoint/" + context.label() + "-" + index + "-depth" + depth + ".npz");
    int[] done = {0};
    try (DeepNetwork net = network(context, run)) {
      ConvergenceRun.History history =
          run.run(
              net,
              checkpoint,
              (now, loss) -> {
                context.progress().advance((long) (now - done[0]) * depth);
                done[0] = now;
                context
                    .progress()
                    .note(
                        "depth " + depth + ", iteration " + now + ": loss " + Numbers.brief(loss));
              });
      return new Case(run, check, history);
    }
  }

  private static Map<String, Object> fields(Case one, int look) {
    ConvergenceRun.History history = one.history;
    int iteration = history.iterations()[look];
    double[] changes = history.changes(look);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("depth", one.run.network().depth());
    fields.put("scale", one.run.network().scales().scale());
    fields.put("iteration", iteration);
    fields.put(
        "mean_loss",
        Arrays.stream(history.losses()).mapToDouble(row -> row[iteration]).average().orElse(0));
    fields.put("mean_kernel_change", Arrays.stream(changes).average().orElse(0));
    fields.put("largest_kernel_change", Arrays.stream(changes).max().orElse(0));
    return fields;
  }

  private static void write(StepContext context, List<Case> cases) throws IOException {
    StringBuilder kernels = new StringBuilder("depth,scale,trial,iteration,angle,kernel\n");
    StringBuilder losses = new StringBuilder("depth,scale,trial,iteration,loss\n");
    StringBuilder outputs = new StringBuilder("depth,scale,trial,angle,target,output\n");
    for (Case one : cases) {
      DeepNarrow network = one.run.network();
      CircleTask task = one.run.task();
      ConvergenceRun.History history = one.history;
      double[][] targets = task.targets();
      for (int trial = 0; trial < history.losses().length; trial++) {
        String what = network.depth() + "," + network.scales().scale() + "," + trial + ",";
        for (int look = 0; look < history.iterations().length; look++) {
          double[] row = history.kernels()[look][trial];
          for (int i = 0; i < row.length; i++) {
            double angle = i == 0 ? task.anchor() : task.angles()[i - 1];
            kernels.append(what).append(history.iterations()[look]).append(',');
            kernels.append(angle).append(',').append(row[i]).append('\n');
          }
        }
        for (int t = 0; t < history.losses()[trial].length; t++) {
          losses.append(what).append(t).append(',').append(history.losses()[trial][t]).append('\n');
        }
        for (int i = 0; i < targets.length; i++) {
          outputs.append(what).append(task.angles()[i]).append(',').append(targets[i][0]);
          outputs.append(',').append(history.outputs()[trial][i]).append('\n');
        }
      }
    }
    AtomicFiles.write(context.makes(context.label() + "-kernels.csv"), kernels.toString());
    AtomicFiles.write(context.makes(context.label() + "-losses.csv"), losses.toString());
    AtomicFiles.write(context.makes(context.label() + "-outputs.csv"), outputs.toString());
  }

  /** A case cannot be told from the number of its layers alone: scales may differ, too. */
  static String name(List<Case> cases, Case one) {
    DeepNarrow network = one.run.network();
    boolean alone =
        cases.stream().filter(c -> c.run.network().depth() == network.depth()).count() == 1;
    return "depth "
        + network.depth()
        + (alone ? "" : ", scale " + Numbers.brief(network.scales().scale()));
  }
}
