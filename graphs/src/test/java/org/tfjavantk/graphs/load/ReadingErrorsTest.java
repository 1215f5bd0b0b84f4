package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tensorflow.proto.DataType.DT_DOUBLE;

import com.google.protobuf.TextFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tfjavantk.graphs.UserException;

/** What a user can get wrong, and what the message says. */
class ReadingErrorsTest {
  private static final Path MLP = Fixture.ROOT.resolve("mlp_float64/saved_model");
  private static final Path FROZEN = Fixture.ROOT.resolve("frozen_tf1_ref_float64/frozen.pb");
  private static final Options DEFAULTS = Options.defaults();

  @TempDir Path dir;

  @Test
  void unknownNamesAreAnsweredWithTheNamesThereAre() {
    assertFails(
        () -> SavedModels.read(MLP, DEFAULTS.withSignature("serving")),
        "no signature \"serving\"",
        "serve, serving_default");
    assertFails(
        () -> SavedModels.read(MLP, DEFAULTS.withInputs(List.of("feature"))),
        "no input \"feature\"",
        "features");
    assertFails(
        () -> SavedModels.read(MLP, DEFAULTS.withOutputs(List.of("logits"))),
        "no output \"logits\"",
        "output_0");
    assertFails(
        () -> SavedModels.read(MLP, DEFAULTS.withTags(List.of("train"))), "[train]", "[[serve]]");
    assertFails(
        () -> FrozenGraphs.read(FROZEN, DEFAULTS.withOutputs(List.of("yy"))),
        "no tensor \"yy\"",
        "are y, ");
  }

  @Test
  void aPatternThatMatchesNothingIsAnsweredWithTheNearestNamesFirst() {
    assertFails(
        () -> SavedModels.read(MLP, DEFAULTS.withParameters(List.of("mlp/head/kernels"))),
        "no parameter matches",
        "are mlp/head/kernel, ");
    assertFails(() -> SavedModels.read(MLP, DEFAULTS.withExclude(List.of("conv*"))), "\"conv*\"");
  }

  @Test
  void excludingEverythingIsRefused() {
    assertFails(() -> SavedModels.read(MLP, DEFAULTS.withExclude(List.of("*"))), "no parameters");
  }

  @Test
  void aFrozenGraphAsksForItsParameters() {
    assertFails(
        () -> FrozenGraphs.read(FROZEN, DEFAULTS),
        "which of its constants are parameters",
        "conv/kernel [",
        "dense/bias [");
  }

