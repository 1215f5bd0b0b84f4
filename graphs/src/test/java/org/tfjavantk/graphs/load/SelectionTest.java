package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tensorflow.proto.DataType.DT_DOUBLE;
import static org.tensorflow.proto.DataType.DT_INT32;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts of models, and what is told about them. */
class SelectionTest {
  private static final Options DEFAULTS = Options.defaults();

  @TempDir Path dir;

  @Test
  void patternsChooseAmongTheVariables() {
    Path mlp = Fixture.ROOT.resolve("mlp_float64/saved_model");
    FlatModel kernels =
        SavedModels.read(
            mlp, DEFAULTS.withParameters(List.of("*/kernel")).withExclude(List.of("mlp/h?ad/*")));
    assertEquals(
        List.of("mlp/hidden_relu/kernel", "mlp/hidden_tanh/kernel"),
        kernels.parameters().stream().map(Variable::name).toList());
    assertEquals(6, kernels.variables().size());
    assertEquals(80 + 192, kernels.parameterCount());
  }

  @Test
  void aPatternReachesVariablesThatAreNotTrainable() {
    Path transfer = Fixture.ROOT.resolve("transfer_float64/saved_model");
    FlatModel base = SavedModels.read(transfer, DEFAULTS.withParameters(List.of("*/base/*")));
    assertEquals(2, base.parameters().size());
  }

  @Test
  void logitsAreTheInputOfTheSoftmax() {
    HandMade graph =
        new HandMade()
            .node("mul", "Mul", List.of("x", "w"), "T", DT_DOUBLE)
            .node("p", "Softmax", List.of("mul"), "T", DT_DOUBLE)
            .node("y", "Identity", List.of("p"), "T", DT_DOUBLE);
    Path file = graph.write(dir);
    Options options = DEFAULTS.withParameters(List.of("w"));
    assertArrayEquals(
        new double[] {2, -30, 50},
        HandMade.evaluate(FrozenGraphs.read(file, options.withLogits(true))));
    Inspection inspection = Inspection.of(file, DEFAULTS);
    assertEquals(List.of("y"), inspection.heads());
    assertEquals(1, inspection.operations().get("Softmax"));
  }

  @Test
  void aPatternPassesOverSingleNumbersInAFrozenGraph() {
    HandMade graph =
        new HandMade()
            .constant("epsilon", DT_DOUBLE, 1e-3)
            .node("mul", "Mul", List.of("x", "w"), "T", DT_DOUBLE)
            .node("y", "AddV2", List.of("mul", "epsilon"), "T", DT_DOUBLE);
    Path file = graph.write(dir);
    assertEquals(
        List.of("w"),
        FrozenGraphs.read(file, DEFAULTS.withParameters(List.of("*"))).parameters().stream()
            .map(Variable::name)
            .toList());
    assertEquals(
        List.of("epsilon", "w"),
        FrozenGraphs.read(file, DEFAULTS.withParameters(List.of("epsilon", "w")))
            .parameters()
            .stream()
            .map(Variable::name)
            .toList());
  }

  @Test
  void constantsComeInTheOrderOfTheirUse() {
    Path file = Fixture.ROOT.resolve("frozen_tf1_ref_float64/frozen.pb");
    assertEquals(
        List.of("conv/kernel", "conv/bias", "dense/kernel", "dense/bias", "out/kernel", "out/bias"),
        FrozenGraphs.read(file, DEFAULTS.withParameters(List.of("*")).withExclude(List.of("shift")))
            .parameters()
            .stream()
            .map(Variable::name)
            .toList());
  }

  @Test
  void aFrozenGraphMayBeText() throws IOException {
    HandMade graph = new HandMade().node("y", "Mul", List.of("x", "w"), "T", DT_DOUBLE);
    Path file = dir.resolve("graph.pbtxt");
    Files.writeString(file, TextFormat.printer().printToString(graph.build()));
    FlatModel model = FrozenGraphs.read(file, DEFAULTS.withParameters(List.of("w")));
    assertArrayEquals(new double[] {2, -30, 50}, HandMade.evaluate(model));
    assertArrayEquals(new long[] {3}, model.outputs().get(0).shape());
  }

  @Test
  void anyTensorOfAFrozenGraphCanBeTheInput() {
    HandMade graph =
        new HandMade()
            .node("mul", "Neg", List.of("x"), "T", DT_DOUBLE)
            .node("y", "Mul", List.of("mul", "w"), "T", DT_DOUBLE);
    FlatModel model =
        FrozenGraphs.read(
            graph.write(dir), DEFAULTS.withInputs(List.of("mul:0")).withParameters(List.of("w")));
    assertEquals(List.of("mul:0"), model.inputs().stream().map(Port::name).toList());
    assertFalse(model.graph().getNodeList().stream().anyMatch(n -> n.getOp().equals("Neg")));
  }

  @Test
  void inspectionTellsWhatASavedModelHolds() {
    Inspection found =
        Inspection.of(Fixture.ROOT.resolve("module_shared_float64/saved_model"), DEFAULTS);
    assertEquals(Inspection.Format.SAVED_MODEL, found.format());
    assertEquals("serving_default", found.signature());
    assertEquals(
        List.of("ids", "x"), found.signatures().get(0).inputs().stream().map(Port::name).toList());
    assertEquals(
        List.of("kernel", "scale", "shared", "table"),
        found.variables().stream()
            .filter(Inspection.VariableShape::trainable)
            .map(Inspection.VariableShape::name)
            .toList());
    assertEquals(
        427,
        found.variables().stream()
            .filter(Inspection.VariableShape::trainable)
            .mapToLong(Inspection.VariableShape::size)
            .sum());
    assertEquals(1, found.operations().get("Conv2D"));
    assertTrue(found.notes().isEmpty());
    Inspection unrestored =
        Inspection.of(Fixture.ROOT.resolve("mlp_float64/saved_model_unrestored"), DEFAULTS);
    assertEquals(6, unrestored.variables().size());
    assertTrue(unrestored.notes().get(0).contains("mlp/head/bias from Variable"));
  }

  @Test
  void inspectionTellsWhyAModelCannotBeRead() {
    HandMade graph =
        new HandMade()
            .constant("shape", DT_INT32, 3, 3)
            .node("noise", "RandomUniform", List.of("shape"), "T", DT_INT32, "dtype", DT_DOUBLE)
            .node("y", "AddV2", List.of("x", "noise"), "T", DT_DOUBLE);
    Inspection found = Inspection.of(graph.write(dir), DEFAULTS);
    assertTrue(found.trouble().orElseThrow().contains("RandomUniform"), found.notes().toString());
  }
}
