package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Shard;
import org.tfjavantk.cli.run.SharedStepRunner;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.Independence;
import org.tfjavantk.empirical.SampledError;
import org.tfjavantk.empirical.TileJob;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.store.Tile;

/**
 * Computes the empirical kernel: {@code kernel.zarr} of the training examples with themselves and,
 * where there are such examples, {@code kernel-validation.zarr} and {@code kernel-test.zarr} of
 * those with the training examples; or several such matrices, see {@link KernelKinds}.
 */
final class EmpiricalKernelStep implements SharedStepRunner {
  /** Examples on which the independence of a network from a file is tried. */
  private static final int CHECKED = 64;

  private final RunInputs inputs;

  EmpiricalKernelStep(RunInputs inputs) {
    this.inputs = inputs;
  }

  @Override
  public String title() {
    return "empirical_kernel";
  }

  @Override
  public void prepare(StepContext context) throws IOException {
    KernelSets.requireExamples(context, inputs);
    KernelSets sets = KernelSets.of(context, inputs);
    try (GraphModel model = model(context);
        EmpiricalNtk ntk = ntk(context, model, sets)) {
      arithmetic(context).require(context, model.precision());
      requireIndependence(context, model, sets);
      EmpiricalPlan plan = kernelPlan(context, ntk, sets);
      requireMemory(context, plan);
      KernelTiles.requireSpace(context, sets, plan.diskBytes());
    }
  }

  /**
   * What the step is going to do; nothing is checked.
   *
   * @param pilot whether a pilot says what it takes; of parameters as they are drawn, which take
   *     the same time as others
   */
  EmpiricalPlan kernelPlan(StepContext context, boolean pilot) {
    KernelSets sets = KernelSets.of(context, inputs);
    try (DeviceKernels kernels = drawn(context, sets)) {
      EmpiricalPlan plan = kernelPlan(context, kernels.ntk(), sets);
      return pilot && !kernels.ntk().onDevice() ? plan.tried(kernels.ntk(), sets.train()) : plan;
    }
  }

  private static KernelArithmetic arithmetic(StepContext context) {
    return new KernelArithmetic(context.step().getEmpiricalKernel());
  }

  private static EmpiricalNtk ntk(StepContext context, GraphModel model, KernelSets sets) {
    return EmpiricalNtk.of(
        List.of(model),
        sets.empirical().choice(),
        sets.empirical().groups(),
        arithmetic(context).place());
  }

  private EmpiricalPlan kernelPlan(StepContext context, EmpiricalNtk ntk, KernelSets sets) {
    TilePlan cut = plan(context, ntk, sets);
    EmpiricalContent content = content(context, sets, ntk.model(), cut);
    List<KernelPlan.Block> blocks =
        sets.blocks().stream()
            .map(block -> new KernelPlan.Block(block.part(), block.files(), content.layout(block)))
            .toList();
    long memory = Bytes.parse(context.step().getEmpiricalKernel().getMemory());
    String kind = sets.empirical().words(ntk.model().parameterCount());
    return EmpiricalPlan.of(context.index(), ntk, kind, blocks, cut, memory);
  }

  /** Refuses a kernel for which this machine has not the memory that the config allows it. */
  private static void requireMemory(StepContext context, EmpiricalPlan plan) {
    Memory.require(
        plan.cut().bytes(),
        KernelSets.title(context),
        "lower its memory, now " + Bytes.format(plan.memory()) + ", or end other programs");
  }

  @Override
  public String consumes(StepContext context) throws IOException {
    Fingerprint fingerprint =
        new Fingerprint()
            .add("network", inputs.models().fingerprint(context.run()))
            // How many devices take part does not change the kernel.
            .add("device", context.run().getDevice().toBuilder().clearIndex().build())
            .add("kernel", context.step().getEmpiricalKernel())
            .add("parameters", Parameters.hash(context));
    for (KernelSets.Block block : KernelSets.of(context, inputs).blocks()) {
      fingerprint.add("rows", inputs.fingerprint(block.rows()));
    }
    return fingerprint.hex();
  }

  @Override
  public boolean intact(StepContext context) {
    return stores(context, KernelSets.of(context, inputs)).complete();
  }

  private EmpiricalContent content(
      StepContext context, KernelSets sets, GraphModel model, TilePlan plan) {
    return new EmpiricalContent(context, inputs, sets, model, plan);
  }

  private KernelStores stores(StepContext context, KernelSets sets) {
    return new KernelStores(context, sets);
  }

  @Override
  public void open(StepContext context) throws IOException {
    KernelSets sets = KernelSets.of(context, inputs);
    try (GraphModel model = model(context);
        EmpiricalNtk ntk = ntk(context, model, sets)) {
      stores(context, sets).openOrCreate(content(context, sets, model, plan(context, ntk, sets)));
    }
  }

