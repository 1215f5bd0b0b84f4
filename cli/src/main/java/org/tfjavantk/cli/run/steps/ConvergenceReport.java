package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.tfjavantk.cli.report.LinePlot;
import org.tfjavantk.cli.report.LinePlot.Look;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.Plots;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.steps.DeepNarrowConvergenceStep.Case;
import org.tfjavantk.deepnarrow.CircleTask;
import org.tfjavantk.deepnarrow.ConvergenceRun;
import org.tfjavantk.deepnarrow.Initialization;
import org.tfjavantk.deepnarrow.LimitKernel;

/** What the experiment on the circle has to say. */
final class ConvergenceReport {
  /** Points of a loss curve in a picture. */
  private static final int CURVE_POINTS = 200;

  private final StepContext context;
  private final List<Case> cases;
  private final boolean custom;

  ConvergenceReport(StepContext context, List<Case> cases) {
    this.context = context;
    this.cases = cases;
    this.custom = cases.get(0).run().initialization() == Initialization.CUSTOM;
  }

  ReportSection section() throws IOException {
    Case last = cases.get(cases.size() - 1);
    ReportSection section =
        ReportSection.titled("Deep narrow networks: convergence")
            .figure("final_loss", mean(last.history().finalLosses()))
            .percent("kernel_change", mean(change(last)))
            .figure("dimensionless_step", last.check().step())
            .figure("part_of_the_largest_step", last.check().ratio())
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "%d points on the unit circle, %d trials of each depth, %,d iterations of full-batch"
                        + " gradient descent from the %s initialisation. Kernels are divided by depth times"
                        + " scale squared; their change is max |Θ_t − Θ_0| over max Θ_0 in the anchor's row."
                        + " The numbers above are means over the trials of %s.",
                    last.run().task().angles().length,
                    last.history().losses().length,
                    last.run().iterations(),
                    last.run().initialization().name().toLowerCase(Locale.ROOT),
                    name(last)));
    for (Case one : cases) {
      if (!one.check().stable()) {
        section =
            section.warning(name(one) + " took steps that are not stable: " + one.check().words());
      }
    }
    section = section.table("Depths", COLUMNS, cases.stream().map(this::row).toList());
    for (var plot : plots().entrySet()) {
      var picture =
          context
              .plots()
              .write(
                  context.label() + "-" + plot.getKey(),
                  plot.getValue(),
                  CAPTIONS.get(plot.getKey()));
      if (picture.isPresent()) {
        section = section.picture(picture.get());
      }
    }
    return section;
  }

  private static final List<String> COLUMNS =
      List.of(
          "depth",
          "scale",
          "learning rate",
          "η L C²",
          "part of the largest step",
          "final loss, least",
          "most",
          "foretold by the limit",
          "by trial 0's own kernel",
          "kernel change, least",
          "most");

  private static final Map<String, String> CAPTIONS =
      Map.of(
          "kernel",
          "The kernel of the anchor with every point: solid before training, dashed after, a line for"
              + " each trial; the limit at infinite depth on top.",
          "outputs",
          "What was learned, a line for each trial, and the function that was to be.",
          "loss",
          "Loss by iteration, a line for each trial; dashed what the limit of the kernel foretells"
              + " and, for trial 0, its own kernel at the start.",
          "change",
          "How far the kernel has moved from its start, a line for each trial.",
          "spread",
          "Standard deviation over the trials of the anchor's kernel with itself before training, and"
              + " what theory says of it, √(5/4) S / √L with S = σ²/2 + β².");

  private List<String> row(Case one) {
    double[] losses = one.history().finalLosses();
    double[] changes = change(one);
    return List.of(
        Integer.toString(one.run().network().depth()),
        Numbers.brief(one.run().network().scales().scale()),
        Numbers.brief(one.run().learningRate()),
        Numbers.brief(one.check().step()),
        Numbers.brief(one.check().ratio()),
        Numbers.brief(Arrays.stream(losses).min().orElse(0)),
        Numbers.brief(Arrays.stream(losses).max().orElse(0)),
        custom ? Numbers.brief(last(one.run().foretoldInTheLimit())) : "",
        custom ? Numbers.brief(last(one.run().foretold(0))) : "",
        Numbers.percent(Arrays.stream(changes).min().orElse(0), 3),
        Numbers.percent(Arrays.stream(changes).max().orElse(0), 3));
  }

  private Map<String, LinePlot> plots() {
    Map<String, LinePlot> plots = new LinkedHashMap<>();
    plots.put("kernel", kernel());
    plots.put("outputs", outputs());
    plots.put("loss", loss());
    plots.put("change", changes());
    if (cases.get(0).history().losses().length > 1 && custom) {
      plots.put("spread", spread());
    }
    return plots;
  }

  private LinePlot kernel() {
    LinePlot plot = Plots.lines("Kernel against angle", "angle γ", "Θ(x₀, x(γ)) / (L C²)");
    for (Case one : cases) {
      double[] angles = one.run().task().angles();
      double[][][] kernels = one.history().kernels();
      plot = plot.series(name(one) + ", t = 0", angles, points(kernels[0][0]), Look.LINE);
      for (int trial = 0; trial < kernels[0].length; trial++) {
        if (trial > 0) {
          plot = plot.sibling(angles, points(kernels[0][trial]), Look.LINE);
        }
        plot = plot.sibling(angles, points(last(kernels)[trial]), Look.DASHED);
      }
    }
    if (custom) {
      ConvergenceRun run = cases.get(0).run();
      CircleTask task = run.task();
      double[] limit = new LimitKernel(run.network()).matrix(task.anchorPoint(), task.points())[0];
      plot = plot.series("depth → ∞", task.angles(), limit, Look.LINE);
    }
    return plot;
  }

  /** Without the anchor itself. */
  private static double[] points(double[] row) {
    return Arrays.copyOfRange(row, 1, row.length);
  }

  private LinePlot outputs() {
    LinePlot plot = Plots.lines("Function", "angle γ", "f(x(γ))");
    for (Case one : cases) {
      double[] angles = one.run().task().angles();
      double[][] outputs = one.history().outputs();
      plot = plot.series(name(one), angles, outputs[0], Look.LINE);
      for (int trial = 1; trial < outputs.length; trial++) {
        plot = plot.sibling(angles, outputs[trial], Look.LINE);
      }
    }
    CircleTask task = cases.get(0).run().task();
    double[] target = Arrays.stream(task.targets()).mapToDouble(y -> y[0]).toArray();
    return plot.series("target", task.angles(), target, Look.DASHED);
  }

  private LinePlot loss() {
    LinePlot plot = Plots.lines("Loss", "iteration", "mean squared error").logY();
    for (Case one : cases) {
      double[][] losses = one.history().losses();
      int[] at = places(one.run().iterations());
      double[] x = pick(at, t -> t);
      plot = plot.series(name(one), x, pick(at, t -> losses[0][t]), Look.LINE);
      if (custom) {
        double[] own = one.run().foretold(0);
        plot = plot.sibling(x, pick(at, t -> own[t]), Look.DASHED);
      }
      for (int trial = 1; trial < losses.length; trial++) {
        double[] curve = losses[trial];
        plot = plot.sibling(x, pick(at, t -> curve[t]), Look.LINE);
      }
    }
    if (custom) {
      // The dimensionless step may differ between depths; the first one's is drawn.
      ConvergenceRun run = cases.get(0).run();
      double[] limit = run.foretoldInTheLimit();
      int[] at = places(run.iterations());
      plot = plot.series("limit", pick(at, t -> t), pick(at, t -> limit[t]), Look.DASHED);
    }
    return plot;
  }

  private static int[] places(int iterations) {
    return IntStream.rangeClosed(0, CURVE_POINTS)
        .map(i -> (int) ((long) iterations * i / CURVE_POINTS))
        .distinct()
        .toArray();
  }

  private static double[] pick(int[] at, IntToDoubleFunction value) {
    return Arrays.stream(at).mapToDouble(value).toArray();
  }

  private LinePlot changes() {
    LinePlot plot = Plots.lines("Change of the kernel", "iteration", "relative change").logY();
    for (Case one : cases) {
      int[] iterations = one.history().iterations();
      double[] x = Arrays.stream(iterations).asDoubleStream().toArray();
      for (int trial = 0; trial < one.history().losses().length; trial++) {
        int row = trial;
        double[] y =
            IntStream.range(0, iterations.length)
                .mapToDouble(look -> one.history().changes(look)[row])
                .toArray();
        plot = trial == 0 ? plot.series(name(one), x, y, Look.LINE) : plot.sibling(x, y, Look.LINE);
      }
    }
    return plot;
  }

  private LinePlot spread() {
    double[] depths = cases.stream().mapToDouble(c -> c.run().network().depth()).sorted().toArray();
    double[] x = cases.stream().mapToDouble(c -> c.run().network().depth()).toArray();
    double[] measured = cases.stream().mapToDouble(ConvergenceReport::deviation).toArray();
    var scales = cases.get(0).run().network().scales();
    double s = scales.sigma() * scales.sigma() / 2 + scales.beta() * scales.beta();
    double[] theory =
        Arrays.stream(depths).map(depth -> Math.sqrt(1.25) * s / Math.sqrt(depth)).toArray();
    return Plots.lines("Spread over the trials", "depth", "standard deviation")
        .logX()
        .logY()
        .series("measured", x, measured, Look.POINTS)
        .series("theory", depths, theory, Look.DOTTED_LINE);
  }

  private static double deviation(Case one) {
    double[] values =
        Arrays.stream(one.history().kernels()[0]).mapToDouble(row -> row[0]).toArray();
    double mean = mean(values);
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(squares / (values.length - 1));
  }

  private static double[] change(Case one) {
    return one.history().changes(one.history().iterations().length - 1);
  }

  private String name(Case one) {
    return DeepNarrowConvergenceStep.name(cases, one);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double last(double[] values) {
    return values[values.length - 1];
  }

  private static double[][] last(double[][][] values) {
    return values[values.length - 1];
  }
}
