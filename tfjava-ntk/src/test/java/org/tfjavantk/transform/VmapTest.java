package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.UserException;

/** What vmap composes to, and what it refuses. */
class VmapTest {
  private final Graph graph = new Graph();
  private final Ops tf = Ops.create(graph);
  private final Session session = new Session(graph);

  @AfterEach
  void close() {
    session.close();
    graph.close();
  }

  private Placeholder<TFloat64> placeholder(long... shape) {
    return tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(shape)));
  }

  private double[] run(Operand<?> of) {
    try (var result = session.runner().fetch(of).run()) {
      return Tensors.toDoubles(result.get(0));
    }
  }

  private static Operand<TNumber> vmap(Ops tf, Operand<?> f, Operand<?> x, Operand<?> batch) {
    return Transforms.vmap(tf, List.of(f), List.of(x), List.of(batch)).get(0);
  }

  /** All products of rows: vmap over one side inside of vmap over the other. */
  @Test
  void vmapOfVmapIsAnOuterProduct() {
    var x = placeholder(2);
    var y = placeholder(2);
    var f = tf.sum(tf.math.mul(x, y), tf.constant(0));
    double[][] rows = {{1, 2}, {3, 4}, {5, 6}};
    var inner = vmap(tf, f, y, tf.constant(rows));
    var outer = vmap(tf, inner, x, tf.constant(rows));
    assertEquals(Shape.of(3, 3), outer.shape());
    assertArrayEquals(new double[] {5, 11, 17, 11, 25, 39, 17, 39, 61}, run(outer), 1e-14);
  }

  /** ∂/∂x of Σ_b f(x, y_b), by forward mode through vmap. */
  @Test
  void vmapCanBeDifferentiated() {
    var x = tf.constant(new double[] {0.3, -0.5});
    var y = placeholder(2);
    var f = tf.sum(tf.math.sin(tf.math.mul(x, y)), tf.constant(0));
    var all = vmap(tf, f, y, tf.constant(new double[][] {{1, 2}, {3, 4}}));
    var v = tf.constant(new double[] {1, 10});
    double[] tangents = run(Transforms.jvp(tf, List.of(all), List.of(x), List.of(v)).get(0));
    assertEquals(Math.cos(0.3) + 20 * Math.cos(1), tangents[0], 1e-14);
    assertEquals(3 * Math.cos(0.9) + 40 * Math.cos(2), tangents[1], 1e-13);
  }

  /** Hessians, row by row: vmap of products Hv. */
  @Test
  void vmapOfHessianProductsIsTheHessian() {
    var x = tf.constant(new double[] {0.3, -0.5});
    var f = tf.math.sin(tf.reduceProd(x, tf.constant(0)));
    var cube = tf.sum(tf.math.mul(tf.math.square(x), x), tf.constant(0));
    var v = placeholder(2);
    var hv = Transforms.hvp(tf, cube, List.of(x), List.of(v)).get(0);
    var rows = vmap(tf, hv, v, tf.constant(new double[][] {{1, 0}, {0, 1}}));
    assertArrayEquals(new double[] {1.8, 0, 0, -3}, run(rows), 1e-14);
    assertEquals(Math.sin(-0.15), run(f)[0], 1e-15);
  }

  @Test
  void whatDoesNotDependOnTheBatchIsRepeated() {
    var x = placeholder(2);
    var constant = tf.math.sin(tf.constant(new double[] {1, 2}));
    var repeated = vmap(tf, constant, x, tf.constant(new double[3][2]));
    assertEquals(Shape.of(3, 2), repeated.shape());
    assertEquals(Math.sin(2), run(repeated)[5], 1e-15);
  }

  @Test
  void batchesOfNoneAndOfOne() {
    for (int size = 0; size < 2; size++) {
      for (boolean known : new boolean[] {true, false}) {
        var x = placeholder(2, 3);
        var w = tf.constant(new double[3][4]);
        var y = tf.reshape(tf.linalg.matMul(x, w), tf.constant(new int[] {4, -1}));
        var f =
            tf.linalg.transpose(tf.math.add(y, tf.constant(1.0)), tf.constant(new int[] {1, 0}));
        var batch = placeholder(known ? size : -1, 2, 3);
        var all = vmap(tf, f, x, batch);
        try (Tensor none = Tensors.of(new double[6 * size], Precision.FLOAT64, size, 2, 3);
            var result = session.runner().feed(batch, none).fetch(all).run()) {
          assertEquals(Shape.of(size, 2, 4), result.get(0).shape());
        }
      }
    }
  }

  @Test
  void aShapeThatDiffersWithinTheBatchIsRefused() {
    var n = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    var x = tf.constant(new double[] {1, 2});
    var y = tf.withName("wide").tile(x, n);
    UserException e =
        assertThrows(
            UserException.class, () -> vmap(tf, y, n, tf.constant(new int[][] {{1}, {2}})));
    assertTrue(
        e.getMessage().contains("input 1 of the operation Tile (node wide)"), e.getMessage());
    assertTrue(e.getMessage().contains("same for the whole batch"), e.getMessage());
  }

  @Test
  void anOperationWithoutARuleIsNamedAndMayGetOne() {
    var x = placeholder(3);
    var y = tf.withName("found").where(tf.math.greater(x, tf.constant(0.0)));
    var batch = tf.constant(new double[2][3]);
    UserException e = assertThrows(UserException.class, () -> vmap(tf, y, x, batch));
    assertTrue(e.getMessage().contains("Where (node found)"), e.getMessage());
    Rules rules = Rules.standard().withBatch("Where", op -> List.of(Batched.batch(op.value(0))));
    assertEquals(
        Shape.of(2, 3),
        Transforms.vmap(tf, List.of(y), List.of(x), List.of(batch), rules).get(0).shape());
  }

  @Test
  void anUnknownRankIsRefusedWhereItMatters() {
    var x = tf.placeholder(TFloat64.class);
    var y = tf.withName("loss").nn.l2Loss(x);
    var batch = tf.placeholder(TFloat64.class);
    UserException e = assertThrows(UserException.class, () -> vmap(tf, y, x, batch));
    assertTrue(e.getMessage().contains("rank of input 0"), e.getMessage());
    // Not here.
    vmap(tf, tf.math.add(tf.math.tanh(x), tf.constant(1.0)), x, batch);
  }

  @Test
  void batchesMustFit() {
    var x = placeholder(2);
    var f = tf.math.sin(x);
    for (Operand<?> wrong :
        List.of(tf.constant(new double[2][3]), tf.constant(1.0), tf.constant(new float[2][2]))) {
      assertThrows(IllegalArgumentException.class, () -> vmap(tf, f, x, wrong));
    }
    var y = placeholder(2);
    List<Operand<?>> batches =
        List.of(tf.constant(new double[3][2]), tf.constant(new double[4][2]));
    assertThrows(
        IllegalArgumentException.class,
        () -> Transforms.vmap(tf, List.of(f), List.of(x, y), batches));
    assertThrows(
        IllegalArgumentException.class,
        () -> Transforms.vmap(tf, List.of(f), List.of(), List.of()));
  }

  /** Both factors of a rank that is known only when the graph runs. */
  @Test
  void ranksMayDifferWithoutBeingKnown() {
    var x = tf.placeholder(TFloat64.class);
    var y = tf.placeholder(TFloat64.class);
    var a = tf.placeholder(TFloat64.class);
    var b = tf.placeholder(TFloat64.class);
    var all = Transforms.vmap(tf, List.of(tf.math.mul(x, y)), List.of(x, y), List.of(a, b)).get(0);
    try (Tensor one = Tensors.of(new double[] {2, 3}, Precision.FLOAT64, 2);
        Tensor two = Tensors.of(new double[] {1, 2, 3, 4, 5, 6}, Precision.FLOAT64, 2, 3);
        var result = session.runner().feed(a, one).feed(b, two).fetch(all).run()) {
      assertArrayEquals(
          new double[] {2, 4, 6, 12, 15, 18}, Tensors.toDoubles(result.get(0)), 1e-15);
    }
  }
}
