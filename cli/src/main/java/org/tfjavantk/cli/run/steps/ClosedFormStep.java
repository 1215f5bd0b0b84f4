package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Shard;
import org.tfjavantk.cli.run.SharedStepRunner;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.linalg.Memory;

/**
 * Computes kernels in closed form: {@code kernel.zarr} of the training examples with themselves
 * and, where there are such examples, {@code kernel-validation.zarr} and {@code kernel-test.zarr};
 * of several matrices {@code kernel-ntk.zarr}, {@code kernel-nngp.zarr} and so on.
 */
abstract class ClosedFormStep implements SharedStepRunner {
  private final RunInputs inputs;

  ClosedFormStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  final RunInputs inputs() {
    return inputs;
  }

  /**
   * The kernel.
   *
   * @param longest examples on the longer side of its blocks
   */
  abstract ClosedForm form(StepContext context, KernelSets sets, int longest);

  /** What the kernel depends on beside the examples. */
  abstract Fingerprint ingredients(StepContext context);

  /** What the step works with. */
  private record Work(KernelSets sets, ClosedForm form, ClosedFormContent content) {}

  private Work work(StepContext context) {
    KernelSets sets = KernelSets.of(context, inputs);
    int longest = sets.blocks().stream().mapToInt(block -> block.rows().count()).max().orElse(1);
    ClosedForm form = form(context, sets, longest);
    return new Work(sets, form, new ClosedFormContent(context, inputs, form));
  }

  @Override
  public final void prepare(StepContext context) throws IOException {
    KernelSets.requireExamples(context, inputs);
    Work work = work(context);
    Memory.require(
        work.form().plan().bytes(),
        KernelSets.title(context),
        "lower its memory, now " + work.form().memory() + ", or end other programs");
    KernelTiles.requireSpace(context, work.sets(), plan(context, work).diskBytes());
  }

  /**
   * What the step is going to do; nothing is checked.
   *
   * @param pilot whether some seconds of it are computed, to say what it takes
   */
  final ClosedFormPlan kernelPlan(StepContext context, boolean pilot) {
    Work work = work(context);
    ClosedFormPlan plan = plan(context, work);
    return pilot
        ? plan.timed(
            ClosedFormPilot.pairSeconds(
                work.form(), work.sets().train(), work.sets().kinds().matrices().size()))
        : plan;
  }

  private ClosedFormPlan plan(StepContext context, Work work) {
    List<KernelPlan.Block> blocks =
        work.sets().blocks().stream()
            .map(
                block ->
                    new KernelPlan.Block(block.part(), block.files(), work.content().layout(block)))
            .toList();
    return new ClosedFormPlan(
        context.index(),
        title(),
        work.form().words(),
        work.form().arithmetic(),
        blocks,
        work.form().plan(),
        Bytes.parse(work.form().memory()),
        OptionalDouble.empty());
  }

  @Override
  public final String consumes(StepContext context) {
    Fingerprint fingerprint = ingredients(context);
    for (KernelSets.Block block : KernelSets.of(context, inputs).blocks()) {
      fingerprint.add("rows", inputs.fingerprint(block.rows()));
    }
    return fingerprint.hex();
  }

  @Override
  public final boolean intact(StepContext context) {
    return new KernelStores(context, KernelSets.of(context, inputs)).complete();
  }

  @Override
  public final void open(StepContext context) throws IOException {
    Work work = work(context);
    new KernelStores(context, work.sets()).openOrCreate(work.content());
  }

  @Override
  public final boolean opened(StepContext context) {
    return new KernelStores(context, KernelSets.of(context, inputs)).there();
  }

  @Override
  public final Shares share(StepContext context, Shard shard) throws IOException {
    Work work = work(context);
    List<StoredBlock> stores = new KernelStores(context, work.sets()).open(work.content());
    return tiles(context, work, stores).share(shard);
  }

  @Override
  public final void run(StepContext context) throws IOException {
    Work work = work(context);
    List<StoredBlock> stores = new KernelStores(context, work.sets()).openOrCreate(work.content());
    long start = System.nanoTime();
    int computed = tiles(context, work, stores).complete();
    double seconds = 1e-9 * (System.nanoTime() - start);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tiles_computed", computed);
    fields.put("seconds", seconds);
    fields.put("planned_bytes", work.form().plan().bytes());
    context.metrics().add(fields);
    new ClosedFormReport(context, inputs, work.sets(), stores)
        .write(work.form(), computed, seconds);
  }

  private static KernelTiles tiles(StepContext context, Work work, List<StoredBlock> stores) {
    return new KernelTiles(
        context,
        stores,
        stored ->
            work.form()
                .tiled(
                    stored.block().rows(),
                    stored.block().symmetric() ? null : work.sets().train(),
                    stored.stores()));
  }
}
