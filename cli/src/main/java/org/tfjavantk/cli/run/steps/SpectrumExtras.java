package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.Spectrum;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.regression.LabelledKernel;
import org.tfjavantk.solve.StoreSource;
import org.tfjavantk.spectrum.Alignment;
import org.tfjavantk.spectrum.Estimate;
import org.tfjavantk.spectrum.LanczosQuadrature;
import org.tfjavantk.store.KernelStore;

/** What a spectrum step says beside eigenvalues: how the kernel fits the labels, and estimates. */
final class SpectrumExtras {
  private static final int DENSITY_POINTS = 200;

  private final StepContext context;
  private final KernelStore store;
  private final StoreSource source;
  private final RunInputs inputs;

  SpectrumExtras(StepContext context, RunInputs inputs, KernelStore store) {
    this.context = context;
    this.inputs = inputs;
    this.store = store;
    this.source = new StoreSource(store);
  }

  /** Centred one-hot labels of the kernel's rows, where there are labels that fit it. */
  static Optional<Matrix> targets(StepContext context, RunInputs inputs, KernelStore store) {
    var dataset = context.run().getDataset();
    if (dataset.hasNpy() && dataset.getNpy().getTrainLabels().isEmpty()) {
      return Optional.empty();
    }
    Dataset data = inputs.dataset(context);
    int classes = data.classNames().size();
    int outputs = store.layout().outputs();
    int rows = store.layout().rowExamples();
    if (outputs != 1 && outputs != classes || rows > data.train().count()) {
      return Optional.empty();
    }
    Examples examples = FirstExamples.of(data.train(), rows);
    int[] labels = FirstExamples.labels(examples);
    return Optional.of(
        new PredictionInputs(new LabelledKernel(store, labels), null, classes).targets(labels));
  }

  ReportSection add(ReportSection start) throws IOException {
    ReportSection section = start;
    Map<String, Object> fields = new LinkedHashMap<>();
    Optional<Matrix> targets = targets(context, inputs, store);
    if (targets.isPresent()) {
      try (Matrix y = targets.get()) {
        double alignment = Alignment.withTarget(source, y);
        fields.put("kernel_target_alignment", alignment);
        section = section.figure("kernel_target_alignment", alignment);
      }
    }
    Spectrum config = context.step().getSpectrum();
    if (config.getProbes() > 0) {
      section = estimates(section, config, fields);
    }
    if (!fields.isEmpty()) {
      context.metrics().add(fields);
    }
    return section;
  }

  private ReportSection estimates(
      ReportSection section, Spectrum config, Map<String, Object> fields) throws IOException {
    LanczosQuadrature quadrature =
        LanczosQuadrature.of(
            source, config.getProbes(), config.getLanczosSteps(), context.run().getSeed());
    Map<String, Estimate> estimates = new LinkedHashMap<>();
    estimates.put("trace", quadrature.trace());
    estimates.put("log_determinant", quadrature.logDeterminant(config.getRidge()));
    estimates.put("effective_dimension", quadrature.effectiveDimension(config.getRidge()));
    StringBuilder words = new StringBuilder();
    estimates.forEach(
        (name, estimate) -> {
          fields.put(name + "_estimate", estimate.value());
          fields.put(name + "_margin", estimate.margin());
          words.append(words.length() == 0 ? "" : ", ").append(name.replace('_', ' '));
          words.append(' ').append(estimate);
        });
    density(quadrature);
    return section.paragraph(
        "By stochastic Lanczos quadrature with "
            + config.getProbes()
            + " random vectors, with 95% confidence intervals, at a ridge of "
            + config.getRidge()
            + ": "
            + words
            + ". The density of the eigenvalues is in density.csv.");
  }

  /** Smoothed to a fiftieth of the range. */
  private void density(LanczosQuadrature quadrature) throws IOException {
    double[] range = quadrature.range();
    double width = Math.max((range[1] - range[0]) / 50, Double.MIN_NORMAL);
    double[] x = new double[DENSITY_POINTS];
    Arrays.setAll(
        x,
        i -> range[0] - 3 * width + (range[1] - range[0] + 6 * width) * i / (DENSITY_POINTS - 1));
    double[] density = quadrature.density(x, width);
    Csv csv = new Csv("eigenvalue", "density");
    for (int i = 0; i < x.length; i++) {
      csv.line(x[i], density[i]);
    }
    String suffix = KernelRegressionStep.suffix(context);
    AtomicFiles.write(context.makes("density" + suffix + ".csv"), csv.toString());
  }
}
