package org.tfjavantk.cli.run.steps;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.InfiniteKernel;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.infinite.KernelKind;
import org.tfjavantk.store.KernelLayout;

/** What the stores of an {@code infinite_kernel} step are of. */
record InfiniteContent(StepContext context, RunInputs inputs, KernelSets sets, InfinitePlan plan)
    implements KernelStores.Content {
  @Override
  public KernelLayout layout(KernelSets.Block block) {
    return new KernelLayout(
        block.rows().count(),
        block.columns().count(),
        1,
        plan.tile(),
        block.symmetric(),
        KernelStores.storage(context.step().getInfiniteKernel().getStorage(), plan.precision()));
  }

  @Override
  public Map<String, Object> attributes(KernelSets.Block block, int matrix) {
    InfiniteKernel kernel = context.step().getInfiniteKernel();
    KernelKind kind = ((InfiniteKinds) sets.kinds()).kinds().get(matrix);
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put(
        "what",
        switch (kind) {
          case NTK -> "neural tangent kernel of infinite width";
          case NNGP -> "neural network Gaussian process kernel";
        });
    attributes.put("network", inputs.network(context).name());
    attributes.put("network_layers", inputs.network(context).layers().toString());
    attributes.put("dropout", kernel.getDropout());
    attributes.put("dataset", inputs.dataset(context).name());
    attributes.put("rows", block.part());
    attributes.put("rows_sha256", inputs.fingerprint(block.rows()));
    attributes.put("columns_sha256", inputs.fingerprint(block.columns()));
    attributes.put("arithmetic", kernel.getPrecision().name());
    attributes.put("code_version", Machine.Version.ofProgram().number());
    return attributes;
  }
}
