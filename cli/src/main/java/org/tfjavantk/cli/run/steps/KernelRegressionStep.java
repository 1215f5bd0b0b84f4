package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.LinePlot;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.RunPlots;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.KernelRegression;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.NpyWriter;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.regression.KernelRidge;
import org.tfjavantk.regression.LabelledKernel;
import org.tfjavantk.regression.RegressionProblem;
import org.tfjavantk.regression.RegressionResult;
import org.tfjavantk.regression.RidgeOutcome;
import org.tfjavantk.regression.RidgeSearch;
import org.tfjavantk.regression.Scores;
import org.tfjavantk.store.KernelStore;

/**
 * Kernel ridge regression on the last kernel: {@code regression.csv} with a line for every ridge,
 * {@code predictions.npy} (test examples x classes) and {@code coefficients.npy} (training examples
 * x classes) of the final fit.
 */
final class KernelRegressionStep implements StepRunner {
  private final RunInputs inputs;

  KernelRegressionStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "kernel_regression";
  }

  static StepContext kernelStep(StepContext context) {
    return context
        .earlier(KernelKinds::makesKernels)
        .orElseThrow(
            () -> new UserException("step[" + context.index() + "] needs a kernel step before it"));
  }

  @Override
  public void prepare(StepContext context) {
    KernelSets sets = KernelSets.of(kernelStep(context), inputs);
    int classes = inputs.dataset(context).classNames().size();
    int outputs = sets.kinds().matrices().get(matrix(context, sets)).side();
    if (outputs != 1 && outputs != classes) {
      throw new UserException(
          String.format(
              "step[%d].kernel_regression: the kernel is of %d outputs and the data set has %d classes;"
                  + " there must be one output for each class (a network of layers has it with"
                  + " network.outputs at 0), or a matrix n x n (empirical_kernel.outputs: TRACE or"
                  + " SUM)",
              context.index(), outputs, classes));
    }
    if (sets.block("validation") == null) {
      KernelRidge.requireHeldOut(FirstExamples.labels(sets.train()), classes, search(context));
    }
    requireMemory("kernel_regression", context, (long) sets.train().count() * outputs);
  }

  private static int matrix(StepContext context, KernelSets sets) {
    return sets.kinds()
        .chosen(
            "step[" + context.index() + "].kernel_regression",
            context.step().getKernelRegression().getKernel());
  }

  private static RidgeSearch search(StepContext context) {
    KernelRegression config = context.step().getKernelRegression();
    return new RidgeSearch(
        Build.ridges(config.getRidge()), config.getValidationFraction(), context.run().getSeed());
  }

  /** Refuses a kernel whose float64 copy does not fit the machine. */
  static void requireMemory(String step, StepContext context, long rows) {
    Memory.require(
        8 * rows * rows,
        String.format("step[%d].%s", context.index(), step),
        "take fewer examples in the kernel step");
  }

  @Override
  public String consumes(StepContext context) {
    StepContext kernel = kernelStep(context);
    Fingerprint fingerprint =
        new Fingerprint()
            .add("seed", context.run().getSeed())
            .add("regression", context.step().getKernelRegression());
    KernelSets sets = KernelSets.of(kernel, inputs);
    for (KernelSets.Block block : sets.blocks()) {
      Path path = context.directory().resolve(block.files().get(matrix(context, sets)));
      fingerprint.add(block.part(), KernelStore.open(path).contentHash());
    }
    return fingerprint.hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    RegressionProblem problem = problem(context);
    RidgeSearch search = search(context);
    context.progress().start(search.ridges().length + 1, "ridges");
    RegressionResult result =
        KernelRidge.solve(problem, search, (done, total) -> context.progress().advance(1));
    String suffix = suffix(context);
    AtomicFiles.write(context.makes("regression" + suffix + ".csv"), csv(result));
    int classes = problem.classes();
    write(context.makes("coefficients" + suffix + ".npy"), result.coefficients(), classes);
    if (problem.test() != null) {
      write(context.makes("predictions" + suffix + ".npy"), result.testOutputs(), classes);
    }
    metrics(context, result);
    report(context, problem, result);
  }

  /** Nothing for the first step of its kind, then 2, 3, ... */
  static String suffix(StepContext context) {
    int before = 0;
    for (int k = 0; k < context.index(); k++) {
      if (context.run().getStep(k).getKindCase() == context.step().getKindCase()) {
        before++;
      }
    }
    return before == 0 ? "" : Integer.toString(before + 1);
  }

  private RegressionProblem problem(StepContext context) {
    KernelSets sets = KernelSets.of(kernelStep(context), inputs);
    int matrix = matrix(context, sets);
    return new RegressionProblem(
        labelled(context, sets.block("train"), matrix),
        labelled(context, sets.block("validation"), matrix),
        labelled(context, sets.block("test"), matrix),
        inputs.dataset(context).classNames().size());
  }

  private static LabelledKernel labelled(StepContext context, KernelSets.Block block, int matrix) {
    if (block == null) {
      return null;
    }
    KernelStore store = KernelStore.open(context.directory().resolve(block.files().get(matrix)));
    return new LabelledKernel(store, FirstExamples.labels(block.rows()));
  }

  private static void write(Path path, double[] values, int columns) {
    try (NpyWriter writer =
        NpyWriter.create(path, ElementType.F8, values.length / columns, columns)) {
      for (int i = 0; i < values.length; i += columns) {
        writer.writeRow(values, i);
      }
    }
  }

  private static String csv(RegressionResult result) {
    StringBuilder csv =
        new StringBuilder(
            "ridge,positive_definite,relative_residual,reciprocal_condition,train_mse,"
                + "train_accuracy,validation_mse,validation_accuracy,test_mse,test_accuracy\n");
    for (RidgeOutcome outcome : result.outcomes()) {
      csv.append(outcome.ridge());
      if (outcome instanceof RidgeOutcome.Solved solved) {
        csv.append(",true,")
            .append(solved.relativeResidual())
            .append(',')
            .append(solved.reciprocalCondition());
        for (Scores scores : new Scores[] {solved.train(), solved.validation(), solved.test()}) {
          csv.append(
              scores == null ? ",," : "," + scores.meanSquaredError() + "," + scores.accuracy());
        }
      } else {
        csv.append(",false,,,,,,,,");
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  private static void metrics(StepContext context, RegressionResult result) throws IOException {
    Metrics metrics = context.metrics();
    metrics.keep(row -> false);
    RidgeOutcome.Solved last = result.finalFit();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("ridge", last.ridge());
    fields.put("relative_residual", last.relativeResidual());
    fields.put("train_accuracy", last.train().accuracy());
    fields.put("validation_accuracy", last.validation().accuracy());
    if (last.test() != null) {
      fields.put("test_accuracy", last.test().accuracy());
      fields.put("test_mse", last.test().meanSquaredError());
    }
    metrics.add(fields);
  }

  private static void report(
      StepContext context, RegressionProblem problem, RegressionResult result) throws IOException {
    RidgeOutcome.Solved last = result.finalFit();
    ReportSection section =
        ReportSection.titled(
            titled("Kernel ridge regression", context.step().getKernelRegression().getKernel()));
    if (last.test() != null) {
      section = section.percent("test_accuracy", last.test().accuracy());
    }
    section =
        section
            .percent("validation_accuracy", last.validation().accuracy())
            .figure("ridge", last.ridge())
            .figure("relative_residual", last.relativeResidual())
            .paragraph(explanation(problem, result));
    long failed =
        result.outcomes().stream().filter(o -> !(o instanceof RidgeOutcome.Solved)).count();
    if (failed > 0) {
      section =
          section.warning(
              failed
                  + " of the ridges leave the kernel not positive definite in float64 and were"
                  + " skipped; the table names them.");
    }
    for (RidgeOutcome.NotPositiveDefinite worse : result.refitFailures()) {
      section =
          section.warning(
              String.format(
                  Locale.ROOT,
                  "The ridge %.3g was better on the validation examples, but the kernel of all"
                      + " training examples plus it is not positive definite.",
                  worse.ridge()));
    }
    section = pictures(context, section, result);
    List<List<String>> rows = result.outcomes().stream().map(KernelRegressionStep::row).toList();
    context.report(
        section.table(
            "Every ridge",
            List.of(
                "ridge",
                "train accuracy",
                "validation accuracy",
                "test accuracy",
                "train error",
                "validation error",
                "test error",
                "relative residual"),
            rows));
  }

  /** A section's title with the matrix that its step names. */
  static String titled(String title, String kernel) {
    return kernel.isEmpty() ? title : title + ", " + kernel;
  }

  private static String explanation(RegressionProblem problem, RegressionResult result) {
    KernelStore kernel = problem.train().kernel();
    int n = kernel.layout().rowExamples();
    int held = result.heldOut().length;
    String how =
        held == 0
            ? "Every ridge was fitted on all %,d training examples; the one with the best accuracy on the"
                + " validation set was chosen."
            : "Every ridge was fitted on %,d of the training examples; the one with the best accuracy on"
                + " the other %,d was chosen and fitted again on all. The curves and the table show"
                + " the first fits, the numbers above the last one.";
    return String.format(
        Locale.ROOT,
        "Solves (Θ + λI) a = y in float64 with centred one-hot labels y; Θ is in "
            + kernel.directory().getFileName()
            + (kernel.layout().outputs() == 1 ? ", one matrix n x n for every class. " : ". ")
            + how
            + " The test set had no part in the choice. Errors are squared distances, summed over the"
            + " classes and averaged over the examples.",
        n - held,
        held);
  }

  private static ReportSection pictures(
      StepContext context, ReportSection section, RegressionResult result) throws IOException {
    List<RidgeOutcome.Solved> solved =
        result.outcomes().stream()
            .filter(o -> o instanceof RidgeOutcome.Solved s && s.ridge() > 0)
            .map(o -> (RidgeOutcome.Solved) o)
            .toList();
    double[] ridges = solved.stream().mapToDouble(RidgeOutcome.Solved::ridge).toArray();
    Map<String, LinePlot> plots = new LinkedHashMap<>();
    plots.put(
        "accuracy",
        RunPlots.accuracyByRidge(ridges, curves(solved, Scores::accuracy), result.chosen()));
    plots.put(
        "error",
        RunPlots.errorByRidge(ridges, curves(solved, Scores::meanSquaredError), result.chosen()));
    for (var entry : plots.entrySet()) {
      var picture =
          context
              .plots()
              .write(
                  context.label() + "-" + entry.getKey(),
                  entry.getValue(),
                  entry.getKey().equals("accuracy")
                      ? "Accuracy against the ridge."
                      : "Squared error against the ridge.");
      if (picture.isPresent()) {
        section = section.picture(picture.get());
      }
    }
    return section;
  }

  private static List<RunPlots.Curve> curves(
      List<RidgeOutcome.Solved> solved, Function<Scores, Double> value) {
    List<RunPlots.Curve> curves = new ArrayList<>();
    Map<String, Function<RidgeOutcome.Solved, Scores>> sets = new LinkedHashMap<>();
    sets.put("train", RidgeOutcome.Solved::train);
    sets.put("validation", RidgeOutcome.Solved::validation);
    sets.put("test", RidgeOutcome.Solved::test);
    sets.forEach(
        (name, scores) -> {
          if (!solved.isEmpty() && scores.apply(solved.get(0)) != null) {
            curves.add(
                new RunPlots.Curve(
                    name,
                    solved.stream().mapToDouble(s -> value.apply(scores.apply(s))).toArray()));
          }
        });
    return curves;
  }

  private static List<String> row(RidgeOutcome outcome) {
    String ridge = String.format(Locale.ROOT, "%.3g", outcome.ridge());
    if (outcome instanceof RidgeOutcome.Solved s) {
      return List.of(
          ridge,
          percent(s.train()),
          percent(s.validation()),
          percent(s.test()),
          error(s.train()),
          error(s.validation()),
          error(s.test()),
          String.format(Locale.ROOT, "%.1e", s.relativeResidual()));
    }
    return List.of(ridge, "not positive definite", "", "", "", "", "", "");
  }

  private static String percent(Scores scores) {
    return scores == null ? "" : String.format(Locale.ROOT, "%.2f%%", 100 * scores.accuracy());
  }

  private static String error(Scores scores) {
    return scores == null ? "" : String.format(Locale.ROOT, "%.4f", scores.meanSquaredError());
  }
}
