package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.RunPlots;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.proto.GradientFlow;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.predict.Descent;
import org.tfjavantk.predict.KernelFlow;
import org.tfjavantk.regression.Scores;

/** Training and test scores along the gradient flow of a kernel, in {@code flow.csv}. */
final class GradientFlowStep implements StepRunner {
  private final RunInputs inputs;

  GradientFlowStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  /** Scores at one time; those of the test examples may be null. */
  private record Point(double time, Scores train, Scores test) {}

  @Override
  public String title() {
    return "gradient_flow";
  }

  private StepKernels kernels(StepContext context) {
    GradientFlow config = context.step().getGradientFlow();
    return new StepKernels(context, inputs, config.getFiles(), config.getKernel());
  }

  @Override
  public void prepare(StepContext context) {
    kernels(context).requireOutputs(inputs.dataset(context).classNames().size());
    KernelRegressionStep.requireMemory("gradient_flow", context, kernels(context).rows());
  }

  @Override
  public String consumes(StepContext context) {
    Fingerprint fingerprint =
        new Fingerprint().add("gradient_flow", context.step().getGradientFlow());
    kernels(context).consume(fingerprint);
    return fingerprint.hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    GradientFlow config = context.step().getGradientFlow();
    PredictionInputs given =
        PredictionInputs.of(kernels(context), inputs.dataset(context).classNames().size());
    double values = (double) given.train().labels().length * given.classes();
    double shift = given.shift(Regressions.convention(config.getConvention()), config.getRidge());
    List<Point> points = new ArrayList<>();
    double largestRate;
    try (KernelFlow flow = KernelFlow.of(given.source(), shift, config.getLearningRate() / values);
        Matrix y = given.targets(given.train().labels());
        Matrix zero = new Matrix(y.rows(), y.columns());
        Matrix cross =
            given.test() == null
                ? new Matrix(0, y.rows())
                : PredictionInputs.dense(given.test().kernel());
        Matrix zeroTest = new Matrix(cross.rows(), y.columns())) {
      double[] eigenvalues = flow.eigenvalues();
      largestRate =
          Descent.largestLearningRate(eigenvalues[eigenvalues.length - 1] + shift, 0, values);
      for (double time : times(config)) {
        try (Matrix train = flow.train(time, y, zero);
            Matrix test = flow.test(time, cross, y, zero, zeroTest)) {
          points.add(
              new Point(
                  time,
                  Scores.of(
                      PredictionInputs.values(train), given.train().labels(), given.classes()),
                  given.test() == null
                      ? null
                      : Scores.of(
                          PredictionInputs.values(test), given.test().labels(), given.classes())));
        }
      }
    }
    write(context, points, largestRate);
  }

  /** 0, those of the config, infinity. */
  private static double[] times(GradientFlow config) {
    double[] times = new double[config.getCount() + 2];
    double from = Math.log10(config.getFrom());
    double step = (Math.log10(config.getTo()) - from) / (config.getCount() - 1);
    for (int k = 0; k < config.getCount(); k++) {
      times[k + 1] = Math.pow(10, from + k * step);
    }
    times[times.length - 1] = Double.POSITIVE_INFINITY;
    return times;
  }

  private static void write(StepContext context, List<Point> points, double largestRate)
      throws IOException {
    Csv csv = new Csv("time", "train_mse", "train_accuracy", "test_mse", "test_accuracy");
    for (Point point : points) {
      boolean test = point.test() != null;
      csv.line(
          point.time(),
          point.train().meanSquaredError(),
          point.train().accuracy(),
          test ? point.test().meanSquaredError() : Double.NaN,
          test ? point.test().accuracy() : Double.NaN);
    }
    String suffix = KernelRegressionStep.suffix(context);
    AtomicFiles.write(context.makes("flow" + suffix + ".csv"), csv.toString());
    Point last = points.get(points.size() - 1);
    Metrics metrics = context.metrics();
    metrics.keep(row -> false);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("largest_learning_rate", largestRate);
    if (last.test() != null) {
      fields.put("test_accuracy", last.test().accuracy());
      fields.put("test_mse", last.test().meanSquaredError());
    }
    metrics.add(fields);
    report(context, points, last, largestRate);
  }

  private static void report(
      StepContext context, List<Point> points, Point last, double largestRate) throws IOException {
    GradientFlow config = context.step().getGradientFlow();
    ReportSection section =
        ReportSection.titled(KernelRegressionStep.titled("Gradient flow", config.getKernel()));
    if (last.test() != null) {
      section = section.percent("test_accuracy", last.test().accuracy());
    }
    section =
        section
            .figure("largest_learning_rate", largestRate)
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "How outputs that start at 0 follow the gradient of the squared error, in closed"
                        + " form, to infinite time (the numbers above). Gradient descent with steps"
                        + " diverges above a learning rate of %.4g.",
                    largestRate));
    List<Point> finite = points.subList(1, points.size() - 1);
    double[] times = finite.stream().mapToDouble(Point::time).toArray();
    List<RunPlots.Curve> curves = new ArrayList<>();
    curves.add(
        new RunPlots.Curve(
            "train", finite.stream().mapToDouble(p -> p.train().meanSquaredError()).toArray()));
    if (last.test() != null) {
      curves.add(
          new RunPlots.Curve(
              "test", finite.stream().mapToDouble(p -> p.test().meanSquaredError()).toArray()));
    }
    var picture =
        context
            .plots()
            .write(
                context.label(),
                RunPlots.errorByTime(times, curves),
                "Squared error against time.");
    context.report(picture.isPresent() ? section.picture(picture.get()) : section);
  }
}
