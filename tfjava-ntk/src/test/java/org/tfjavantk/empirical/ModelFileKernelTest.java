package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.data.NpyFile;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.load.FlatModel;
import org.tfjavantk.graphs.load.FrozenGraphs;
import org.tfjavantk.graphs.load.Options;
import org.tfjavantk.graphs.load.SavedModels;
import org.tfjavantk.transform.Transforms;

/** Kernels and Jacobian products of model files that Python wrote, with the values it computed. */
class ModelFileKernelTest {
  private static final Path ROOT = Path.of("../graphs/src/test/resources/savedmodels");

  /** One output of one model file. */
  record Case(Path dir, JsonObject fixture, JsonObject file, JsonObject output) {
    @Override
    public String toString() {
      return dir.getFileName()
          + "/"
          + file.get("path").getAsString()
          + " "
          + output.get("name").getAsString();
    }

    boolean single() {
      return fixture.get("dtype").getAsString().equals("float32");
    }

    int count(String batch) {
      return fixture.get(batch).getAsInt();
    }

    double[] array(String key) {
      return read(dir.resolve(output.get(key).getAsString()));
    }

    double[] numbers(String file) {
      return read(dir.resolve(file));
    }

    FlatModel load() throws IOException {
      Path path = dir.resolve(file.get("path").getAsString());
      String own =
          file.getAsJsonObject("output_names").get(output.get("name").getAsString()).getAsString();
      Options options = Options.defaults().withOutputs(List.of(own));
      return path.toString().endsWith(".pb")
          ? FrozenGraphs.read(
              path,
              options.withParameters(Files.readAllLines(dir.resolve("frozen.parameters.txt"))))
          : SavedModels.read(path, chooses() ? options.withParameters(names()) : options);
    }

    /** This file does not say that a layer was frozen after it was made. */
    private boolean chooses() {
      return toString().startsWith("transfer_float64/saved_model_tf");
    }

    private List<String> names() {
      List<String> names = new ArrayList<>();
      fixture
          .getAsJsonArray("variables")
          .forEach(v -> names.add(v.getAsJsonObject().get("name").getAsString()));
      return names;
    }

    /**
     * Where the model's kth parameter stands among the fixture's: a model of one of several outputs
     * has not all of them.
     */
    int place(List<Parameter> parameters, int k) {
      List<String> names = names();
      return parameters.size() == names.size() ? k : names.indexOf(parameters.get(k).name());
    }

    /** Where the values of the model's kth parameter start in a vector of all. */
    int offset(List<Parameter> parameters, int k) {
      JsonElement variable = fixture.getAsJsonArray("variables").get(place(parameters, k));
      return variable.getAsJsonObject().get("offset").getAsInt();
    }

    /** The examples of batch 1 or 2, the inputs in the model's order one after another. */
    double[] examples(GraphModel model, int batch) {
      Map<String, double[]> byName = new TreeMap<>();
      for (JsonElement element : fixture.getAsJsonArray("inputs")) {
        JsonObject input = element.getAsJsonObject();
        String own =
            file.getAsJsonObject("input_names").get(input.get("name").getAsString()).getAsString();
        byName.put(own.replaceFirst(":0$", ""), numbers(input.get("x" + batch).getAsString()));
      }
      int n = count("n" + batch);
      double[] x = new double[n * model.exampleSize()];
      int offset = 0;
      for (var input : model.inputs()) {
        double[] values = byName.get(input.name());
        for (int i = 0; i < n; i++) {
          System.arraycopy(
              values, i * input.size(), x, i * model.exampleSize() + offset, input.size());
        }
        offset += input.size();
      }
      return x;
    }

