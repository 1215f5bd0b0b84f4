package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

/** The stores of a kernel step: where they are, their layouts, and what they say of themselves. */
final class KernelStores {
  private final StepContext context;
  private final RunInputs inputs;
  private final KernelSets sets;

  KernelStores(StepContext context, RunInputs inputs, KernelSets sets) {
    this.context = context;
    this.inputs = inputs;
    this.sets = sets;
  }

  /** Whether all stores are there, whatever they hold. */
  boolean there() {
    return paths().stream().allMatch(path -> unreadable(path).isEmpty());
  }

  /** Whether all tiles of all stores are there and whole. */
  boolean complete() {
    return paths().stream()
        .allMatch(
            path -> unreadable(path).isEmpty() && KernelStore.open(path).unfinished().isEmpty());
  }

  private List<Path> paths() {
    return sets.blocks().stream()
        .flatMap(block -> block.files().stream())
        .map(file -> context.directory().resolve(file))
        .toList();
  }

  /** Why there is no store to go on with. */
  private static Optional<String> unreadable(Path path) {
    try {
      KernelStore.open(path);
      return Optional.empty();
    } catch (UserException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** The stores to go on with, made where they are missing. */
  List<StoredBlock> openOrCreate(GraphModel model, TilePlan plan) throws IOException {
    return each(
        model, plan, (file, layout, says) -> KernelStore.openOrCreate(place(file), layout, says));
  }

  /** The stores, which must be there, to write to beside other processes. */
  List<StoredBlock> open(GraphModel model, TilePlan plan) throws IOException {
    return each(
        model,
        plan,
        (file, layout, says) -> KernelStore.open(context.directory().resolve(file), layout, says));
  }

  @FunctionalInterface
  private interface Opening {
    KernelStore open(String file, KernelLayout layout, Map<String, Object> attributes)
        throws IOException;
  }

  private List<StoredBlock> each(GraphModel model, TilePlan plan, Opening opening)
      throws IOException {
    String parameters =
        inputs.models().file(context.run()).isPresent()
            ? inputs.models().fingerprint(context.run())
            : Parameters.hash(context);
    List<StoredBlock> blocks = new ArrayList<>();
    for (KernelSets.Block block : sets.blocks()) {
      KernelLayout layout = layout(block, model, plan);
      List<KernelStore> stores = new ArrayList<>();
      for (int k = 0; k < block.files().size(); k++) {
        Map<String, Object> says =
            attributes(block, sets.kinds().matrices().get(k), model, parameters);
        stores.add(opening.open(block.files().get(k), layout, says));
      }
      blocks.add(new StoredBlock(block, stores));
    }
    return blocks;
  }

  /** The place of a store; one whose description was damaged says nothing of its tiles any more. */
  private Path place(String name) throws IOException {
    Path path = context.makes(name);
    Optional<String> why = unreadable(path);
    if (why.isPresent() && Files.exists(path)) {
      context.progress().message(why.get() + "; all of its tiles are computed again");
      AtomicFiles.delete(path);
    }
    return path;
  }

  /** The layout of all stores of a block. */
  KernelLayout layout(KernelSets.Block block, GraphModel model, TilePlan plan) {
    StorageType storage =
        switch (context.step().getEmpiricalKernel().getStorage()) {
          case SAME ->
              model.precision() == Precision.FLOAT32 ? StorageType.FLOAT32 : StorageType.FLOAT64;
          case STORE_FLOAT16 -> StorageType.FLOAT16;
          case STORE_BFLOAT16 -> StorageType.BFLOAT16;
          case STORE_FLOAT32 -> StorageType.FLOAT32;
          case STORE_FLOAT64 -> StorageType.FLOAT64;
        };
    return new KernelLayout(
        block.rows().count(),
        block.columns().count(),
        sets.kinds().matrices().get(0).side(),
        plan.tile(),
        block.symmetric(),
        storage);
  }

  private Map<String, Object> attributes(
      KernelSets.Block block, KernelKinds.Matrix matrix, GraphModel model, String parameters) {
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
    if (matrix.outputs().size() < model.outputs() || !sets.kinds().all()) {
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
    attributes.put("divisor", sets.kinds().divisor(kernel, model));
    attributes.put("arithmetic", new KernelArithmetic(kernel).name(model.precision()));
    attributes.put("code_version", Machine.Version.ofProgram().number());
    return attributes;
  }
}
