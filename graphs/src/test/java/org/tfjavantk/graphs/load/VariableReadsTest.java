package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tensorflow.proto.DataType.DT_DOUBLE;
import static org.tensorflow.proto.DataType.DT_INT32;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;

/** Operations that read a variable through its handle. */
class VariableReadsTest {
  private static final double[] V = {1, 2, 3, 4, 5, 6};
  private static final long[] SHAPE = {2, 3};

  private static double[] read(DataType gives, HandMade graph) {
    graph
        .node("v", "VarHandleOp", List.of(), "dtype", DT_DOUBLE, "shape", SHAPE)
        .node("same", "Identity", List.of("v"), "T", DataType.DT_RESOURCE);
    Flattener flattener = new Flattener(graph.build());
    Port y = new Port("y", flattener.flatten("y:0"), gives, null);
    Draft draft =
        new Draft(Flattener.read(0), "v", DT_DOUBLE, SHAPE, true, Values.of(DT_DOUBLE, V));
    FlatModel model =
        new Assembly(flattener.nodes(), graph.build().getVersions())
            .assemble(List.of(), List.of(y), List.of(draft), List.of());
    assertEquals(
        1,
        model.graph().getNodeList().stream()
            .map(NodeDef::getOp)
            .filter("ReadVariableOp"::equals)
            .count());
    return Evaluator.run(model, Map.of()).get("y");
  }

  @Test
  void aGatherByBatchesTakesItsAxisFromThem() {
    HandMade graph =
        new HandMade()
            .constant("columns", DT_INT32, 2, 0)
            .node(
                "y",
                "ResourceGather",
                List.of("same", "columns"),
                "dtype",
                DT_DOUBLE,
                "Tindices",
                DT_INT32,
                "batch_dims",
                1);
    assertArrayEquals(new double[] {3, 4}, read(DT_DOUBLE, graph));
  }

  @Test
  void aGatherTakesRows() {
    HandMade graph =
        new HandMade()
            .constant("row", DT_INT32, 1)
            .node(
                "y",
                "ResourceGather",
                List.of("same", "row"),
                "dtype",
                DT_DOUBLE,
                "Tindices",
                DT_INT32);
    assertArrayEquals(new double[] {4, 5, 6}, read(DT_DOUBLE, graph));
  }

  @Test
  void aGatherByCoordinatesTakesNumbers() {
    HandMade graph =
        new HandMade()
            .constant("place", DT_INT32, 1, 2)
            .node(
                "y",
                "ResourceGatherNd",
                List.of("same", "place"),
                "dtype",
                DT_DOUBLE,
                "Tindices",
                DT_INT32);
    assertArrayEquals(new double[] {6}, read(DT_DOUBLE, graph));
  }

  @Test
  void theShapeIsThatOfTheValue() {
    HandMade graph = new HandMade().node("y", "VariableShape", List.of("v"), "out_type", DT_INT32);
    assertArrayEquals(new double[] {2, 3}, read(DT_INT32, graph));
  }
}
