package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tensorflow.proto.DataType.DT_BOOL;
import static org.tensorflow.proto.DataType.DT_DOUBLE;
import static org.tensorflow.proto.DataType.DT_INT32;
import static org.tfjavantk.graphs.load.HandMade.constantOf;
import static org.tfjavantk.graphs.load.HandMade.function;
import static org.tfjavantk.graphs.load.HandMade.named;
import static org.tfjavantk.graphs.load.HandMade.of;
import static org.tfjavantk.graphs.load.HandMade.placeholder;
import static org.tfjavantk.graphs.load.HandMade.types;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tfjavantk.graphs.UserException;

/** Functions and conditionals taken apart, and what cannot be. */
class FlatteningTest {
  private static final long[] EMPTY = {};

  private static final double[] PRODUCT = {2, -30, 50};
  private static final double[] SUM = {3, 7, 100.5};

  @TempDir Path dir;

  @Test
  void functionsInFunctionsAndListOutputsAreTakenApart() {
    // inner(a, b) = the second and the first half of (a*b, a+b) stacked and split again.
    FunctionDef inner =
        function(
            "inner",
            List.of("a", "b"),
            List.of("split:output:1", "split:output:0"),
            of("mul", "Mul", List.of("a", "b"), "T", DT_DOUBLE),
            of("add", "AddV2", List.of("a", "b"), "T", DT_DOUBLE),
            of("pack", "Pack", List.of("mul:z:0", "add:z:0"), "T", DT_DOUBLE, "N", 2, "axis", 0),
            constantOf("axis", DT_INT32, 0),
            of(
                "split",
                "Split",
                List.of("axis:output:0", "pack:output:0"),
                "T",
                DT_DOUBLE,
                "num_split",
                2));
    FunctionDef outer =
        function(
            "outer",
            List.of("a", "b"),
            List.of("call:output:0", "call:output:1"),
            of(
                "call",
                "StatefulPartitionedCall",
                List.of("a", "b"),
                "f",
                named("inner"),
                "Tin",
                types(DT_DOUBLE, DT_DOUBLE),
                "Tout",
                types(DT_DOUBLE, DT_DOUBLE)));
    HandMade graph =
        new HandMade()
            .function(inner)
            .function(outer)
            .node(
                "call",
                "PartitionedCall",
                List.of("x", "w"),
                "f",
                named("outer"),
                "Tin",
                types(DT_DOUBLE, DT_DOUBLE),
                "Tout",
                types(DT_DOUBLE, DT_DOUBLE))
            .node("y", "Sub", List.of("call:0", "call:1"), "T", DT_DOUBLE);
    double[] expected = {1, 37, 50.5};
    FlatModel model = graph.read(dir);
    assertArrayEquals(expected, HandMade.evaluate(model));
    assertTrue(
        model.graph().getNodeList().stream().anyMatch(n -> n.getName().equals("call/call/split")));
  }

  @Test
  void aFunctionThatIsCalledByItsNameTakesItsAttributesFromTheCall() {
    OpDef.Builder signature =
        OpDef.newBuilder()
            .setName("Twice")
            .addInputArg(
                OpDef.ArgDef.newBuilder().setName("parts").setTypeAttr("T").setNumberAttr("N"))
            .addOutputArg(OpDef.ArgDef.newBuilder().setName("sum").setTypeAttr("T"))
            .addAttr(OpDef.AttrDef.newBuilder().setName("T").setType("type"))
            .addAttr(OpDef.AttrDef.newBuilder().setName("N").setType("int"));
    FunctionDef twice =
        FunctionDef.newBuilder()
            .setSignature(signature)
            .addNodeDef(
                of("all", "AddN", List.of("parts"), "T", placeholder("T"), "N", placeholder("N")))
            .addNodeDef(of("sum", "AddV2", List.of("all:sum:0", "parts:1"), "T", placeholder("T")))
            .putRet("sum", "sum:z:0")
            .build();
    HandMade graph =
        new HandMade()
            .function(twice)
            .node("y", "Twice", List.of("x", "w"), "T", DT_DOUBLE, "N", 2);
    assertArrayEquals(new double[] {5, 4, 101}, graph.y(dir));
  }

