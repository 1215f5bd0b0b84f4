package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Files;
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
import org.tfjavantk.config.proto.KernelRegression;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.Examples;
import org.tfjavantk.data.NpyWriter;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.regression.FittedModel;
import org.tfjavantk.regression.KernelRidge;
import org.tfjavantk.regression.RegressionProblem;
import org.tfjavantk.regression.RegressionResult;
import org.tfjavantk.regression.RidgeOutcome;
import org.tfjavantk.regression.RidgeSearch;
import org.tfjavantk.regression.Scores;
import org.tfjavantk.regression.SystemChoice;
import org.tfjavantk.store.KernelStore;

/**
 * Kernel ridge regression on the last kernel, or on one from files: {@code regression.csv} with a
 * line for every ridge, and of the final fit {@code predictions.npy} (test examples x classes),
 * {@code coefficients.npy} (training examples x classes) and the folder {@code model}.
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

  private StepKernels kernels(StepContext context) {
    KernelRegression config = context.step().getKernelRegression();
    return new StepKernels(context, inputs, config.getFiles(), config.getKernel());
  }

  @Override
  public void prepare(StepContext context) {
    StepKernels kernels = kernels(context);
    int classes = inputs.dataset(context).classNames().size();
    kernels.requireOutputs(classes);
    KernelRegression config = context.step().getKernelRegression();
    if (config.getChooseBy() == KernelRegression.ChooseBy.VALIDATION
        && !kernels.has("validation")) {
      Examples train = inputs.dataset(context).train();
      int examples = Math.toIntExact(kernels.rows() / kernels.outputs());
      KernelRidge.requireHeldOut(
          FirstExamples.labels(FirstExamples.of(train, examples)), classes, search(context));
    }
    Path scratch = context.directory().path();
    if (Regressions.choice(context, scratch).decided(kernels.rows()).kind()
        == SystemChoice.Kind.CHOLESKY) {
      requireMemory("kernel_regression", context, kernels.rows());
    }
  }

  private static RidgeSearch search(StepContext context) {
    return Regressions.search(context);
  }

  /** Refuses a kernel whose float64 copy does not fit the machine. */
  static void requireMemory(String step, StepContext context, long rows) {
    Memory.require(
        8 * rows * rows,
        String.format("step[%d].%s", context.index(), step),
        "take fewer examples in the empirical_kernel step");
  }

  @Override
  public String consumes(StepContext context) {
    Fingerprint fingerprint =
        new Fingerprint()
            .add("seed", context.run().getSeed())
            .add("regression", context.step().getKernelRegression());
    kernels(context).consume(fingerprint);
    return fingerprint.hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    RegressionProblem problem = problem(context);
    RidgeSearch search = search(context);
    context.progress().start(search.ridges().length + 1, "ridges");
    RegressionResult result =
        KernelRidge.solve(
            problem,
            search,
            solver(context, problem.train().kernel().layout().rows()),
            (done, total) -> context.progress().advance(1));
    String suffix = suffix(context);
    AtomicFiles.write(context.makes("regression" + suffix + ".csv"), csv(result));
    int classes = problem.classes();
    write(context.makes("coefficients" + suffix + ".npy"), result.coefficients(), classes);
    if (problem.test() != null) {
      write(context.makes("predictions" + suffix + ".npy"), result.testOutputs(), classes);
    }
    FittedModel.of(problem, result).save(context.makes("model" + suffix));
    metrics(context, result);
    report(context, problem, result);
  }

  /** A solver on disk has a folder of its own; what a step says it made must be there. */
  private static SystemChoice solver(StepContext context, long rows) throws IOException {
    SystemChoice choice = Regressions.choice(context, context.directory().path());
    if (choice.decided(rows).kind() == SystemChoice.Kind.CHOLESKY) {
      return choice;
    }
    Path folder = context.makes(context.label() + "-solver");
    Files.createDirectories(folder);
    return Regressions.choice(context, folder);
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

  private RegressionProblem problem(StepContext context) throws IOException {
    StepKernels kernels = kernels(context);
    return new RegressionProblem(
        kernels.labelled("train"),
        kernels.labelled("validation"),
        kernels.labelled("test"),
        inputs.dataset(context).classNames().size());
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
    fields.put("backward_error", last.certificate().backwardError());
    fields.put("condition_number", last.certificate().condition());
    fields.put("smallest_eigenvalue", last.certificate().smallest());
    if (last.validation() != null && !Double.isNaN(last.validation().accuracy())) {
      fields.put("validation_accuracy", last.validation().accuracy());
    }
    if (last.test() != null) {
      fields.put("test_accuracy", last.test().accuracy());
      fields.put("test_mse", last.test().meanSquaredError());
      fields.put("test_r_squared", last.test().rSquared());
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
    if (last.validation() != null && !Double.isNaN(last.validation().accuracy())) {
      section = section.percent("validation_accuracy", last.validation().accuracy());
    }
    section =
        section
            .figure("ridge", last.ridge())
            .figure("relative_residual", last.relativeResidual())
            .paragraph(explanation(context, problem, result))
            .paragraph("Of the final solution: " + last.certificate().words() + ".");
    if (context.step().getKernelRegression().getChooseBy() == KernelRegression.ChooseBy.TEST) {
      section =
          section.warning(
              "The ridge was chosen by test accuracy, so the test scores are too good for other"
                  + " examples.");
    }
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

  private static String explanation(
      StepContext context, RegressionProblem problem, RegressionResult result) {
    KernelStore kernel = problem.train().kernel();
    int n = kernel.layout().rowExamples();
    int held = result.heldOut().length;
    KernelRegression config = context.step().getKernelRegression();
    String how =
        switch (config.getChooseBy()) {
          case VALIDATION ->
              held > 0
                  ? "Every ridge was fitted on %,d of the training examples; the one with the best accuracy"
                      + " on the other %,d was chosen and fitted again on all. The curves and the table"
                      + " show the first fits, the numbers above the last one."
                  : problem.validation() == null
                      ? "The one ridge was fitted on all %,d training examples."
                      : "Every ridge was fitted on all %,d training examples; the one with the best accuracy"
                          + " on the validation set was chosen.";
          case K_FOLD ->
              "The ridge was chosen by cross-validation of the %,d training examples in "
                  + config.getFolds()
                  + " parts.";
          case LEAVE_ONE_OUT ->
              "The ridge was chosen by leaving out each of the %,d training examples once.";
          case GCV ->
              "The ridge was chosen by generalized cross-validation on %,d training examples; its value"
                  + " stands as validation error.";
          case TEST ->
              "The ridge was chosen on the test examples, fitted on %,d training examples.";
        };
    String test =
        config.getChooseBy() == KernelRegression.ChooseBy.TEST
            ? ""
            : " The test set had no part in the choice.";
    return String.format(
        Locale.ROOT,
        "Solves (Θ + λI) a = y in float64 with centred one-hot labels y; Θ is in "
            + kernel.directory().getFileName()
            + (kernel.layout().outputs() == 1 ? ", one matrix n x n for every class. " : ". ")
            + how
            + test
            + " Errors are squared distances, summed over the classes and averaged over the"
            + " examples.",
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
          if (!solved.isEmpty()
              && scores.apply(solved.get(0)) != null
              && !Double.isNaN(value.apply(scores.apply(solved.get(0))))) {
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
    return scores == null || Double.isNaN(scores.accuracy())
        ? ""
        : String.format(Locale.ROOT, "%.2f%%", 100 * scores.accuracy());
  }

  private static String error(Scores scores) {
    return scores == null ? "" : String.format(Locale.ROOT, "%.4f", scores.meanSquaredError());
  }
}
