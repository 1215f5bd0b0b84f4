package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.Step;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;

/**
 * The examples of a kernel step and the blocks of its kernel.
 *
 * @param train the columns of every block
 * @param blocks train x train first, then those of the other sets with it
 */
record KernelSets(Examples train, List<Block> blocks) {

  /**
   * @param part "train", "validation" or "test"
   * @param file name of the store in the run directory
   */
  record Block(String part, String file, Examples rows, Examples columns) {
    boolean symmetric() {
      return part.equals("train");
    }
  }

  static KernelSets of(StepContext context, RunInputs inputs) {
    EmpiricalKernel kernel = context.step().getEmpiricalKernel();
    Dataset data = inputs.dataset(context);
    Examples train = FirstExamples.of(data.train(), kernel.getExamples());
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block("train", name(context, ""), train, train));
    add(blocks, context, "validation", data.validation(), kernel.getValidationExamples());
    add(blocks, context, "test", data.test(), kernel.getTestExamples());
    return new KernelSets(train, List.copyOf(blocks));
  }

  private static void add(
      List<Block> blocks, StepContext context, String part, Examples all, int count) {
    if (all.count() > 0) {
      Examples rows = FirstExamples.of(all, count);
      blocks.add(new Block(part, name(context, "-" + part), rows, blocks.get(0).rows()));
    }
  }

  /** The block of a part, or null. */
  Block block(String part) {
    return blocks.stream().filter(b -> b.part().equals(part)).findFirst().orElse(null);
  }

  /** kernel.zarr, or kernel2.zarr of the second kernel step of a run. */
  static String name(StepContext context, String suffix) {
    int before = 0;
    for (int k = 0; k < context.index(); k++) {
      if (context.run().getStep(k).getKindCase() == Step.KindCase.EMPIRICAL_KERNEL) {
        before++;
      }
    }
    return "kernel" + (before == 0 ? "" : Integer.toString(before + 1)) + suffix + ".zarr";
  }
}
