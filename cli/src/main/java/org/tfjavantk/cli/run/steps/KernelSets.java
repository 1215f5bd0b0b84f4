package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.AnalyticKernel;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.InfiniteKernel;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.UserException;

/**
 * The examples of a kernel step, its matrices and the blocks of each.
 *
 * @param kinds the matrices
 * @param train the columns of every block
 * @param blocks train x train first, then those of the other sets with it
 */
record KernelSets(KernelKinds kinds, Examples train, List<Block> blocks) {

  /**
   * @param part "train", "validation" or "test"
   * @param files names of the stores in the run directory, one for each matrix
   */
  record Block(String part, List<String> files, Examples rows, Examples columns) {
    boolean symmetric() {
      return part.equals("train");
    }

    /** What the block is called in a line of progress. */
    String title() {
      return files.size() == 1 ? files.get(0) : part + " x train";
    }
  }

  static KernelSets of(StepContext context, RunInputs inputs) {
    Dataset data = inputs.dataset(context);
    Counts counts = Counts.of(context.step());
    Examples train = FirstExamples.of(data.train(), counts.train());
    KernelKinds kinds = KernelKinds.of(context, inputs);
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block("train", files(context, kinds, ""), train, train));
    List<Part> parts =
        List.of(
            new Part("validation", data.validation(), counts.validation()),
            new Part("test", data.test(), counts.test()));
    for (Part part : parts) {
      if (part.all().count() > 0) {
        Examples rows = FirstExamples.of(part.all(), part.count());
        List<String> files = files(context, kinds, "-" + part.name());
        blocks.add(new Block(part.name(), files, rows, train));
      }
    }
    return new KernelSets(kinds, train, List.copyOf(blocks));
  }

  /** How many examples a kernel step asks for; 0 means all. */
  private record Counts(int train, int validation, int test) {
    static Counts of(Step step) {
      return switch (step.getKindCase()) {
        case INFINITE_KERNEL -> {
          InfiniteKernel kernel = step.getInfiniteKernel();
          yield new Counts(
              kernel.getExamples(), kernel.getValidationExamples(), kernel.getTestExamples());
        }
        case ANALYTIC_KERNEL -> {
          AnalyticKernel kernel = step.getAnalyticKernel();
          yield new Counts(
              kernel.getExamples(), kernel.getValidationExamples(), kernel.getTestExamples());
        }
        default -> {
          EmpiricalKernel kernel = step.getEmpiricalKernel();
          yield new Counts(
              kernel.getExamples(), kernel.getValidationExamples(), kernel.getTestExamples());
        }
      };
    }
  }

  /**
   * Refuses to make less than what was asked for.
   *
   * @throws UserException if the step asks for more examples than there are
   */
  static void requireExamples(StepContext context, RunInputs inputs) {
    Dataset data = inputs.dataset(context);
    Counts counts = Counts.of(context.step());
    requireExamples(context, "examples", counts.train(), "train", data.train());
    requireExamples(
        context, "validation_examples", counts.validation(), "validation", data.validation());
    requireExamples(context, "test_examples", counts.test(), "test", data.test());
  }

  private static void requireExamples(
      StepContext context, String field, int asked, String part, Examples there) {
    if (asked > there.count()) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s.%s: asks for %,d examples, and the data set has %,d (dataset.%s); 0 means all",
              title(context),
              field,
              asked,
              there.count(),
              part));
    }
  }

  /** What messages call a kernel step: step[1].empirical_kernel. */
  static String title(StepContext context) {
    String kind = context.step().getKindCase().name().toLowerCase(Locale.ROOT);
    return "step[" + context.index() + "]." + kind;
  }

  /** The kinds of an {@code empirical_kernel} step. */
  EmpiricalKinds empirical() {
    return (EmpiricalKinds) kinds;
  }

  private record Part(String name, Examples all, int count) {}

  /** The block of a part, or null. */
  Block block(String part) {
    return blocks.stream().filter(b -> b.part().equals(part)).findFirst().orElse(null);
  }

  /** kernel-head-test.zarr, or kernel2-head-test.zarr of the second kernel step of a run. */
  private static List<String> files(StepContext context, KernelKinds kinds, String part) {
    int before = 0;
    for (int k = 0; k < context.index(); k++) {
      if (KernelKinds.makesKernels(context.run().getStep(k))) {
        before++;
      }
    }
    String kernel = "kernel" + (before == 0 ? "" : Integer.toString(before + 1));
    return kinds.matrices().stream()
        .map(matrix -> kernel + kinds.suffix(matrix) + part + ".zarr")
        .toList();
  }
}
