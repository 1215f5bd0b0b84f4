package org.tfjavantk.cli.run.steps;

import java.nio.file.Path;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.KernelRegression;
import org.tfjavantk.config.proto.Solver;
import org.tfjavantk.regression.RidgeChoice;
import org.tfjavantk.regression.RidgeConvention;
import org.tfjavantk.regression.RidgeSearch;
import org.tfjavantk.regression.SystemChoice;
import org.tfjavantk.solve.ConjugateGradients;
import org.tfjavantk.solve.Preconditioners;

/** What a regression step asks of the library. */
final class Regressions {
  private static final int CHECKPOINT_EVERY = 20;

  private Regressions() {}

  static RidgeSearch search(StepContext context) {
    KernelRegression config = context.step().getKernelRegression();
    return new RidgeSearch(
        Build.ridges(config.getRidge()),
        convention(config.getConvention()),
        RidgeChoice.valueOf(config.getChooseBy().name()),
        config.getFolds(),
        config.getValidationFraction(),
        context.run().getSeed());
  }

  static RidgeConvention convention(org.tfjavantk.config.proto.RidgeConvention convention) {
    return RidgeConvention.valueOf(convention.name());
  }

  /**
   * The solver.
   *
   * @param scratch folder for factors and checkpoints
   */
  static SystemChoice choice(StepContext context, Path scratch) {
    Solver solver = context.step().getKernelRegression().getSolver();
    return new SystemChoice(
        SystemChoice.Kind.valueOf(solver.getKind().name()),
        Bytes.parse(solver.getMemory()),
        scratch,
        new ConjugateGradients.Settings(
            solver.getTolerance(),
            solver.getIterations(),
            Preconditioners.Kind.valueOf(solver.getPreconditioner().name()),
            solver.getRank(),
            context.run().getSeed(),
            scratch.resolve("iteration"),
            CHECKPOINT_EVERY,
            (iteration, residual) ->
                context
                    .progress()
                    .note("iteration " + iteration + ", residual " + Numbers.brief(residual))),
        (done, total) -> context.progress().note("panel " + done + " of " + total));
  }
}
