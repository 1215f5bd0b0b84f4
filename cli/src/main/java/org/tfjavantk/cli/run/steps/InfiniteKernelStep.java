package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Shard;
import org.tfjavantk.cli.run.SharedStepRunner;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfiniteKernel;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.linalg.Memory;

/**
 * Computes kernels of infinite width: {@code kernel.zarr} of the training examples with themselves
 * and, where there are such examples, {@code kernel-validation.zarr} and {@code kernel-test.zarr};
 * of several kinds {@code kernel-ntk.zarr}, {@code kernel-nngp.zarr} and so on.
 */
final class InfiniteKernelStep implements SharedStepRunner {
  private final RunInputs inputs;

  InfiniteKernelStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "infinite_kernel";
  }

  /** What the step works with. */
  private record Work(KernelSets sets, InfiniteKernel kernel, InfinitePlan plan) {
    List<org.tfjavantk.infinite.KernelKind> kinds() {
      return ((InfiniteKinds) sets.kinds()).kinds();
    }
  }

  private Work work(StepContext context) {
    KernelSets sets = KernelSets.of(context, inputs);
    var config = context.step().getInfiniteKernel();
    InfiniteKernel kernel =
        InfiniteKernel.of(
            inputs.network(context), config.getDropout(), inputs.dataset(context).train().shape());
    int longest = sets.blocks().stream().mapToInt(block -> block.rows().count()).max().orElse(1);
    InfinitePlan plan =
        kernel.plan(
            longest,
            ((InfiniteKinds) sets.kinds()).kinds(),
            Precision.valueOf(config.getPrecision().name()),
            Bytes.parse(config.getMemory()),
            config.getTile());
    return new Work(sets, kernel, plan);
  }

  private InfiniteContent content(StepContext context, Work work) {
    return new InfiniteContent(context, inputs, work.sets(), work.plan());
  }

  @Override
  public void prepare(StepContext context) throws IOException {
    KernelSets.requireExamples(context, inputs);
    Work work = work(context);
    Memory.require(
        work.plan().bytes(),
        KernelSets.title(context),
        "lower its memory, now "
            + context.step().getInfiniteKernel().getMemory()
            + ", or end other programs");
    InfiniteContent content = content(context, work);
    long bytes =
        work.sets().blocks().stream()
            .mapToLong(block -> block.files().size() * content.layout(block).bytesWhenComplete())
            .sum();
    KernelTiles.requireSpace(context, work.sets(), bytes);
  }

  @Override
  public String consumes(StepContext context) {
    Fingerprint fingerprint =
        new Fingerprint()
            .add("network", inputs.network(context).toString())
            .add("kernel", context.step().getInfiniteKernel());
    for (KernelSets.Block block : KernelSets.of(context, inputs).blocks()) {
      fingerprint.add("rows", inputs.fingerprint(block.rows()));
    }
    return fingerprint.hex();
  }

  @Override
  public boolean intact(StepContext context) {
    return new KernelStores(context, KernelSets.of(context, inputs)).complete();
  }

  @Override
  public void open(StepContext context) throws IOException {
    Work work = work(context);
    new KernelStores(context, work.sets()).openOrCreate(content(context, work));
  }

  @Override
  public boolean opened(StepContext context) {
    return new KernelStores(context, KernelSets.of(context, inputs)).there();
  }

  @Override
  public Shares share(StepContext context, Shard shard) throws IOException {
    Work work = work(context);
    List<StoredBlock> stores = new KernelStores(context, work.sets()).open(content(context, work));
    return tiles(context, work, stores).share(shard);
  }

  @Override
  public void run(StepContext context) throws IOException {
    Work work = work(context);
    List<StoredBlock> stores =
        new KernelStores(context, work.sets()).openOrCreate(content(context, work));
    long start = System.nanoTime();
    int computed = tiles(context, work, stores).complete();
    double seconds = 1e-9 * (System.nanoTime() - start);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tiles_computed", computed);
    fields.put("seconds", seconds);
    fields.put("planned_bytes", work.plan().bytes());
    context.metrics().add(fields);
    new InfiniteReport(context, inputs, work.sets(), stores).write(work.plan(), computed, seconds);
  }

  private static KernelTiles tiles(StepContext context, Work work, List<StoredBlock> stores) {
    return new KernelTiles(
        context,
        stores,
        stored -> {
          KernelSets.Block block = stored.block();
          Examples columns = block.symmetric() ? null : work.sets().train();
          return work.kernel()
              .tiled(block.rows(), columns, work.kinds(), stored.stores(), work.plan());
        });
  }
}
