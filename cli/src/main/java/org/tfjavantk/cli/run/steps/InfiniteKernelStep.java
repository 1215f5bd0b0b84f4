package org.tfjavantk.cli.run.steps;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.EmpiricalKernel.Storage;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfiniteKernel;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.infinite.KernelKind;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.TiledKernel;

/** Computes kernels of infinite width. */
final class InfiniteKernelStep extends ClosedFormStep {
  InfiniteKernelStep(RunInputs inputs) {
    super(inputs);
  }

  @Override
  public String title() {
    return "infinite_kernel";
  }

  @Override
  Fingerprint ingredients(StepContext context) {
    return new Fingerprint()
        .add("network", inputs().network(context).toString())
        .add("kernel", context.step().getInfiniteKernel());
  }

  @Override
  ClosedForm form(StepContext context, KernelSets sets, int longest) {
    var config = context.step().getInfiniteKernel();
    Network network = inputs().network(context);
    InfiniteKernel onCores =
        InfiniteKernel.of(network, config.getDropout(), inputs().dataset(context).train().shape());
    DeviceChoice device = Build.device(context.run());
    InfiniteKernel kernel = device.onGpu() ? onCores.on(device) : onCores;
    List<KernelKind> kinds = ((InfiniteKinds) sets.kinds()).kinds();
    InfinitePlan plan =
        kernel.plan(
            longest,
            kinds,
            Precision.valueOf(config.getPrecision().name()),
            Bytes.parse(config.getMemory()),
            config.getTile());
    return new Form(config, network, kernel, kinds, plan);
  }

  private record Form(
      org.tfjavantk.config.proto.InfiniteKernel config,
      Network network,
      InfiniteKernel kernel,
      List<KernelKind> kinds,
      InfinitePlan plan)
      implements ClosedForm {
    @Override
    public TiledKernel tiled(Examples rows, Examples columns, List<? extends TileSink> stores) {
      return kernel.tiled(rows, columns, kinds, stores, plan);
    }

    @Override
    public Precision arithmetic() {
      return plan.precision();
    }

    @Override
    public Storage storage() {
      return config.getStorage();
    }

    @Override
    public String memory() {
      return config.getMemory();
    }

    @Override
    public Map<String, Object> attributes(int matrix) {
      Map<String, Object> attributes = new LinkedHashMap<>();
      attributes.put(
          "what",
          switch (kinds.get(matrix)) {
            case NTK -> "neural tangent kernel of infinite width";
            case NNGP -> "neural network Gaussian process kernel";
          });
      attributes.put("network", network.name());
      attributes.put("network_layers", network.layers().toString());
      attributes.put("dropout", config.getDropout());
      return attributes;
    }

    @Override
    public String title() {
      return "Kernel of infinite width";
    }

    @Override
    public String words() {
      String names =
          kinds.stream()
              .map(
                  kind ->
                      switch (kind) {
                        case NTK -> "neural tangent kernel Θ";
                        case NNGP -> "neural network Gaussian process kernel K";
                      })
              .collect(Collectors.joining(" and the "));
      return "The " + names + " of " + network.name();
    }
  }
}
