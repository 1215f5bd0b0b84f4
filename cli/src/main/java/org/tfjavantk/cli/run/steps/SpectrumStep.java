package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.RunPlots;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.spectrum.KernelSpectrum;
import org.tfjavantk.store.KernelStore;

/** All eigenvalues of a matrix of the last kernel, in {@code eigenvalues.csv}. */
final class SpectrumStep implements StepRunner {
  private final RunInputs inputs;

  SpectrumStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "spectrum";
  }

  @Override
  public void prepare(StepContext context) {
    KernelSets sets = KernelSets.of(KernelRegressionStep.kernelStep(context), inputs);
    int side = sets.kinds().matrices().get(matrix(context, sets)).side();
    KernelRegressionStep.requireMemory("spectrum", context, (long) sets.train().count() * side);
  }

  private static int matrix(StepContext context, KernelSets sets) {
    return sets.kinds()
        .chosen("step[" + context.index() + "].spectrum", context.step().getSpectrum().getKernel());
  }

  private Path kernel(StepContext context) {
    KernelSets sets = KernelSets.of(KernelRegressionStep.kernelStep(context), inputs);
    String name = sets.block("train").files().get(matrix(context, sets));
    return context.directory().resolve(name);
  }

  @Override
  public String consumes(StepContext context) {
    return new Fingerprint()
        .add("spectrum", context.step().getSpectrum())
        .add("kernel", KernelStore.open(kernel(context)).contentHash())
        .hex();
  }

  @Override
  public void run(StepContext context) throws IOException {
    KernelStore store = KernelStore.open(kernel(context));
    KernelSpectrum spectrum = KernelSpectrum.of(store);
    StringBuilder csv = new StringBuilder("rank,eigenvalue\n");
    double[] values = spectrum.eigenvalues();
    for (int i = 0; i < values.length; i++) {
      csv.append(i + 1).append(',').append(values[i]).append('\n');
    }
    String suffix = KernelRegressionStep.suffix(context);
    AtomicFiles.write(context.makes("eigenvalues" + suffix + ".csv"), csv.toString());
    metrics(context, spectrum);
    report(context, spectrum, store);
  }

  private static void metrics(StepContext context, KernelSpectrum spectrum) throws IOException {
    Metrics metrics = context.metrics();
    metrics.keep(row -> false);
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
    metrics.add(fields);
  }

  private static void report(StepContext context, KernelSpectrum spectrum, KernelStore store)
      throws IOException {
    double[] values = spectrum.eigenvalues();
    ReportSection section =
        ReportSection.titled(
                KernelRegressionStep.titled("Spectrum", context.step().getSpectrum().getKernel()))
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
    var picture =
        context
            .plots()
            .write(
                context.label(),
                RunPlots.spectrum(values),
                "Eigenvalues of the kernel, largest first.");
    context.report(picture.isPresent() ? section.picture(picture.get()) : section);
  }
}
