package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.FastArithmetic;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.Place;
import org.tfjavantk.empirical.SampledError;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.store.KernelStore;

/**
 * How a kernel is computed: the arithmetic, where, and how far it is from float64.
 *
 * @param kernel the step's config
 */
record KernelArithmetic(EmpiricalKernel kernel) {
  /** Examples on which fast arithmetic is compared with float64, at least. */
  private static final int LEAST_SAMPLE = 4;

  private boolean fast() {
    return kernel.getPrecision() == EmpiricalKernel.Arithmetic.FAST;
  }

  /** Refuses arithmetic that this process was not started for. */
  void require(StepContext context, Precision precision) {
    if (precision == Precision.FLOAT32) {
      FastArithmetic.require("step[" + context.index() + "].empirical_kernel.precision", fast());
    }
  }

  /** What a store says of it. */
  String name(Precision precision) {
    return fast() ? "FAST" : precision.name();
  }

  /** Where factors are contracted. */
  Place place() {
    return switch (kernel.getContraction()) {
      case BEST_PLACE -> fast() ? FastArithmetic.place() : Place.AUTO;
      case ON_PROCESSOR -> Place.PROCESSOR;
      case ON_DEVICE -> Place.DEVICE;
    };
  }

  private int sample() {
    return fast() ? Math.max(LEAST_SAMPLE, kernel.getFloat64Sample()) : kernel.getFloat64Sample();
  }

  /**
   * Compares the kernel of the training examples with float64 where that is wanted, and writes what
   * was found into the attributes of its first store.
   *
   * @param train the finished kernel of the training examples
   */
  Optional<SampledError> compare(
      StepContext context, RunInputs inputs, KernelSets sets, StoredBlock train)
      throws IOException {
    if (sample() == 0) {
      return Optional.empty();
    }
    context.progress().note("float64 sample");
    try (GraphModel model =
            inputs
                .models()
                .build(
                    context.run(),
                    inputs.dataset(context),
                    Optional.of(Precision.FLOAT64),
                    Build.device(context.run()));
        EmpiricalNtk exact =
            EmpiricalNtk.of(
                List.of(model),
                sets.empirical().choice(),
                sets.empirical().groups(),
                Place.PROCESSOR)) {
      Parameters.assign(context, model);
      double divisor = sets.empirical().divisor(kernel, model);
      KernelStore first = train.stores().get(0);
      SampledError error = SampledError.of(exact, sets.train(), train.stores(), sample(), divisor);
      first.withMeasured(error.fields());
      context.metrics().add(error.fields());
      return Optional.of(error);
    }
  }

  /** Says in the report what was found. */
  static ReportSection add(ReportSection section, SampledError error) {
    return section.paragraph(
        String.format(
            Locale.ROOT,
            "Compared with the kernel in float64 on %,d entries (%d examples with each other), the stored"
                + " entries are off by %.2g in the Frobenius norm, relatively, and by %.2g of the"
                + " largest entry at most.",
            error.entries(),
            error.examples(),
            error.relative(),
            error.largest()));
  }
}
