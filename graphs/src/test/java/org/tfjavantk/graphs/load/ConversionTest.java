package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tensorflow.proto.DataType.DT_BFLOAT16;
import static org.tensorflow.proto.DataType.DT_DOUBLE;
import static org.tensorflow.proto.DataType.DT_FLOAT;
import static org.tensorflow.proto.DataType.DT_HALF;
import static org.tensorflow.proto.DataType.DT_INT32;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

/** Models in another precision than their file's. */
class ConversionTest {
  private static final double[] SCALE = {1.5, -2};
  private static final double[] OFFSET = {0.25, 4};
  private static final double[] MEAN = {3, -1};
  private static final double[] VARIANCE = {4, 0.5};

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(strings = {"NHWC", "NCHW"})
  void fusedBatchNormalisationBecomesItsFormula(String format) {
    long[] shape = format.equals("NHWC") ? new long[] {2, 1, 2, 2} : new long[] {2, 2, 1, 2};
    FlatModel model = normalisation(format, shape, false);
    double[] x = {1, 2, 3, 4, 5, 6, 7, 8};
    double[] expected = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int channel = format.equals("NHWC") ? i % 2 : i / 2 % 2;
      expected[i] =
          (x[i] - MEAN[channel]) / Math.sqrt(VARIANCE[channel] + 0.5f) * SCALE[channel]
              + OFFSET[channel]
              // The mean that it hands on is the one that went in.
              + MEAN[i % 2];
    }
    double[] y =
        Evaluator.run(model.in(Precision.FLOAT64), Map.of("image", new Npy(shape, x))).get("y");
    assertArrayEquals(expected, y, 1e-14);
    if (format.equals("NHWC")) {
      assertArrayEquals(
          expected, Evaluator.run(model, Map.of("image", new Npy(shape, x))).get("y"), 1e-5);
    }
  }

  @Test
  void normalisationByTheBatchIsNotedAndNotConverted() {
    FlatModel model = normalisation("NHWC", new long[] {2, 1, 2, 2}, true);
    assertTrue(model.notes().get(0).contains("statistics of the batch"));
    assertThrows(UserException.class, () -> model.in(Precision.FLOAT64));
  }

  private FlatModel normalisation(String format, long[] shape, boolean training) {
    GraphDef.Builder graph = GraphDef.newBuilder();
    graph.getVersionsBuilder().setProducer(1994);
    graph
        .addNode(HandMade.of("image", "Placeholder", List.of(), "dtype", DT_FLOAT, "shape", shape))
        .addNode(HandMade.constantOf("scale", DT_FLOAT, SCALE))
        .addNode(HandMade.constantOf("offset", DT_FLOAT, OFFSET))
        .addNode(HandMade.constantOf("mean", DT_FLOAT, MEAN))
        .addNode(HandMade.constantOf("variance", DT_FLOAT, VARIANCE))
        .addNode(
            HandMade.of(
                "bn",
                "FusedBatchNormV3",
                List.of("image", "scale", "offset", "mean", "variance"),
                "T",
                DT_FLOAT,
                "U",
                DT_FLOAT,
                "epsilon",
                0.5,
                "data_format",
                format,
                "is_training",
                training))
        .addNode(HandMade.of("y", "AddV2", List.of("bn", "bn:1"), "T", DT_FLOAT));
    Path file = write(graph);
    return FrozenGraphs.read(
        file,
        Options.defaults().withParameters(List.of("scale", "offset")).withOutputs(List.of("y")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DT_HALF", "DT_BFLOAT16"})
  void narrowFilesAreComputedInFloat64(String name) {
    DataType type = DataType.valueOf(name);
    int[] bits =
        type == DT_HALF ? new int[] {0x4000, 0xc200, 0x3800} : new int[] {0x4000, 0xc040, 0x3f00};
    TensorProto.Builder w =
        TensorProto.newBuilder()
            .setDtype(type)
            .setTensorShape(
                TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(3)));
    Arrays.stream(bits).forEach(w::addHalfVal);
    NodeDef.Builder constant =
        NodeDef.newBuilder()
            .setName("w")
            .setOp("Const")
            .putAttr("dtype", Types.attr(type))
            .putAttr("value", AttrValue.newBuilder().setTensor(w).build());
    GraphDef.Builder graph =
        GraphDef.newBuilder()
            .addNode(
                HandMade.of("x", "Placeholder", List.of(), "dtype", type, "shape", new long[] {3}))
            .addNode(constant)
            .addNode(HandMade.of("y", "Mul", List.of("x", "w"), "T", type));
    FlatModel model =
        FrozenGraphs.read(write(graph), Options.defaults().withParameters(List.of("w")));
    assertEquals(type, model.variables().get(0).dtype());
    for (Precision precision : Precision.values()) {
      FlatModel converted = model.in(precision);
      assertArrayEquals(HandMade.W, converted.variables().get(0).values().doubles());
      assertArrayEquals(new double[] {2, -30, 50}, HandMade.evaluate(converted));
    }
  }

  @Test
  void whatTensorFlowCannotComputeInFloat64IsNamed() {
    GraphDef.Builder graph = GraphDef.newBuilder();
    graph.getVersionsBuilder().setProducer(1994);
    graph
        .addNode(
            HandMade.of(
                "x", "Placeholder", List.of(), "dtype", DT_FLOAT, "shape", new long[] {1, 2, 2, 1}))
        .addNode(HandMade.constantOf("size", DT_INT32, 4, 4))
        .addNode(HandMade.constantOf("w", DT_FLOAT, 1, 2, 3, 4))
        .addNode(HandMade.of("large", "ResizeBilinear", List.of("x", "size"), "T", DT_FLOAT))
        .addNode(HandMade.of("y", "Mul", List.of("large", "w"), "T", DT_FLOAT));
    FlatModel model =
        FrozenGraphs.read(write(graph), Options.defaults().withParameters(List.of("w")));
    UserException e = assertThrows(UserException.class, () -> model.in(Precision.FLOAT64));
    assertTrue(e.getMessage().contains("ResizeBilinear (node large)"), e.getMessage());
    assertEquals(model.graph().getNodeCount(), model.in(Precision.FLOAT32).graph().getNodeCount());
  }

  @Test
  void valuesKeepTheirBits() {
    Values values = Values.of(DT_FLOAT, 0.1f, -0.0, Float.MIN_VALUE);
    assertArrayEquals(new float[] {0.1f, -0.0f, Float.MIN_VALUE}, values.floats());
    assertEquals(values, values.as(DT_DOUBLE).as(DT_FLOAT));
    assertEquals(values, Values.of(values.toProto(3)));
    assertEquals(2, Values.width(DT_BFLOAT16));
    // A Const may list fewer values than it has: the last one is repeated.
    TensorProto filled =
        TensorProto.newBuilder()
            .setDtype(DT_FLOAT)
            .setTensorShape(
                TensorShapeProto.newBuilder().addDim(TensorShapeProto.Dim.newBuilder().setSize(3)))
            .addFloatVal(7)
            .build();
    assertArrayEquals(new double[] {7, 7, 7}, Values.of(filled).doubles());
  }

  private Path write(GraphDef.Builder graph) {
    try {
      return Files.write(dir.resolve("graph.pb"), graph.build().toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
