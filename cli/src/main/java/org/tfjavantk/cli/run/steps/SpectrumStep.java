package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.RunPlots;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.proto.Spectrum;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.StoreSource;
import org.tfjavantk.spectrum.Alignment;
import org.tfjavantk.spectrum.KernelSpectrum;
import org.tfjavantk.spectrum.TopEigenvalues;
import org.tfjavantk.store.KernelStore;

/**
 * Eigenvalues of a matrix of the last kernel, or of one from a file, in {@code eigenvalues.csv}.
 */
final class SpectrumStep implements StepRunner {
  private final RunInputs inputs;

  SpectrumStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "spectrum";
  }

  private StepKernels kernels(StepContext context) {
    Spectrum config = context.step().getSpectrum();
    return new StepKernels(context, inputs, config.getFiles(), config.getKernel());
  }

  @Override
  public void prepare(StepContext context) {
    long rows = kernels(context).rows();
    int top = context.step().getSpectrum().getTop();
    if (top == 0) {
      KernelRegressionStep.requireMemory("spectrum", context, rows);
    } else if (top > rows) {
      throw new UserException(
          String.format(
              "step[%d].spectrum.top is %d and the kernel has %d rows",
              context.index(), top, rows));
    }
  }

  @Override
  public String consumes(StepContext context) {
    Fingerprint fingerprint = new Fingerprint().add("spectrum", context.step().getSpectrum());
    kernels(context).consume(fingerprint);
    return fingerprint.hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    KernelStore store = kernels(context).store("train");
    Spectrum config = context.step().getSpectrum();
    context.metrics().keep(row -> false);
    ReportSection section =
        config.getTop() == 0 ? full(context, store) : top(context, store, config.getTop());
    section = new SpectrumExtras(context, inputs, store).add(section);
    context.report(section);
  }

  private static void values(StepContext context, double[] values) throws IOException {
    StringBuilder text = new StringBuilder("rank,eigenvalue\n");
    for (int i = 0; i < values.length; i++) {
      text.append(i + 1).append(',').append(values[i]).append('\n');
    }
    String suffix = KernelRegressionStep.suffix(context);
    AtomicFiles.write(context.makes("eigenvalues" + suffix + ".csv"), text.toString());
  }

  private static ReportSection full(StepContext context, KernelStore store) throws IOException {
    KernelSpectrum spectrum = KernelSpectrum.of(store);
    values(context, spectrum.eigenvalues());
    metrics(context, spectrum);
    return report(context, spectrum, store);
  }

  /** The largest eigenvalues, and how much of the labels their eigenvectors hold. */
  private ReportSection top(StepContext context, KernelStore store, int count) throws IOException {
    StoreSource source = new StoreSource(store);
    try (TopEigenvalues top = TopEigenvalues.of(source, count, context.run().getSeed())) {
      values(context, top.values());
      double trace = Arrays.stream(source.diagonal()).sum();
      double[] found = top.values();
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("largest", found[0]);
      fields.put("trace", trace);
      fields.put("part_of_trace", Arrays.stream(found).sum() / trace);
      double ratio = Alignment.participationRatio(trace, source.frobeniusNorm());
      fields.put("participation_ratio", ratio);
      ReportSection section =
          ReportSection.titled(titled(context))
              .figure("largest", found[0])
              .figure("participation_ratio", ratio)
              .percent("part_of_trace", Arrays.stream(found).sum() / trace)
              .paragraph(
                  String.format(
                      Locale.ROOT,
                      "The %,d largest eigenvalues of %s by Lanczos's method, %,d products; none is"
                          + " farther than %.1e from one of the kernel.",
                      found.length,
                      store.directory().getFileName(),
                      top.products(),
                      Arrays.stream(top.errors()).max().orElse(0)));
      Optional<Matrix> targets = SpectrumExtras.targets(context, inputs, store);
      if (targets.isPresent()) {
        try (Matrix y = targets.get()) {
          double[] parts = Alignment.withEigenvectors(top.vectors(), y);
          fields.put("labels_in_span", parts[parts.length - 1]);
          section = section.percent("labels_in_span", parts[parts.length - 1]);
        }
      }
      context.metrics().add(fields);
      return pictured(context, section, found);
    }
  }

  private static String titled(StepContext context) {
    return KernelRegressionStep.titled("Spectrum", context.step().getSpectrum().getKernel());
  }

  private static void metrics(StepContext context, KernelSpectrum spectrum) throws IOException {
    double[] values = spectrum.eigenvalues();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("largest", values[0]);
    fields.put("smallest", values[values.length - 1]);
    fields.put("condition_number", spectrum.conditionNumber());
    fields.put("negative", spectrum.negative());
    fields.put("trace", spectrum.trace());
    fields.put("trace_error", spectrum.traceError());
    fields.put("participation_ratio", spectrum.participationRatio());
    fields.put("effective_rank", spectrum.effectiveRank());
    context.metrics().add(fields);
  }

  private static ReportSection report(
      StepContext context, KernelSpectrum spectrum, KernelStore store) throws IOException {
    double[] values = spectrum.eigenvalues();
    ReportSection section =
        ReportSection.titled(titled(context))
            .figure("largest", values[0])
            .figure("smallest", values[values.length - 1])
            .figure("condition_number", spectrum.conditionNumber())
            .figure("effective_rank", spectrum.effectiveRank())
            .figure("participation_ratio", spectrum.participationRatio())
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "All %,d eigenvalues of %s, computed in float64; they add up to the trace to %.1e of the"
                        + " Frobenius norm. Rounding the entries to %s, in which they are stored, and"
                        + " computing the eigenvalues move none by more than %.2g; arithmetic of less than"
                        + " float64 in the entries adds to it.",
                    values.length,
                    store.directory().getFileName(),
                    spectrum.traceError(),
                    store.layout().storage().zarrName(),
                    spectrum.noise()));
    if (spectrum.negativeBeyondNoise() > 0) {
      section =
          section.warning(
              String.format(
                  Locale.ROOT,
                  "%,d eigenvalues are below minus that (the smallest is %.3g): the kernel as stored is"
                      + " not positive semi-definite. Compute and store it in a wider type if that matters.",
                  spectrum.negativeBeyondNoise(),
                  values[values.length - 1]));
    }
    return pictured(context, section, values);
  }

  private static ReportSection pictured(StepContext context, ReportSection section, double[] values)
      throws IOException {
    var picture =
        context
            .plots()
            .write(
                context.label(),
                RunPlots.spectrum(values),
                "Eigenvalues of the kernel, largest first.");
    return picture.isPresent() ? section.picture(picture.get()) : section;
  }
}
