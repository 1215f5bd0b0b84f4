package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.Build;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfiniteKernel;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.sampling.Estimate;
import org.tfjavantk.sampling.MonteCarlo;

/**
 * Compares finite networks with the kernels of infinite width, one width after the other. What was
 * found of a width is a line of the metrics, from which a run that was stopped goes on.
 */
final class MonteCarloStep implements StepRunner {
  private final RunInputs inputs;

  MonteCarloStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "monte_carlo";
  }

  private Examples examples(StepContext context) {
    Examples all = inputs.dataset(context).train();
    return FirstExamples.of(all, context.step().getMonteCarlo().getExamples());
  }

  private static Precision precision(StepContext context) {
    return Build.precision(context.step().getMonteCarlo().getPrecision());
  }

  @Override
  public void prepare(StepContext context) {
    var config = context.step().getMonteCarlo();
    int[] shape = inputs.dataset(context).train().shape();
    int widest = config.getWidthList().stream().mapToInt(Integer::intValue).max().orElseThrow();
    Network network = inputs.network(context).widened(widest);
    InfiniteKernel.of(network, config.getDropout(), shape);
    // Drawn values in Java, fed, assigned, and the gradients of a batch beside them.
    long bytes = Double.BYTES + 4L * precision(context).bytes();
    Memory.require(
        Math.multiplyExact(bytes, network.shape(shape).parameterCount()),
        "step[" + context.index() + "].monte_carlo at width " + widest,
        "take smaller widths");
  }

  @Override
  public String consumes(StepContext context) {
    return new Fingerprint()
        .add("network", inputs.network(context).toString())
        .add("monte_carlo", context.step().getMonteCarlo())
        .add("seed", Build.trainingSeed(context.run()))
        .add("examples", inputs.fingerprint(examples(context)))
        .hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    var config = context.step().getMonteCarlo();
    List<Double> done =
        context.metrics().rows().stream()
            .map(row -> row.number("width").orElse(Double.NaN))
            .toList();
    context.progress().start((long) config.getWidthCount() * config.getDraws(), "networks");
    context.progress().resumed((long) done.size() * config.getDraws());
    for (int width : config.getWidthList()) {
      if (!done.contains((double) width)) {
        context.metrics().add(measured(context, width));
      }
    }
    List<Metrics.Row> rows = context.metrics().rows();
    new MonteCarloReport(context, inputs, examples(context).count()).write(rows);
  }

  private Map<String, Object> measured(StepContext context, int width) {
    var config = context.step().getMonteCarlo();
    long start = System.nanoTime();
    Examples examples = examples(context);
    double[] x = new double[examples.count() * examples.size()];
    for (int i = 0; i < examples.count(); i++) {
      examples.read(i, x, i * examples.size());
    }
    Network network = inputs.network(context).widened(width);
    InfiniteKernel.Values closed =
        InfiniteKernel.of(network, config.getDropout(), examples.shape()).of(x);
    long seed = RandomStream.of(Build.trainingSeed(context.run()), "monte_carlo/" + width).bits(0);
    double[] alone = new double[2];
    MonteCarlo.Kernels found;
    try (MonteCarlo networks =
        MonteCarlo.of(
            network,
            config.getDropout(),
            precision(context),
            Build.device(context.run()),
            examples.shape())) {
      context.progress().note(String.format(Locale.ROOT, "width %d", width));
      found =
          networks.estimate(
              x,
              seed,
              new MonteCarlo.Budget(config.getDraws(), config.getEpsilon()),
              draw -> {
                alone[0] += Estimate.distance(draw.nngp(), closed.nngp());
                alone[1] += Estimate.distance(draw.ntk(), closed.ntk());
                context.progress().advance(1);
              });
    }
    int draws = found.ntk().moments().count();
    context.progress().advance(config.getDraws() - draws);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("width", width);
    fields.put("parameters", network.shape(examples.shape()).parameterCount());
    fields.put("draws", draws);
    add(fields, "nngp", found.nngp(), closed.nngp(), alone[0] / draws);
    add(fields, "ntk", found.ntk(), closed.ntk(), alone[1] / draws);
    fields.put("seconds", 1e-9 * (System.nanoTime() - start));
    return fields;
  }

  private static void add(
      Map<String, Object> fields, String kind, Estimate found, double[] closed, double alone) {
    fields.put(kind + "_distance", found.distance(closed));
    fields.put(kind + "_distance_of_one", alone);
    fields.put(kind + "_standard_error", found.moments().relativeStandardError());
    fields.put(kind + "_max_z", found.maxZ(closed));
  }
}