  @Override
  public boolean opened(StepContext context) {
    return stores(context, KernelSets.of(context, inputs)).there();
  }

  @Override
  public Shares share(StepContext context, Shard shard) throws IOException {
    KernelSets sets = KernelSets.of(context, inputs);
    try (DeviceKernels kernels = kernels(context, sets)) {
      TilePlan plan = plan(context, kernels.ntk(), sets);
      List<StoredBlock> stores =
          stores(context, sets).open(content(context, sets, kernels.model(), plan));
      return tiles(context, sets, stores, kernels, plan).share(shard);
    }
  }

  @Override
  public void run(StepContext context) throws IOException {
    KernelSets sets = KernelSets.of(context, inputs);
    try (DeviceKernels kernels = kernels(context, sets)) {
      GraphModel model = kernels.model();
      TilePlan plan = plan(context, kernels.ntk(), sets);
      List<StoredBlock> stores =
          stores(context, sets).openOrCreate(content(context, sets, model, plan));
      List<List<Tile>> unfinished = stores.stream().map(StoredBlock::unfinished).toList();
      List<TileJob> jobs =
          IntStream.range(0, stores.size())
              .mapToObj(k -> new TileJob(stores.get(k).layout(), unfinished.get(k)))
              .toList();
      KernelTiming timing =
          KernelTiming.begin(kernels.ntk(), Build.device(context.run()), sets.train(), plan, jobs);
      int computed = tiles(context, sets, stores, kernels, plan).complete();
      double seconds = timing.seconds();
      Optional<KernelPerformance> performance = timing.end(seconds);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("tiles_computed", computed);
      fields.put("seconds", seconds);
      fields.put("planned_bytes", plan.bytes());
      performance.ifPresent(measured -> fields.putAll(measured.fields()));
      context.metrics().add(fields);
      Optional<SampledError> error =
          arithmetic(context).compare(context, inputs, sets, stores.get(0));
      new KernelReport(context, inputs.dataset(context), sets, stores)
          .write(
              model,
              kernels.ntk().unrecognised(),
              plan,
              performance,
              error,
              inputs.models().notes(context.run()));
    }
  }

  private static KernelTiles tiles(
      StepContext context,
      KernelSets sets,
      List<StoredBlock> stores,
      DeviceKernels kernels,
      TilePlan plan) {
    double divisor = sets.empirical().divisor(context.step().getEmpiricalKernel(), kernels.model());
    return new KernelTiles(
        context,
        stores,
        stored -> {
          KernelSets.Block block = stored.block();
          Examples columns = block.symmetric() ? null : sets.train();
          return kernels.ntk().tiled(block.rows(), columns, stored.stores(), plan, divisor);
        });
  }

  /** On the first device. */
  private GraphModel model(StepContext context) {
    return model(context, Build.device(context.run()));
  }

  private GraphModel model(StepContext context, DeviceChoice device) {
    return inputs
        .models()
        .build(
            context.run(),
            inputs.dataset(context),
            Build.precision(context.step().getEmpiricalKernel()),
            device);
  }

  /** On all devices. */
  private DeviceKernels drawn(StepContext context, KernelSets sets) {
    return new DeviceKernels(
        sets.empirical(),
        arithmetic(context).place(),
        Build.device(context.run()).each(),
        device -> model(context, device));
  }

  /** On all devices, with the parameters as they are at the start of the step. */
  private DeviceKernels kernels(StepContext context, KernelSets sets) throws IOException {
    DeviceKernels kernels = drawn(context, sets);
    try {
      for (GraphModel model : kernels.models()) {
        Parameters.assign(context, model);
      }
      return kernels;
    } catch (IOException | RuntimeException | Error e) {
      kernels.close();
      throw e;
    }
  }

  /** A network of layers keeps examples apart by its making; of one from a file it must be seen. */
  private void requireIndependence(StepContext context, GraphModel model, KernelSets sets) {
    if (inputs.models().file(context.run()).isPresent()) {
      Examples examples = sets.train();
      int n = Math.min(CHECKED, examples.count());
      double[] x = new double[n * examples.size()];
      for (int i = 0; i < n; i++) {
        examples.read(i, x, i * examples.size());
      }
      Independence.requireByValue(model, x, n);
    }
  }

  private static TilePlan plan(StepContext context, EmpiricalNtk ntk, KernelSets sets) {
    EmpiricalKernel kernel = context.step().getEmpiricalKernel();
    long memory = Bytes.parse(kernel.getMemory());
    return ntk.plan(sets.train().count(), memory, kernel.getTile(), sets.blocks().size() == 1);
  }
}
