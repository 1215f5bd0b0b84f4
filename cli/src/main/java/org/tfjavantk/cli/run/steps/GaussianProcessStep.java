package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.proto.GaussianProcess;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.regression.Scores;
import org.tfjavantk.solve.CholeskySolver;
import org.tfjavantk.solve.Solution;

/**
 * The posterior of a Gaussian process: {@code posterior.csv} with the mean of every test example
 * and class and, where the kernel of the test examples is given, its standard deviation.
 */
final class GaussianProcessStep implements StepRunner {
  private final RunInputs inputs;

  GaussianProcessStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "gaussian_process";
  }

  private StepKernels kernels(StepContext context) {
    GaussianProcess config = context.step().getGaussianProcess();
    return new StepKernels(context, inputs, config.getFiles(), config.getKernel());
  }

  @Override
  public void prepare(StepContext context) {
    kernels(context).requireOutputs(inputs.dataset(context).classNames().size());
    KernelRegressionStep.requireMemory("gaussian_process", context, kernels(context).rows());
  }

  @Override
  public String consumes(StepContext context) {
    Fingerprint fingerprint =
        new Fingerprint().add("gaussian_process", context.step().getGaussianProcess());
    kernels(context).consume(fingerprint);
    return fingerprint.hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    GaussianProcess config = context.step().getGaussianProcess();
    StepKernels kernels = kernels(context);
    PredictionInputs given =
        PredictionInputs.of(kernels, inputs.dataset(context).classNames().size());
    double shift = given.shift(Regressions.convention(config.getConvention()), config.getRidge());
    ReportSection section =
        ReportSection.titled(KernelRegressionStep.titled("Gaussian process", config.getKernel()));
    Map<String, Object> fields = new LinkedHashMap<>();
    try (CholeskySolver solver = CholeskySolver.of(given.source());
        Matrix y = given.targets(given.train().labels());
        Solution.Solved solved = solver.solve(shift, y).orThrow()) {
      double evidence = evidence(y, solved.x(), solver.logDeterminant(shift).orElseThrow());
      fields.put("log_marginal_likelihood", evidence);
      section = section.figure("log_marginal_likelihood", evidence);
      if (given.test() != null) {
        try (Matrix cross = PredictionInputs.dense(given.test().kernel());
            Matrix mean = new Matrix(cross.rows(), y.columns())) {
          Matrix.product(1, cross, false, solved.x(), false, 0, mean);
          double[] values = PredictionInputs.values(mean);
          double[] deviations =
              kernels.has("test_test") ? deviations(solver, shift, cross, kernels) : new double[0];
          write(context, values, deviations, given.classes());
          Scores scores = Scores.of(values, given.test().labels(), given.classes());
          fields.put("test_accuracy", scores.accuracy());
          fields.put("test_mse", scores.meanSquaredError());
          section = section.percent("test_accuracy", scores.accuracy());
        }
      }
      section =
          section.paragraph(
              "The posterior of centred one-hot labels with the kernel as covariance and the ridge as"
                  + " the variance of the noise. "
                  + solved.certificate().words()
                  + ".");
    }
    Metrics metrics = context.metrics();
    metrics.keep(row -> false);
    metrics.add(fields);
    context.report(section);
  }

  /** {@code −(Σ yᵀ a + r log det (K + s I) + r n log 2π) / 2} for r right-hand sides. */
  private static double evidence(Matrix y, Matrix a, double logDeterminant) {
    double fit = 0;
    for (int i = 0; i < y.rows(); i++) {
      double[] target = y.getRow(i);
      double[] coefficients = a.getRow(i);
      for (int c = 0; c < target.length; c++) {
        fit += target[c] * coefficients[c];
      }
    }
    int r = y.columns();
    return -(fit + r * logDeterminant + r * y.rows() * Math.log(2 * Math.PI)) / 2;
  }

  /** The square roots of the diagonal of {@code K** − K* (K + s I)⁻¹ K*ᵀ}. */
  private static double[] deviations(
      CholeskySolver solver, double shift, Matrix cross, StepKernels kernels) throws IOException {
    double[] prior = new org.tfjavantk.solve.StoreSource(kernels.store("test_test")).diagonal();
    try (Matrix right = cross.transposed();
        Solution.Solved weights = solver.solve(shift, right).orThrow();
        Matrix rows = weights.x().transposed()) {
      double[] deviations = new double[prior.length];
      for (int i = 0; i < deviations.length; i++) {
        double[] k = cross.getRow(i);
        double[] w = rows.getRow(i);
        double explained = 0;
        for (int j = 0; j < k.length; j++) {
          explained += k[j] * w[j];
        }
        // Rounding may leave a variance below 0.
        deviations[i] = Math.sqrt(Math.max(0, prior[i] - explained));
      }
      return deviations;
    }
  }

  private static void write(StepContext context, double[] means, double[] deviations, int classes)
      throws IOException {
    Csv csv = new Csv("example", "class", "mean", "standard_deviation");
    // One variance for each example, or for each example and class.
    int perRow = deviations.length == 0 ? 1 : means.length / deviations.length;
    for (int k = 0; k < means.length; k++) {
      csv.line(
          k / classes,
          k % classes,
          means[k],
          deviations.length == 0 ? Double.NaN : deviations[k / perRow]);
    }
    String suffix = KernelRegressionStep.suffix(context);
    AtomicFiles.write(context.makes("posterior" + suffix + ".csv"), csv.toString());
  }
}
