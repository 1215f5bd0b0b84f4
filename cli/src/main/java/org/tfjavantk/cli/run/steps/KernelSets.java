package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;

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
    EmpiricalKernel kernel = context.step().getEmpiricalKernel();
    Dataset data = inputs.dataset(context);
    Examples train = FirstExamples.of(data.train(), kernel.getExamples());
    KernelKinds kinds = KernelKinds.of(context, inputs);
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block("train", files(context, kinds, ""), train, train));
    List<Part> parts =
        List.of(
            new Part("validation", data.validation(), kernel.getValidationExamples()),
            new Part("test", data.test(), kernel.getTestExamples()));
    for (Part part : parts) {
      if (part.all().count() > 0) {
        Examples rows = FirstExamples.of(part.all(), part.count());
        List<String> files = files(context, kinds, "-" + part.name());
        blocks.add(new Block(part.name(), files, rows, train));
      }
    }
    return new KernelSets(kinds, train, List.copyOf(blocks));
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
      if (context.run().getStep(k).getKindCase() == Step.KindCase.EMPIRICAL_KERNEL) {
        before++;
      }
    }
    String kernel = "kernel" + (before == 0 ? "" : Integer.toString(before + 1));
    return kinds.matrices().stream()
        .map(matrix -> kernel + kinds.suffix(matrix) + part + ".zarr")
        .toList();
  }
}