    private static double[] read(Path path) {
      NpyFile npy = NpyFile.read(path);
      double[] values = new double[npy.rows() * npy.rowLength()];
      for (int i = 0; i < npy.rows(); i++) {
        npy.row(i, values, i * npy.rowLength());
      }
      return values;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> dirs = Files.list(ROOT)) {
      for (Path dir : dirs.filter(Files::isDirectory).sorted().toList()) {
        JsonObject fixture =
            JsonParser.parseString(Files.readString(dir.resolve("fixture.json"))).getAsJsonObject();
        for (JsonElement file : fixture.getAsJsonArray("models")) {
          for (JsonElement output : fixture.getAsJsonArray("outputs")) {
            cases.add(new Case(dir, fixture, file.getAsJsonObject(), output.getAsJsonObject()));
          }
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void kernelsAndProducts(Case c) throws IOException {
    check(c, c.single() ? Precision.FLOAT32 : Precision.FLOAT64, tolerance(c));
  }

  static Stream<Case> singleCases() throws IOException {
    return cases().filter(Case::single);
  }

  /** The reference is computed in float64 with the file's float32 numbers. */
  @ParameterizedTest
  @MethodSource("singleCases")
  void float32FilesInFloat64(Case c) throws IOException {
    check(c, Precision.FLOAT64, 1e-7);
  }

  /** Keras reshapes the bias of a convolution, and squeezes it again. */
  @Test
  void theBiasOfAConvolutionIsRecognised() throws IOException {
    Case c = cases().filter(a -> a.dir().endsWith("several_float64")).findFirst().orElseThrow();
    try (GraphModel model = c.load().build("several", null, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertEquals(List.of("emb/embeddings"), ntk.unrecognised());
    }
  }

  private static double tolerance(Case c) {
    return c.fixture().get("tolerance_relative_to_max").getAsDouble();
  }

  private static void check(Case c, Precision precision, double tolerance) throws IOException {
    try (GraphModel model = c.load().in(precision).build(c.toString(), null, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      int n1 = c.count("n1");
      int n2 = c.count("n2");
      double[] x1 = c.examples(model, 1);
      double[] x2 = c.examples(model, 2);
      assertClose(c.array("y1"), model.predict(x1, n1), tolerance, "y1");
      assertClose(c.array("y2"), model.predict(x2, n2), tolerance, "y2");
      assertClose(c.array("theta_12"), ntk.matrix(x1, n1, x2, n2), tolerance, "theta_12");
      assertClose(c.array("theta_11"), ntk.matrix(x1, n1, x1, n1), tolerance, "theta_11");
      checkByVariable(c, model, ntk.matrixByParameter(x1, n1, x2, n2), tolerance);
      checkProducts(c, model, x1, n1, tolerance);
      Independence.requireByValue(model, x1, n1);
    }
  }

  private static void checkByVariable(
      Case c, GraphModel model, Map<String, double[]> byName, double tolerance) {
    double[] expected = c.array("theta_12_per_variable");
    List<Parameter> parameters = model.parameters();
    double[] found = new double[expected.length];
    int size = expected.length / c.names().size();
    for (int k = 0; k < parameters.size(); k++) {
      // A parameter that the output does not depend on has no part.
      double[] part = byName.getOrDefault(parameters.get(k).name(), new double[size]);
      System.arraycopy(part, 0, found, c.place(parameters, k) * size, size);
    }
    assertClose(expected, found, tolerance, "theta_12_per_variable");
  }

  /** Jv and Jᵀu by the transforms. */
  private static void checkProducts(Case c, GraphModel model, double[] x, int n, double tolerance) {
    double[] v = c.numbers("v.npy");
    double[] u = c.array("u_1");
    Ops tf = model.tf();
    List<Operand<?>> theta = new ArrayList<>();
    List<Operand<?>> tangents = new ArrayList<>();
    List<Parameter> parameters = model.parameters();
    for (int k = 0; k < parameters.size(); k++) {
      Parameter parameter = parameters.get(k);
      theta.add(parameter.value());
      int offset = c.offset(parameters, k);
      double[] part = Arrays.copyOfRange(v, offset, offset + parameter.spec().size());
      tangents.add(constant(tf, part, model.precision(), parameter.spec().shape()));
    }
    Operand<?> cotangent = constant(tf, u, model.precision(), n, model.outputs());
    List<Operand<?>> f = List.of(model.output());
    List<Operand<TNumber>> fetches = new ArrayList<>(Transforms.jvp(tf, f, theta, tangents));
    Transforms.vjp(tf, f, theta, List.of(cotangent)).forEach(fetches::add);
    try (Fetched values = model.run(x, n, fetches)) {
      assertClose(c.array("jv_1"), Tensors.toDoubles(values.get(0)), tolerance, "jv");
      double[] jtu = new double[v.length];
      for (int k = 1; k < values.tensors().size(); k++) {
        double[] part = Tensors.toDoubles(values.get(k));
        System.arraycopy(part, 0, jtu, c.offset(parameters, k - 1), part.length);
      }
      assertClose(c.array("jtu_1"), jtu, tolerance, "jtu");
    }
  }

  private static Operand<?> constant(Ops tf, double[] values, Precision precision, int... shape) {
    Operand<?> flat =
        precision == Precision.FLOAT64
            ? tf.constant(values)
            : tf.dtypes.cast(tf.constant(values), precision.type());
    return tf.reshape(flat, tf.constant(Shapes.longs(shape)));
  }

  private static void assertClose(
      double[] expected, double[] found, double tolerance, String what) {
    assertEquals(expected.length, found.length, what);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(expected[i] - found[i]);
      assertTrue(
          difference <= tolerance * largest,
          what + "[" + i + "]: " + found[i] + ", expected " + expected[i]);
    }
  }
}
