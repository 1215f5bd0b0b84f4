package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.NodeDef;
import org.tfjavantk.graphs.Precision;

/** Files that Python wrote, with the outputs that Python computed. */
class FixturesTest {
  private static final double FLOAT64_TOLERANCE = 1e-12;

  /** The reference has its own epsilons in float64; such a file has them rounded to float32. */
  private static final double FLOAT32_FILE_TOLERANCE = 1e-8;

  /** Each file is read once for all tests. */
  private static final Map<String, FlatModel> MODELS = new HashMap<>();

  private static FlatModel read(Fixture fixture) throws IOException {
    FlatModel model = MODELS.get(fixture.toString());
    if (model == null) {
      model = fixture.read();
      MODELS.put(fixture.toString(), model);
    }
    return model;
  }

  @ParameterizedTest
  @MethodSource("org.tfjavantk.graphs.load.Fixture#all")
  void outputsAreThoseOfTheFile(Fixture fixture) throws IOException {
    FlatModel model = read(fixture);
    checkOutputs(fixture, model, fixture.tolerance());
    // The reference is computed in float64 from the file's weights, whatever the file's type is.
    checkOutputs(
        fixture,
        model.in(Precision.FLOAT64),
        fixture.float64() ? FLOAT64_TOLERANCE : FLOAT32_FILE_TOLERANCE);
    checkOutputs(fixture, model.in(Precision.FLOAT32), 2e-5);
  }

  @ParameterizedTest
  @MethodSource("org.tfjavantk.graphs.load.Fixture#all")
  void parametersAreThoseOfTheModel(Fixture fixture) throws IOException {
    FlatModel model = read(fixture);
    List<String> expected = fixture.variableNames();
    List<Variable> parameters = parameters(fixture, model);
    if (fixture.frozen()) {
      expected = Files.readAllLines(fixture.dir().resolve("frozen.parameters.txt"));
    }
    assertEquals(expected, parameters.stream().map(Variable::name).toList());
    double[] values = Npy.read(fixture.dir().resolve("params.npy")).values();
    for (int i = 0; i < parameters.size(); i++) {
      Variable parameter = parameters.get(i);
      JsonObject entry = fixture.variables().get(i).getAsJsonObject();
      long[] shape =
          entry.getAsJsonArray("shape").asList().stream().mapToLong(s -> s.getAsLong()).toArray();
      assertArrayEquals(shape, parameter.shape(), parameter.name());
      int offset = entry.get("offset").getAsInt();
      int size = entry.get("size").getAsInt();
      assertArrayEquals(
          Arrays.copyOfRange(values, offset, offset + size),
          parameter.values().doubles(),
          parameter.name());
    }
  }

  @ParameterizedTest
  @MethodSource("org.tfjavantk.graphs.load.Fixture#all")
  void graphIsFlatAndEveryVariableIsReadOnce(Fixture fixture) throws IOException {
    FlatModel model = read(fixture);
    Set<String> names = new HashSet<>();
    for (NodeDef node : model.graph().getNodeList()) {
      assertTrue(names.add(node.getName()), node.getName());
      assertTrue(node.getInputList().stream().noneMatch(in -> in.startsWith("^")));
      assertTrue(!node.getOp().contains("Call"), node.getOp());
    }
    assertEquals(model.variables().size(), count(model, "VarHandleOp"));
    assertEquals(model.variables().size(), count(model, "ReadVariableOp"));
    assertEquals(model.inputs().size(), count(model, "Placeholder"));
    assertEquals(0, model.graph().getLibrary().getFunctionCount());
  }

  @Test
  void aFileWhoseVariablesAreNotRestoredIsRepaired() throws IOException {
    FlatModel model = Fixture.of("mlp_float64", "saved_model_unrestored").read();
    assertEquals(1, model.notes().size());
    assertTrue(model.notes().get(0).contains("mlp/head/bias from Variable"), model.notes().get(0));
  }

  private static long count(FlatModel model, String op) {
    return model.graph().getNodeList().stream().filter(n -> n.getOp().equals(op)).count();
  }

  /** This one file does not say that two of its variables are not trained. */
  private static List<Variable> parameters(Fixture fixture, FlatModel model) {
    return fixture.toString().equals("transfer_float64/saved_model_tf")
        ? model.parameters().stream().filter(v -> !v.name().contains("/base/")).toList()
        : model.parameters();
  }

  private static void checkOutputs(Fixture fixture, FlatModel model, double tolerance)
      throws IOException {
    for (int k = 1; k <= 2; k++) {
      Map<String, double[]> found = Evaluator.run(model, fixture.batch(k));
      for (Map.Entry<String, Npy> expected : fixture.outputs(k).entrySet()) {
        assertClose(expected.getValue().values(), found.get(expected.getKey()), tolerance);
      }
    }
  }

  private static void assertClose(double[] expected, double[] found, double tolerance) {
    assertEquals(expected.length, found.length);
    double scale = Arrays.stream(expected).map(Math::abs).max().orElse(1);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found[i], tolerance * scale);
    }
  }
}
