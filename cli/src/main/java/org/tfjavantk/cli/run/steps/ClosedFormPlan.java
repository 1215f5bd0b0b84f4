package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.OptionalDouble;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfinitePlan;

/**
 * What a step is going to do that computes a kernel in closed form.
 *
 * @param step its place in the config
 * @param runner "infinite_kernel" or "analytic_kernel"
 * @param kind what the kernel is, in a few words
 * @param precision the arithmetic
 * @param blocks of the kernel, that of the training examples first
 * @param cut tiles, threads and the memory for them
 * @param memory what the config allows, in bytes
 * @param pairSeconds what a pair of examples took in a pilot, where there was one
 */
public record ClosedFormPlan(
    int step,
    String runner,
    String kind,
    Precision precision,
    List<Block> blocks,
    InfinitePlan cut,
    long memory,
    OptionalDouble pairSeconds)
    implements KernelPlan {
  public ClosedFormPlan {
    blocks = List.copyOf(blocks);
  }

  @Override
  public int tile() {
    return cut.tile();
  }

  /** This plan with what a pilot says of its time. */
  ClosedFormPlan timed(double seconds) {
    return new ClosedFormPlan(
        step, runner, kind, precision, blocks, cut, memory, OptionalDouble.of(seconds));
  }

  /** Pairs of examples to compute, those of a symmetric block once. */
  public long pairs() {
    return blocks.stream().mapToLong(ClosedFormPlan::pairs).sum();
  }

  private static long pairs(Block block) {
    long rows = block.layout().rowExamples();
    return block.layout().symmetric()
        ? rows * (rows + 1) / 2
        : rows * block.layout().columnExamples();
  }

  /** What the step is expected to take, as far as a pilot said it. */
  public OptionalDouble seconds() {
    return pairSeconds.isPresent()
        ? OptionalDouble.of(pairs() * pairSeconds.getAsDouble())
        : OptionalDouble.empty();
  }
}