  @Test
  void severalPossibleOutputsAreListed() {
    HandMade graph =
        new HandMade()
            .node("y", "Mul", List.of("x", "w"), "T", DT_DOUBLE)
            .node("z", "Neg", List.of("x"), "T", DT_DOUBLE);
    Path file = graph.write(dir);
    assertFails(
        () -> FrozenGraphs.read(file, DEFAULTS.withParameters(List.of("w"))),
        "choose them",
        "y, z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved_model.pb", "frozen.pb"})
  void aFileThatWasCutOffIsDamaged(String name) throws IOException {
    Path source = name.equals("frozen.pb") ? FROZEN : MLP.resolve(name);
    byte[] bytes = Files.readAllBytes(source);
    Files.write(dir.resolve(name), Arrays.copyOf(bytes, bytes.length * 2 / 3));
    assertFails(() -> read(name), name, "damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"saved_model.pb", "frozen.pb"})
  void garbageIsNoModel(String name) throws IOException {
    Files.writeString(dir.resolve(name), "this is a text about something else");
    assertFails(() -> read(name), name);
  }

  private void read(String name) {
    if (name.equals("frozen.pb")) {
      FrozenGraphs.read(dir.resolve(name), DEFAULTS.withParameters(List.of("*")));
    } else {
      SavedModels.read(dir, DEFAULTS);
    }
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    assertFails(() -> SavedModels.read(dir, DEFAULTS), "saved_model.pb");
    assertFails(() -> SavedModels.read(dir.resolve("nowhere"), DEFAULTS), "saved_model.pb");
    assertFails(() -> FrozenGraphs.read(dir.resolve("a.pb"), DEFAULTS), "a.pb is no file");
    Files.copy(MLP.resolve("saved_model.pb"), dir.resolve("saved_model.pb"));
    assertFails(() -> SavedModels.read(dir, DEFAULTS), "variables/variables.index");
  }

  @Test
  void aVariableWithoutAValueAndWithoutACopyIsNamed() throws IOException {
    Path source = Fixture.ROOT.resolve("mlp_float64/saved_model_unrestored");
    SavedModel.Builder model =
        SavedModel.parseFrom(Files.readAllBytes(source.resolve("saved_model.pb"))).toBuilder();
    for (NodeDef.Builder node :
        model.getMetaGraphsBuilder(0).getGraphDefBuilder().getNodeBuilderList()) {
      if (node.getOp().equals("AssignVariableOp")) {
        node.setOp("NoOp").clearInput().clearAttr();
      }
    }
    Files.write(dir.resolve("saved_model.pb"), model.build().toByteArray());
    copyVariables(source);
    assertFails(
        () -> SavedModels.read(dir, DEFAULTS), "leaves variable mlp/", "without a value", "export");
  }

  @Test
  void damagedVariablesAreReported() throws IOException {
    Files.copy(MLP.resolve("saved_model.pb"), dir.resolve("saved_model.pb"));
    copyVariables(MLP);
    Path data = dir.resolve("variables/variables.data-00000-of-00001");
    byte[] bytes = Files.readAllBytes(data);
    Files.write(data, Arrays.copyOf(bytes, bytes.length / 2));
    assertFails(() -> SavedModels.read(dir, DEFAULTS), "cannot load the SavedModel");
  }

  @Test
  void aGraphWithVariablesIsNotFrozen() {
    HandMade graph =
        new HandMade()
            .node("v", "VarHandleOp", List.of(), "dtype", DT_DOUBLE, "shape", new long[] {3})
            .node("read", "ReadVariableOp", List.of("v"), "dtype", DT_DOUBLE)
            .node("y", "Mul", List.of("x", "read"), "T", DT_DOUBLE);
    assertFails(() -> graph.read(dir), "holds variables", "no frozen graph");
  }

  @Test
  void aSavedModelMayBeText() throws IOException {
    SavedModel model = SavedModel.parseFrom(Files.readAllBytes(MLP.resolve("saved_model.pb")));
    Files.writeString(dir.resolve("saved_model.pbtxt"), TextFormat.printer().printToString(model));
    copyVariables(MLP);
    FlatModel text = FlatModel.read(dir, DEFAULTS);
    FlatModel binary = FlatModel.read(MLP, DEFAULTS);
    assertEquals(binary.graph(), text.graph());
    assertEquals(
        binary.variables().stream().map(Variable::values).toList(),
        text.variables().stream().map(Variable::values).toList());
  }

  private void copyVariables(Path source) throws IOException {
    Path target = Files.createDirectory(dir.resolve("variables"));
    try (Stream<Path> files = Files.list(source.resolve("variables"))) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void logitsNeedASoftmax() {
    assertFails(
        () -> SavedModels.read(MLP, DEFAULTS.withLogits(true)), "output output_0 ends in BiasAdd");
  }

  @Test
  void inspectionNeedsAModel() throws IOException {
    assertFails(() -> Inspection.of(dir.resolve("nowhere"), DEFAULTS), "does not exist");
    assertFails(() -> Inspection.of(dir, DEFAULTS), "holds no saved_model.pb");
    Path garbage = Files.writeString(dir.resolve("garbage.pb"), "not a graph");
    assertFails(() -> Inspection.of(garbage, DEFAULTS), "garbage.pb");
  }

  private static void assertFails(Executable action, String... parts) {
    UserException e = assertThrows(UserException.class, action);
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
    assertEquals(e.getMessage().strip(), e.getMessage());
  }
}
