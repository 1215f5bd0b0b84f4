package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Locale;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.graphs.UserException;

/** Which matrices a kernel step makes. */
interface KernelKinds {
  /** One matrix. */
  interface Matrix {
    /** What stands in the name of its files; empty for the only one. */
    String name();

    /** Rows and columns for a pair of examples. */
    int side();
  }

  /** A matrix with one entry for a pair of examples. */
  record OfPairs(String name) implements Matrix {
    @Override
    public int side() {
      return 1;
    }
  }

  /** All of them. */
  List<? extends Matrix> matrices();

  /** Whether a step makes kernels. */
  static boolean makesKernels(Step step) {
    return switch (step.getKindCase()) {
      case EMPIRICAL_KERNEL, INFINITE_KERNEL, ANALYTIC_KERNEL -> true;
      default -> false;
    };
  }

  /** The matrices of a kernel step. */
  static KernelKinds of(StepContext context, RunInputs inputs) {
    Step step = context.step();
    return switch (step.getKindCase()) {
      case INFINITE_KERNEL -> InfiniteKinds.of(step.getInfiniteKernel());
      case ANALYTIC_KERNEL -> {
        String name = step.getAnalyticKernel().getKernelCase().name().toLowerCase(Locale.ROOT);
        yield () -> List.of(new OfPairs(name));
      }
      default -> EmpiricalKinds.of(context, inputs);
    };
  }

  /** Whether there is nothing to tell apart. */
  default boolean single() {
    return matrices().size() == 1;
  }

  /** What stands in the name of a matrix's files. */
  default String suffix(Matrix matrix) {
    return single() ? "" : "-" + matrix.name();
  }

  /**
   * The place of the matrix that a later step works on.
   *
   * @param step the later step, for the message
   * @param name its name, or empty for the only one
   * @throws UserException if there is none, or several to choose from
   */
  default int chosen(String step, String name) {
    List<String> names = matrices().stream().map(Matrix::name).toList();
    if (name.isEmpty() && single()) {
      return 0;
    }
    int at = name.isEmpty() ? -1 : names.indexOf(name);
    if (at < 0) {
      throw new UserException(
          step
              + ".kernel: "
              + (name.isEmpty() ? "choose one matrix" : "there is no matrix \"" + name + "\"")
              + "; the kernel step before makes "
              + (names.equals(List.of(""))
                  ? "only one, without a name"
                  : String.join(", ", names)));
    }
    return at;
  }
}