  @ParameterizedTest
  @CsvSource({"If, true", "If, false", "StatelessIf, true"})
  void aConditionalWithAConstantConditionIsItsBranch(String type, boolean condition) {
    HandMade graph =
        branches(new HandMade())
            .constant("no", DT_BOOL, condition ? 0 : 1)
            .node(
                "training",
                "PlaceholderWithDefault",
                List.of("no"),
                "dtype",
                DT_BOOL,
                "shape",
                new long[0])
            .node("not", "LogicalNot", List.of("training"))
            .node(
                "y",
                type,
                List.of("not", "x", "w"),
                "then_branch",
                named("product"),
                "else_branch",
                named("sum"),
                "Tcond",
                DT_BOOL,
                "Tin",
                types(DT_DOUBLE, DT_DOUBLE),
                "Tout",
                types(DT_DOUBLE));
    assertArrayEquals(condition ? PRODUCT : SUM, graph.y(dir));
  }

  @ParameterizedTest
  @CsvSource({"0, true", "1, false", "-1, false", "9, false"})
  void aCaseTakesTheLastBranchForAnIndexOutOfRange(int index, boolean product) {
    HandMade graph =
        branches(new HandMade())
            .constant("index", DT_INT32, index)
            .node(
                "y",
                "Case",
                List.of("index", "x", "w"),
                "branches",
                named(List.of("product", "sum")),
                "Tin",
                types(DT_DOUBLE, DT_DOUBLE),
                "Tout",
                types(DT_DOUBLE));
    assertArrayEquals(product ? PRODUCT : SUM, graph.y(dir));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aTensorFlow1ConditionalIsItsBranch(boolean condition) {
    // The false branch is a constant that only a control input ties to its side of the Switch.
    HandMade graph =
        new HandMade()
            .constant("condition", DT_BOOL, condition ? 1 : 0)
            .node("pivot", "Switch", List.of("condition", "condition"), "T", DT_BOOL)
            .node("switch_f", "Identity", List.of("pivot:0"), "T", DT_BOOL)
            .node("side", "Switch", List.of("x", "condition"), "T", DT_DOUBLE)
            .node("true", "Mul", List.of("side:1", "w"), "T", DT_DOUBLE);
    NodeDef constant =
        constantOf("false", DT_DOUBLE, 7, 8, 9).toBuilder().addInput("^switch_f").build();
    graph
        .node(
            "false",
            "Const",
            List.of("^switch_f"),
            "dtype",
            DT_DOUBLE,
            "value",
            constant.getAttrOrThrow("value"))
        .node("merge", "Merge", List.of("false", "true"), "T", DT_DOUBLE, "N", 2)
        .node("y", "AddV2", List.of("merge", "w"), "T", DT_DOUBLE);
    double[] expected = condition ? new double[] {4, -33, 50.5} : new double[] {9, 5, 9.5};
    assertArrayEquals(expected, graph.y(dir));
  }

  @Test
  void whatTheOtherBranchWouldDoDoesNotMatter() {
    HandMade graph =
        new HandMade()
            .constant("condition", DT_BOOL, 0)
            .node("side", "Switch", List.of("x", "condition"), "T", DT_DOUBLE)
            .node("shape", "Shape", List.of("side:1"), "T", DT_DOUBLE, "out_type", DT_INT32)
            .node("noise", "RandomUniform", List.of("shape"), "T", DT_INT32, "dtype", DT_DOUBLE)
            .node("merge", "Merge", List.of("noise", "side:0"), "T", DT_DOUBLE, "N", 2)
            .node("y", "Mul", List.of("merge", "w"), "T", DT_DOUBLE);
    assertArrayEquals(PRODUCT, graph.y(dir));
  }

  @Test
  void depthDoesNotMatter() {
    HandMade graph = new HandMade();
    String last = "x";
    for (int i = 0; i < 20_000; i++) {
      graph.node("n" + i, "Neg", List.of(last), "T", DT_DOUBLE);
      last = "n" + i;
    }
    graph.node("y", "Mul", List.of(last, "w"), "T", DT_DOUBLE);
    FlatModel model = graph.read(dir);
    assertEquals(20_004, model.graph().getNodeCount());
  }

  @Test
  void loopsAreRefused() {
    FunctionDef condition =
        FunctionDef.newBuilder()
            .setSignature(
                OpDef.newBuilder()
                    .setName("condition")
                    .addInputArg(OpDef.ArgDef.newBuilder().setName("a").setType(DT_DOUBLE))
                    .addInputArg(OpDef.ArgDef.newBuilder().setName("b").setType(DT_DOUBLE))
                    .addOutputArg(OpDef.ArgDef.newBuilder().setName("go").setType(DT_BOOL)))
            .addNodeDef(constantOf("no", DT_BOOL, 0))
            .putRet("go", "no:output:0")
            .build();
    FunctionDef body =
        function(
            "body",
            List.of("a", "b"),
            List.of("mul:z:0", "b"),
            of("mul", "Mul", List.of("a", "b"), "T", DT_DOUBLE));
    HandMade graph =
        new HandMade()
            .function(condition)
            .function(body)
            .node(
                "loop",
                "StatelessWhile",
                List.of("x", "w"),
                "T",
                types(DT_DOUBLE, DT_DOUBLE),
                "cond",
                named("condition"),
                "body",
                named("body"))
            .node("y", "Mul", List.of("loop", "w"), "T", DT_DOUBLE);
    assertRefused(graph, "StatelessWhile (node loop)", "unroll=True");
  }

  @Test
  void randomNumbersAreRefused() {
    HandMade graph =
        new HandMade()
            .constant("shape", DT_INT32, 3, 3)
            .node("noise", "RandomUniform", List.of("shape"), "T", DT_INT32, "dtype", DT_DOUBLE)
            .node("mul", "Mul", List.of("x", "w"), "T", DT_DOUBLE)
            .node("y", "AddV2", List.of("mul", "noise"), "T", DT_DOUBLE);
    assertRefused(graph, "RandomUniform (node noise)", "inference mode");
  }

  private static HandMade dropout(double keep) {
    return new HandMade()
        .constant("one", DT_DOUBLE, 1)
        .constant("default", DT_DOUBLE, keep)
        .node(
            "keep",
            "PlaceholderWithDefault",
            List.of("default"),
            "dtype",
            DT_DOUBLE,
            "shape",
            EMPTY)
        .constant("shape", DT_INT32, 3, 3)
        .node("u", "RandomUniform", List.of("shape"), "T", DT_INT32, "dtype", DT_DOUBLE)
        .node("mul", "Mul", List.of("x", "w"), "T", DT_DOUBLE);
  }

  @Test
  void aDropoutThatKeepsEverythingIsNone() {
    HandMade compared =
        dropout(1)
            .node("rate", "Sub", List.of("one", "keep"), "T", DT_DOUBLE)
            .node("mask", "GreaterEqual", List.of("u", "rate"), "T", DT_DOUBLE)
            .node("zeros", "ZerosLike", List.of("mul"), "T", DT_DOUBLE)
            .node("y", "SelectV2", List.of("mask", "mul", "zeros"), "T", DT_DOUBLE);
    assertArrayEquals(new double[] {2, -30, 50}, compared.y(dir));
    HandMade rounded =
        dropout(1)
            .node("shifted", "Add", List.of("keep", "u"), "T", DT_DOUBLE)
            .node("mask", "Floor", List.of("shifted"), "T", DT_DOUBLE)
            .node("y", "Mul", List.of("mul", "mask"), "T", DT_DOUBLE);
    assertArrayEquals(new double[] {2, -30, 50}, rounded.y(dir));
    HandMade random =
        dropout(0.5)
            .node("rate", "Sub", List.of("one", "keep"), "T", DT_DOUBLE)
            .node("mask", "GreaterEqual", List.of("u", "rate"), "T", DT_DOUBLE)
            .node("zeros", "ZerosLike", List.of("mul"), "T", DT_DOUBLE)
            .node("y", "SelectV2", List.of("mask", "mul", "zeros"), "T", DT_DOUBLE);
    assertRefused(random, "RandomUniform (node u)", "inference mode");
  }

  @Test
  void aConditionThatDependsOnTheInputIsRefused() {
    HandMade graph =
        branches(new HandMade())
            .constant("axis", DT_INT32, 0, 0)
            .node("total", "Sum", List.of("x", "axis"), "T", DT_DOUBLE, "Tidx", DT_INT32)
            .constant("zero", DT_DOUBLE, 0)
            .node("positive", "Greater", List.of("total", "zero"), "T", DT_DOUBLE)
            .node(
                "y",
                "If",
                List.of("positive", "x", "w"),
                "then_branch",
                named("product"),
                "else_branch",
                named("sum"),
                "Tcond",
                DT_BOOL,
                "Tin",
                types(DT_DOUBLE, DT_DOUBLE),
                "Tout",
                types(DT_DOUBLE));
    assertRefused(graph, "If (node y)", "computed from the inputs");
  }

  @Test
  void writesAndTablesAreRefused() {
    HandMade writes =
        new HandMade()
            .node(
                "v",
                "VariableV2",
                List.of(),
                "dtype",
                DT_DOUBLE,
                "shape",
                new long[] {3},
                "container",
                "",
                "shared_name",
                "")
            .node("y", "AssignAdd", List.of("v", "x"), "T", DT_DOUBLE);
    assertRefused(writes, "AssignAdd (node y)", "changes a variable");
  }

  @Test
  void aReadThatWaitsForAWriteIsRefused() {
    HandMade graph =
        new HandMade()
            .node(
                "v",
                "VarHandleOp",
                List.of(),
                "dtype",
                DT_DOUBLE,
                "shape",
                new long[] {3},
                "container",
                "",
                "shared_name",
                "v")
            .node("write", "AssignAddVariableOp", List.of("v", "x"), "dtype", DT_DOUBLE)
            .node("read", "ReadVariableOp", List.of("v", "^write"), "dtype", DT_DOUBLE)
            .node("y", "Mul", List.of("read", "w"), "T", DT_DOUBLE);
    assertRefused(graph, "AssignAddVariableOp (node write)", "read afterwards");
  }

  @Test
  void anInputThatIsNotChosenIsNamed() {
    HandMade graph =
        new HandMade()
            .node("z", "Placeholder", List.of(), "dtype", DT_DOUBLE, "shape", new long[] {3})
            .node("mul", "Mul", List.of("x", "w"), "T", DT_DOUBLE)
            .node("y", "Mul", List.of("mul", "z"), "T", DT_DOUBLE);
    Options options =
        Options.defaults()
            .withInputs(List.of("x"))
            .withParameters(List.of("w"))
            .withOutputs(List.of("y"));
    Path file = graph.write(dir);
    var e = assertThrows(UserException.class, () -> FrozenGraphs.read(file, options));
    assertTrue(e.getMessage().contains("Placeholder z"), e.getMessage());
  }

  private void assertRefused(HandMade graph, String... parts) {
    UserException e = assertThrows(UserException.class, () -> graph.read(dir));
    for (String part : parts) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  /** Functions of two arguments: product(a, b) = a * b and sum(a, b) = a + b. */
  private static HandMade branches(HandMade graph) {
    return graph
        .function(
            function(
                "product",
                List.of("a", "b"),
                List.of("mul:z:0"),
                of("mul", "Mul", List.of("a", "b"), "T", DT_DOUBLE)))
        .function(
            function(
                "sum",
                List.of("a", "b"),
                List.of("add:z:0"),
                of("add", "AddV2", List.of("a", "b"), "T", DT_DOUBLE)));
  }
}
