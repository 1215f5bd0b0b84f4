package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
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
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

class JacobianTest {
  private static double[] normal(String name, int size) {
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = RandomStream.of(7, name).normal(i);
    }
    return values;
  }

  private static List<double[]> run(
      Session session, Map<Operand<?>, Tensor> fed, List<? extends Operand<?>> fetched) {
    Session.Runner runner = session.runner();
    fed.forEach(runner::feed);
    fetched.forEach(runner::fetch);
    List<double[]> values = new ArrayList<>();
    try (var result = runner.run()) {
      result.forEach(entry -> values.add(Tensors.toDoubles(entry.getValue())));
    }
    return values;
  }

  /** f(x, w) = (tanh(x w), x² w'), of shapes (2, 4) and (2): against central differences. */
  @ParameterizedTest
  @EnumSource(JacobianOptions.Mode.class)
  void aJacobianIsADifferenceQuotient(JacobianOptions.Mode mode) {
    for (int chunk : new int[] {0, 1, 3, 100}) {
      for (boolean known : new boolean[] {true, false}) {
        if (known || chunk == 0) {
          checkDifferences(new JacobianOptions(mode, chunk), known);
        }
      }
    }
  }

  private static void checkDifferences(JacobianOptions options, boolean known) {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Shape shapeOfX = known ? Shape.of(2, 3) : Shape.of(-1, -1);
      Shape shapeOfW = known ? Shape.of(3, 4) : Shape.of(-1, -1);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(shapeOfX));
      var w = tf.placeholder(TFloat64.class, Placeholder.shape(shapeOfW));
      var y = tf.math.tanh(tf.linalg.matMul(x, w));
      var z = tf.sum(tf.linalg.matMul(tf.math.square(x), w), tf.constant(1));
      List<Operand<?>> f = List.of(y, z);
      List<Operand<?>> inputs = List.of(x, w);
      var jacobian = Transforms.jacobian(tf, f, inputs, options);
      double[][] point = {normal("x", 6), normal("w", 12)};
      for (int k = 0; k < 2; k++) {
        for (int i = 0; i < 2; i++) {
          double[] exact = at(session, inputs, point, jacobian.get(k).get(i));
          int columns = point[i].length;
          double h = 1e-6;
          for (int c = 0; c < columns; c++) {
            double[][] moved = {point[0].clone(), point[1].clone()};
            moved[i][c] += h;
            double[] up = at(session, inputs, moved, f.get(k));
            moved[i][c] -= 2 * h;
            double[] down = at(session, inputs, moved, f.get(k));
            assertEquals(up.length * columns, exact.length);
            for (int r = 0; r < up.length; r++) {
              assertEquals((up[r] - down[r]) / (2 * h), exact[r * columns + c], 1e-8);
            }
          }
        }
      }
    }
  }

  private static double[] at(
      Session session, List<Operand<?>> inputs, double[][] point, Operand<?> fetched) {
    try (Tensor x = Tensors.of(point[0], Precision.FLOAT64, 2, 3);
        Tensor w = Tensors.of(point[1], Precision.FLOAT64, 3, 4)) {
      return run(session, Map.of(inputs.get(0), x, inputs.get(1), w), List.of(fetched)).get(0);
    }
  }

  private static Network network(String name) {
    return switch (name) {
      case "mlp" -> Networks.mlp(List.of(5, 6), Activation.TANH, 3, Parametrization.STANDARD);
      default -> Networks.lenet(3, Parametrization.STANDARD);
    };
  }

  private static GraphModel model(String name) {
    int[] shape = name.equals("mlp") ? new int[] {4} : new int[] {32, 32, 1};
    return network(name).build(shape, Precision.FLOAT64, 3, DeviceChoice.AUTO);
  }

  private static List<Operand<?>> inputs(GraphModel model) {
    return List.of(model.onlyInput().placeholder());
  }

  private static List<Operand<?>> parameters(GraphModel model) {
    return new ArrayList<>(model.parameters().stream().map(Parameter::value).toList());
  }

  /** Row (n, o) of the Jacobian for every example is a gradient at that example alone. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "lenet"})
  void jacobiansPerExampleAreGradientsOneByOne(String name) {
    int n = 4;
    try (GraphModel model = model(name)) {
      Ops tf = model.tf();
      List<Operand<?>> theta = parameters(model);
      var all = Transforms.jacobianPerExample(tf, model.output(), inputs(model), theta);
      Operand<TNumber> u =
          RuleOp.number(tf.placeholder(model.type(), Placeholder.shape(Shape.of(1, 3))));
      var gradients = Transforms.vjp(tf, List.of(model.output()), theta, List.of(u));
      int size = size(model);
      double[] x = normal("images", n * size);
      List<double[]> rows;
      try (Tensor batch = model.inputTensor(x, n)) {
        rows = run(model.session(), Map.of(model.onlyInput().placeholder(), batch), all);
      }
      for (int e = 0; e < n; e++) {
        double[] example = java.util.Arrays.copyOfRange(x, e * size, (e + 1) * size);
        for (int o = 0; o < 3; o++) {
          double[] unit = new double[3];
          unit[o] = 1;
          try (Tensor one = model.inputTensor(example, 1);
              Tensor direction = Tensors.of(unit, Precision.FLOAT64, 1, 3)) {
            var expected =
                run(
                    model.session(),
                    Map.of(model.onlyInput().placeholder(), one, u, direction),
                    gradients);
            for (int i = 0; i < theta.size(); i++) {
              int p = expected.get(i).length;
              int start = (3 * e + o) * p;
              double[] row = java.util.Arrays.copyOfRange(rows.get(i), start, start + p);
              assertArrayEquals(expected.get(i), row, 1e-12, name + " " + theta.get(i));
            }
          }
        }
      }
    }
  }

  private static int size(GraphModel model) {
    int size = 1;
    for (int length : model.onlyInput().shape()) {
      size *= length;
    }
    return size;
  }

  /** Θ = J Jᵀ. */
  @ParameterizedTest
  @ValueSource(strings = {"mlp", "lenet"})
  void theProductOfJacobiansIsTheKernel(String name) {
    int n = 3;
    try (GraphModel model = model(name)) {
      var all =
          Transforms.jacobianPerExample(
              model.tf(), model.output(), inputs(model), parameters(model));
      double[] x = normal("images", n * size(model));
      double[] kernel = new double[9 * n * n];
      try (Tensor batch = model.inputTensor(x, n)) {
        for (double[] j :
            run(model.session(), Map.of(model.onlyInput().placeholder(), batch), all)) {
          int p = j.length / (3 * n);
          for (int r = 0; r < 3 * n; r++) {
            for (int c = 0; c < 3 * n; c++) {
              for (int k = 0; k < p; k++) {
                kernel[3 * n * r + c] += j[r * p + k] * j[c * p + k];
              }
            }
          }
        }
      }
      try (EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
        double[] expected = ntk.matrix(x, n, x, n);
        double scale = 0;
        for (double entry : expected) {
          scale = Math.max(scale, Math.abs(entry));
        }
        assertArrayEquals(expected, kernel, 1e-12 * scale);
      }
    }
  }

  @Test
  void chunksAndModesChangeNothing() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var x = tf.constant(new double[][] {{1, 2}, {3, 4}, {5, 6}, {7, 9}, {2, 2}});
      var w = tf.constant(new double[][] {{0.1, -0.2, 0.3}, {0.3, 0.1, -0.5}});
      var f = tf.math.tanh(tf.linalg.matMul(x, w));
      List<Operand<?>> fetched = new ArrayList<>();
      for (JacobianOptions.Mode mode : JacobianOptions.Mode.values()) {
        for (int chunk : new int[] {0, 2, 5}) {
          JacobianOptions options = JacobianOptions.standard().withMode(mode).withChunk(chunk);
          fetched.addAll(Transforms.jacobianPerExample(tf, f, List.of(x), List.of(w), options));
        }
      }
      assertEquals(Shape.of(5, 3, 2, 3), fetched.get(0).shape());
      List<double[]> all = run(session, Map.of(), fetched);
      for (double[] other : all) {
        assertArrayEquals(all.get(0), other, 1e-14);
      }
    }
  }

  /** f(t, x; E, w) = tanh(E_t + x) w for token ids t, against gradients one by one. */
  @Test
  void examplesMayHaveSeveralInputsAndIntegers() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      int[] ids = {2, 0, 2, 1};
      var t = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, 2)));
      var table = tf.reshape(tf.constant(normal("table", 6)), tf.constant(new int[] {3, 2}));
      var w = tf.reshape(tf.constant(normal("w", 4)), tf.constant(new int[] {2, 2}));
      var hidden = tf.math.tanh(tf.math.add(tf.gather(table, t, tf.constant(0)), x));
      var f = tf.linalg.matMul(hidden, w);
      List<Operand<?>> theta = List.of(table, w);
      var all = Transforms.jacobianPerExample(tf, f, List.of(t, x), theta);
      assertEquals("[-1, 2, 3, 2]", all.get(0).shape().toString());
      double[] points = normal("x", 8);
      List<double[]> rows;
      try (Tensor tokens = TInt32.vectorOf(ids);
          Tensor batch = Tensors.of(points, Precision.FLOAT64, 4, 2)) {
        rows = run(session, Map.of(t, tokens, x, batch), all);
      }
      for (int e = 0; e < ids.length; e++) {
        for (int o = 0; o < 2; o++) {
          var u = tf.constant(new double[][] {{1 - o, o}});
          var gradients = Transforms.vjp(tf, List.of(f), theta, List.of(u));
          try (Tensor token = TInt32.vectorOf(ids[e]);
              Tensor one =
                  Tensors.of(
                      new double[] {points[2 * e], points[2 * e + 1]}, Precision.FLOAT64, 1, 2)) {
            var expected = run(session, Map.of(t, token, x, one), gradients);
            for (int i = 0; i < theta.size(); i++) {
              int p = expected.get(i).length;
              int start = (2 * e + o) * p;
              double[] row = java.util.Arrays.copyOfRange(rows.get(i), start, start + p);
              assertArrayEquals(expected.get(i), row, 1e-14);
            }
          }
        }
      }
    }
  }

  @Test
  void chunksOfUnknownSizeAreRefused() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(-1, 2)));
      var f = tf.math.tanh(x);
      JacobianOptions two = JacobianOptions.standard().withChunk(2);
      UserException e =
          assertThrows(
              UserException.class, () -> Transforms.jacobian(tf, List.of(f), List.of(x), two));
      assertTrue(e.getMessage().contains("chunk 0"), e.getMessage());
      assertThrows(IllegalArgumentException.class, () -> two.withChunk(-1));
    }
  }
}
