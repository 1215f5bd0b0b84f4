package org.tfjavantk.regression;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.NpyFile;
import org.tfjavantk.data.NpyWriter;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;

/**
 * A fit that can be kept and applied to other examples: {@code f(x, c) = Σ K[x, i] a[i, c]}, plus
 * 1/classes for scores between 0 and 1. A folder with {@code coefficients.npy} (training examples x
 * classes) and {@code model.json}, which says of which kernel it is.
 *
 * @param about what it is of
 * @param coefficients a: training examples x classes, row-major
 */
public record FittedModel(About about, double[] coefficients) {
  private static final String COEFFICIENTS = "coefficients.npy";
  private static final String DESCRIPTION = "model.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /** What kernels say of themselves that test by training kernels must share. */
  private static final List<String> SHARED =
      List.of(
          "what",
          "network",
          "parameters_sha256",
          "columns_sha256",
          "outputs",
          "output",
          "group",
          "normalization",
          "divisor");

  /**
   * What a model is of.
   *
   * @param classes the number of them
   * @param examples the number of training examples
   * @param outputs rows of the kernel for one example
   * @param ridge λ
   * @param shift what it added to the diagonal
   * @param kernelSha256 hash of the content of the training kernel
   * @param kernel what the training kernel says of itself
   */
  public record About(
      int classes,
      int examples,
      int outputs,
      double ridge,
      double shift,
      String kernelSha256,
      Map<String, String> kernel) {}

  /** The model of a result. */
  public static FittedModel of(RegressionProblem problem, RegressionResult result) {
    KernelStore kernel = problem.train().kernel();
    return new FittedModel(
        new About(
            problem.classes(),
            problem.examples(),
            problem.outputs(),
            result.chosen(),
            result.finalFit().certificate().ridge(),
            kernel.contentHash(),
            shared(kernel)),
        result.coefficients());
  }

  private static Map<String, String> shared(KernelStore kernel) {
    Map<String, String> shared = new TreeMap<>();
    Map<String, Object> attributes = kernel.attributes();
    SHARED.stream()
        .filter(attributes::containsKey)
        .forEach(name -> shared.put(name, String.valueOf(attributes.get(name))));
    return shared;
  }

  /**
   * Writes the two files; the description last, so that a model with one is whole.
   *
   * @throws UserException when the folder can't be written
   */
  public void save(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(folder.resolve(DESCRIPTION));
      try (NpyWriter writer =
          NpyWriter.create(
              folder.resolve(COEFFICIENTS), ElementType.F8, about.examples(), about.classes())) {
        for (int i = 0; i < about.examples(); i++) {
          writer.writeRow(coefficients, i * about.classes());
        }
      }
      Files.writeString(folder.resolve(DESCRIPTION), GSON.toJson(about) + "\n");
    } catch (IOException e) {
      throw new UserException(folder + " cannot be written: " + e, e);
    }
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @throws UserException when there is no model, or its files don't belong together
   */
  public static FittedModel load(Path folder) {
    Path description = folder.resolve(DESCRIPTION);
    if (!Files.isRegularFile(description)) {
      throw new UserException(
          folder + ": there is no " + DESCRIPTION + "; give the folder of a fitted model");
    }
    try {
      About about = GSON.fromJson(Files.readString(description), About.class);
      NpyFile file = NpyFile.read(folder.resolve(COEFFICIENTS));
      if (about == null || file.rows() != about.examples() || file.rowLength() != about.classes()) {
        throw new UserException(
            folder + ": " + COEFFICIENTS + " does not have the size that " + DESCRIPTION + " says");
      }
      double[] coefficients = new double[about.examples() * about.classes()];
      for (int i = 0; i < about.examples(); i++) {
        file.row(i, coefficients, i * about.classes());
      }
      return new FittedModel(about, coefficients);
    } catch (IOException | JsonParseException e) {
      throw new UserException(description + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The outputs for other examples, for centred targets: examples x classes, row-major.
   *
   * @param kernel of the examples by the training examples
   * @throws UserException when the kernel is of another network or of other training examples
   */
  public double[] apply(KernelStore kernel) {
    KernelLayout layout = kernel.layout();
    if (layout.columnExamples() != about.examples() || layout.outputs() != about.outputs()) {
      throw new UserException(
          "%s has columns for %d examples x %d outputs; the fitted model is of %d examples x %d outputs"
              .formatted(
                  kernel.directory(),
                  layout.columnExamples(),
                  layout.outputs(),
                  about.examples(),
                  about.outputs()));
    }
    Map<String, String> found = shared(kernel);
    about
        .kernel()
        .forEach(
            (name, wanted) -> {
              String is = found.get(name);
              if (is != null && !is.equals(wanted)) {
                throw new UserException(
                    "%s is not of the kernel that the model was fitted on: %s is %s, not %s"
                        .formatted(kernel.directory(), name, is, wanted));
              }
            });
    int rightHandSides = about.outputs() == 1 ? about.classes() : 1;
    return Predictor.outputs(kernel, List.of(coefficients), rightHandSides).get(0);
  }

  /** {@link #apply} scored against labels. */
  public Scores score(LabelledKernel examples) {
    return Scores.of(apply(examples.kernel()), examples.labels(), about.classes());
  }
}
