package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.KernelFiles;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.regression.LabelledKernel;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.NpyKernel;

/** The kernels that a step works on: those of the kernel step before it, or of files. */
final class StepKernels {
  private static final String TEST_TEST = "test_test";

  private final StepContext context;
  private final RunInputs inputs;

  /** Files by part: "train", "validation", "test", "test_test". */
  private final Map<String, Path> parts = new LinkedHashMap<>();

  private final int outputs;
  private final boolean fromFiles;

  /**
   * @param files those that the step names, or nothing
   * @param kernel which matrix of the step before
   */
  StepKernels(StepContext context, RunInputs inputs, KernelFiles files, String kernel) {
    this.context = context;
    this.inputs = inputs;
    this.fromFiles = files.hasTrain();
    if (fromFiles) {
      outputs = files.getOutputs();
      put("train", files.getTrain());
      put("validation", files.getValidation());
      put("test", files.getTest());
      put(TEST_TEST, files.getTestTest());
    } else {
      KernelSets sets = KernelSets.of(kernelStep(context), inputs);
      int matrix = sets.kinds().chosen(field(), kernel);
      outputs = sets.kinds().matrices().get(matrix).side();
      sets.blocks()
          .forEach(
              block ->
                  parts.put(block.part(), context.directory().resolve(block.files().get(matrix))));
    }
  }

  static StepContext kernelStep(StepContext context) {
    return context
        .earlier(KernelKinds::makesKernels)
        .orElseThrow(
            () ->
                new UserException(
                    "step[" + context.index() + "] needs a kernel step before it, or files"));
  }

  /** The step, as messages call it: "step[2].spectrum". */
  String field() {
    String kind = context.step().getKindCase().name().toLowerCase(java.util.Locale.ROOT);
    return "step[" + context.index() + "]." + kind;
  }

  private void put(String part, String path) {
    if (!path.isEmpty()) {
      Path file = Path.of(path);
      if (Files.notExists(file)) {
        throw new UserException(
            field() + ".files." + part + ": there is no " + path + "; give a store or a .npy");
      }
      parts.put(part, file);
    }
  }

  /** Whether there is a kernel of that part. */
  boolean has(String part) {
    return parts.containsKey(part);
  }

  /** Rows of the kernel for one example, as is known before any kernel is there. */
  int outputs() {
    return outputs;
  }

  /**
   * @throws UserException when there are neither one output nor one for each class
   */
  void requireOutputs(int classes) {
    if (outputs != 1 && outputs != classes) {
      throw new UserException(
          String.format(
              "%s: the kernel is of %d outputs and the data set has %d classes;"
                  + " there must be one output for each class (a network of layers has it with"
                  + " network.outputs at 0), or a matrix n x n (empirical_kernel.outputs: TRACE or"
                  + " SUM)",
              field(), outputs, classes));
    }
  }

  /** Rows of the training kernel; before it is there, those that it will have. */
  long rows() {
    if (fromFiles) {
      return NpyKernel.isNpy(parts.get("train"))
          ? NpyKernel.rows(parts.get("train"))
          : KernelStore.open(parts.get("train")).layout().rows();
    }
    return (long) KernelSets.of(kernelStep(context), inputs).train().count() * outputs;
  }

  /** Adds what the kernels hold. */
  void consume(Fingerprint fingerprint) {
    parts.forEach(
        (part, path) ->
            fingerprint.add(
                part,
                NpyKernel.isNpy(path)
                    ? NpyKernel.sha256(path)
                    : KernelStore.open(path).contentHash()));
  }

  /**
   * The kernel of a part; a {@code .npy} becomes a store of this step first.
   *
   * @throws UserException when it isn't symmetric or finite where it must be
   */
  KernelStore store(String part) throws IOException {
    Path path = parts.get(part);
    if (!NpyKernel.isNpy(path)) {
      return KernelStore.open(path);
    }
    Path place = context.makes(context.label() + "-" + part + ".zarr");
    boolean symmetric = part.equals("train") || part.equals(TEST_TEST);
    return NpyKernel.store(path, outputs, symmetric, place);
  }

  /** The kernel of a part with the labels of its rows, or null. */
  LabelledKernel labelled(String part) throws IOException {
    if (!has(part)) {
      return null;
    }
    KernelStore store = store(part);
    Dataset data = inputs.dataset(context);
    Examples all =
        switch (part) {
          case "train" -> data.train();
          case "validation" -> data.validation();
          default -> data.test();
        };
    int rows = store.layout().rowExamples();
    if (rows > all.count()) {
      throw new UserException(
          "%s: %s has %d examples, and the data set %d of that part"
              .formatted(field(), store.directory(), rows, all.count()));
    }
    return new LabelledKernel(store, FirstExamples.labels(FirstExamples.of(all, rows)));
  }
}
