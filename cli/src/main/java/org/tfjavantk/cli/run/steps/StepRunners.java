package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.run.RunCheck;
import org.tfjavantk.cli.run.StepContext;
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
        Step.KindCase.INFINITE_KERNEL, new InfiniteKernelStep(inputs),
        Step.KindCase.MONTE_CARLO, new MonteCarloStep(inputs),
        Step.KindCase.KERNEL_REGRESSION, new KernelRegressionStep(inputs),
        Step.KindCase.SPECTRUM, new SpectrumStep(inputs));
  }

  /**
   * What the kernel steps among these are going to do.
   *
   * @param pilot whether a pilot says what they take, some seconds for each
   */
  public static List<KernelPlan> kernelPlans(List<StepContext> steps, boolean pilot) {
    EmpiricalKernelStep runner = new EmpiricalKernelStep(new RunInputs());
    return steps.stream()
        .filter(context -> context.step().getKindCase() == Step.KindCase.EMPIRICAL_KERNEL)
        .map(context -> runner.kernelPlan(context, pilot))
        .toList();
  }

  /** What must hold before any step of a run starts. */
  public static List<RunCheck> checks() {
    return List.of(new GpuCheck());
  }
}
