package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.ModelInput;
import org.tfjavantk.graphs.ModelParts;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

class ExampleAxisTest {
  private interface Body extends BiFunction<Ops, Operand<TFloat64>, Operand<TFloat64>> {}

  @SuppressWarnings("unchecked")
  private static GraphModel model(Body body, long... shape) {
    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    long[] batch = new long[shape.length + 1];
    batch[0] = -1;
    System.arraycopy(shape, 0, batch, 1, shape.length);
    Placeholder<TFloat64> x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(batch)));
    Operand<TFloat64> y = body.apply(tf, x);
    int[] example = java.util.Arrays.stream(shape).mapToInt(d -> (int) d).toArray();
    ModelInput input = new ModelInput("x", x, example);
    return GraphModel.of(
        new ModelParts(
            "m", graph, List.of(input), (Operand<TFloating>) (Operand<?>) y, List.of(), 0),
        DeviceChoice.AUTO);
  }

  private static double[] examples(GraphModel model, int n) {
    double[] x = new double[n * model.exampleSize()];
    for (int i = 0; i < x.length; i++) {
      x[i] = Math.sin(1 + 3 * i);
    }
    return x;
  }

  private static void assertIndependent(Body body, long... shape) {
    try (GraphModel model = model(body, shape)) {
      assertTrue(Independence.requireByGraph(model));
      assertDoesNotThrow(() -> Independence.requireByValue(model, examples(model, 8), 8));
    }
  }

  private static void assertMixed(String operation, Body body, long... shape) {
    try (GraphModel model = model(body, shape)) {
      UserException e = assertThrows(UserException.class, () -> Independence.requireByGraph(model));
      assertTrue(e.getMessage().contains(operation), e.getMessage());
      assertThrows(
          UserException.class,
          () -> Independence.requireByValue(model, examples(model, 8), 8),
          "by value");
    }
  }

  private static Operand<TFloat64> ones(Ops tf, int... shape) {
    long[] sizes = java.util.Arrays.stream(shape).asLongStream().toArray();
    return tf.fill(tf.constant(sizes), tf.constant(1.0));
  }

  @Test
  void theZooIsIndependent() {
    for (var network :
        List.of(
            Networks.lenet(3, Parametrization.STANDARD),
            Networks.resnet9(2, 3, Parametrization.STANDARD))) {
      try (GraphModel model =
          network.build(new int[] {32, 32, 3}, Precision.FLOAT32, 1, DeviceChoice.AUTO)) {
        assertTrue(Independence.requireByGraph(model));
      }
    }
  }

  @Test
  void axesThatMoveAreFollowed() {
    // As an unrolled recurrent network: time first, one time step after another.
    assertIndependent(
        (tf, x) -> {
          var byTime = tf.linalg.transpose(x, tf.constant(new int[] {1, 0, 2}));
          var steps = tf.unstack(byTime, 4L).output();
          Operand<TFloat64> h = tf.math.tanh(tf.linalg.matMul(steps.get(0), ones(tf, 3, 5)));
          Operand<TFloat64> z = tf.math.add(h, tf.linalg.matMul(steps.get(2), ones(tf, 3, 5)));
          var joined = tf.stack(List.of(h, z), Stack.axis(0L));
          return tf.math.mean(joined, tf.constant(0));
        },
        4,
        3);
    // As a dense layer on sequences: rows of all examples in one matrix.
    assertIndependent(
        (tf, x) -> {
          var rows = tf.reshape(x, tf.constant(new int[] {-1, 3}));
          var z = tf.linalg.matMul(rows, ones(tf, 3, 2));
          var back = tf.reshape(z, tf.constant(new int[] {-1, 4, 2}));
          return tf.reshape(tf.nn.softmax(back), tf.constant(new int[] {-1, 8}));
        },
        4,
        3);
    // As attention.
    assertIndependent(
        (tf, x) -> {
          var scores = tf.linalg.einsum(List.of(x, x), "bqd,bkd->bqk");
          var mixed = tf.linalg.einsum(List.of(tf.nn.softmax(scores), x), "...qk,...kd->...qd");
          return tf.math.mean(mixed, tf.constant(1));
        },
        4,
        3);
    // Columns 1 and 2 of every example, by a slice with masks.
    assertIndependent((tf, x) -> tf.stridedSlice(x, Indices.ellipsis(), Indices.sliceFrom(1)), 3);
  }

  @Test
  void operationsThatMixExamplesAreNamed() {
    assertMixed("Mean (node", (tf, x) -> tf.math.sub(x, tf.math.mean(x, tf.constant(0))), 3);
    assertMixed(
        "MatMul (node",
        (tf, x) -> {
          var gram = tf.linalg.matMul(x, x, MatMul.transposeB(true));
          return tf.linalg.matMul(gram, x);
        },
        3);
    assertMixed("Cumsum (node", (tf, x) -> tf.math.cumsum(x, tf.constant(0)), 3);
    assertMixed(
        "FusedBatchNormV3 (node",
        (tf, x) -> {
          var y = tf.dtypes.cast(x, TFloat32.class);
          var one = tf.constant(new float[] {1, 1, 1});
          var zero = tf.constant(new float[0]);
          var norm = tf.nn.fusedBatchNorm(y, one, one, zero, zero, FusedBatchNorm.isTraining(true));
          var mean = tf.math.mean(norm.y(), tf.constant(new int[] {1, 2}));
          return tf.dtypes.cast(mean, TFloat64.class);
        },
        2,
        2,
        3);
  }

  @Test
  void whatTheGraphDoesNotTellTheValuesDo() {
    Body reversed =
        (tf, x) -> {
          var n = tf.reduceMax(tf.shape.size(tf.shape(x), tf.constant(0)), tf.constant(0));
          var last = tf.math.sub(n, tf.constant(1));
          var order = tf.range(last, tf.constant(-1), tf.constant(-1));
          return tf.scatterNd(tf.expandDims(order, tf.constant(1)), x, tf.shape(x));
        };
    try (GraphModel model = model(reversed, 3)) {
      assertFalse(Independence.requireByGraph(model));
      UserException e =
          assertThrows(
              UserException.class, () -> Independence.requireByValue(model, examples(model, 8), 8));
      assertTrue(e.getMessage().contains("other examples of its batch"), e.getMessage());
    }
  }

  @Test
  void blocksOfRowsAreNoExamples() {
    try (GraphModel model = model((tf, x) -> tf.reshape(x, tf.constant(new int[] {-1, 3})), 4, 3)) {
      assertEquals(4, ExampleAxis.of(model).of(model.output()).rows());
      assertThrows(UserException.class, () -> Independence.requireByGraph(model));
    }
  }
}
