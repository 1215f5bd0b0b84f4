package org.tfjavantk.cli.run.steps;

import java.util.Map;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.store.KernelLayout;

/** What the stores of a kernel in closed form are of. */
record ClosedFormContent(StepContext context, RunInputs inputs, ClosedForm form)
    implements KernelStores.Content {
  @Override
  public KernelLayout layout(KernelSets.Block block) {
    return new KernelLayout(
        block.rows().count(),
        block.columns().count(),
        1,
        form.plan().tile(),
        block.symmetric(),
        KernelStores.storage(form.storage(), form.plan().precision()));
  }

  @Override
  public Map<String, Object> attributes(KernelSets.Block block, int matrix) {
    Map<String, Object> attributes = form.attributes(matrix);
    attributes.put("dataset", inputs.dataset(context).name());
    attributes.put("rows", block.part());
    attributes.put("rows_sha256", inputs.fingerprint(block.rows()));
    attributes.put("columns_sha256", inputs.fingerprint(block.columns()));
    attributes.put("arithmetic", form.arithmetic().name());
    attributes.put("code_version", Machine.Version.ofProgram().number());
    return attributes;
  }
}
