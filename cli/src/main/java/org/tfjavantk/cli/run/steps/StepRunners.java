package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
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
    return Map.ofEntries(
        Map.entry(Step.KindCase.TRAIN, new TrainStep(inputs)),
        Map.entry(Step.KindCase.EMPIRICAL_KERNEL, new EmpiricalKernelStep(inputs)),
        Map.entry(Step.KindCase.INFINITE_KERNEL, new InfiniteKernelStep(inputs)),
        Map.entry(Step.KindCase.ANALYTIC_KERNEL, new AnalyticKernelStep(inputs)),
        Map.entry(Step.KindCase.MONTE_CARLO, new MonteCarloStep(inputs)),
        Map.entry(Step.KindCase.KERNEL_REGRESSION, new KernelRegressionStep(inputs)),
        Map.entry(Step.KindCase.SPECTRUM, new SpectrumStep(inputs)),
        Map.entry(Step.KindCase.GAUSSIAN_PROCESS, new GaussianProcessStep(inputs)),
        Map.entry(Step.KindCase.GRADIENT_FLOW, new GradientFlowStep(inputs)),
        Map.entry(Step.KindCase.DEEP_NARROW_CONVERGENCE, new DeepNarrowConvergenceStep()),
        Map.entry(Step.KindCase.DEEP_NARROW_MNIST, new DeepNarrowMnistStep(inputs)));
  }

  /**
   * What the kernel steps among these are going to do.
   *
   * @param pilot whether a pilot says what they take, some seconds for each
   */
  public static List<KernelPlan> kernelPlans(List<StepContext> steps, boolean pilot) {
    RunInputs inputs = new RunInputs();
    List<KernelPlan> plans = new ArrayList<>();
    for (StepContext context : steps) {
      switch (context.step().getKindCase()) {
        case EMPIRICAL_KERNEL ->
            plans.add(new EmpiricalKernelStep(inputs).kernelPlan(context, pilot));
        case INFINITE_KERNEL ->
            plans.add(new InfiniteKernelStep(inputs).kernelPlan(context, pilot));
        case ANALYTIC_KERNEL ->
            plans.add(new AnalyticKernelStep(inputs).kernelPlan(context, pilot));
        default -> {
          // makes no kernel
        }
      }
    }
    return plans;
  }

  /** What must hold before any step of a run starts. */
  public static List<RunCheck> checks() {
    return List.of(new GpuCheck());
  }
}
