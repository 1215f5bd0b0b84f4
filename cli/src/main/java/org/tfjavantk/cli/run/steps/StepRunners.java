package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.run.RunCheck;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.config.proto.Step;

/** The one place that knows which kinds of step there are. */
public final class StepRunners {
  private StepRunners() {}

  /** What carries out each kind of step. */
  public static Map<Step.KindCase, StepRunner> all() {
    RunInputs inputs = new RunInputs();
    return Map.of(
        Step.KindCase.TRAIN, new TrainStep(inputs),
        Step.KindCase.EMPIRICAL_KERNEL, new EmpiricalKernelStep(inputs),
        Step.KindCase.KERNEL_REGRESSION, new KernelRegressionStep(inputs),
        Step.KindCase.SPECTRUM, new SpectrumStep(inputs));
  }

  /** What must hold before any step of a run starts. */
  public static List<RunCheck> checks() {
    return List.of(new GpuCheck());
  }
}
