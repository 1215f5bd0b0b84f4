package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.store.KernelLayout;

/** What the stores of an {@code empirical_kernel} step are of. */
record EmpiricalContent(
    StepContext context, RunInputs inputs, KernelSets sets, GraphModel model, TilePlan plan)
    implements KernelStores.Content {
  @Override
  public KernelLayout layout(KernelSets.Block block) {
    return new KernelLayout(
        block.rows().count(),
        block.columns().count(),
        sets.kinds().matrices().get(0).side(),
        plan.tile(),
        block.symmetric(),
        KernelStores.storage(context.step().getEmpiricalKernel().getStorage(), model.precision()));
  }

  @Override
  public Map<String, Object> attributes(KernelSets.Block block, int k) throws IOException {
    EmpiricalKinds.Matrix matrix = sets.empirical().matrices().get(k);
    String parameters =
        inputs.models().file(context.run()).isPresent()
            ? inputs.models().fingerprint(context.run())
            : Parameters.hash(context);
    EmpiricalKernel kernel = context.step().getEmpiricalKernel();
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("what", "empirical neural tangent kernel");
    attributes.put("network", model.name());
    attributes.put("parameters", model.parameterCount());
    attributes.put("parameters_sha256", parameters);
    attributes.put("dataset", inputs.dataset(context).name());
    attributes.put("rows", block.part());
    attributes.put("rows_sha256", inputs.fingerprint(block.rows()));
    attributes.put("columns_sha256", inputs.fingerprint(block.columns()));
    attributes.put("outputs", kernel.getOutputs().name());
    if (matrix.outputs().size() < model.outputs() || !sets.empirical().all()) {
      attributes.put("output", matrix.outputs());
    }
    matrix
        .group()
        .ifPresent(
            group -> {
              attributes.put("group", group.name());
              attributes.put("group_parameters", group.parameters());
            });
    attributes.put("normalization", kernel.getNormalization().name());
    attributes.put("divisor", sets.empirical().divisor(kernel, model));
    attributes.put("arithmetic", new KernelArithmetic(kernel).name(model.precision()));
    attributes.put("code_version", Machine.Version.ofProgram().number());
    return attributes;
  }
}
