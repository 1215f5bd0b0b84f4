package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.load.FlatModel;
import org.tfjavantk.graphs.load.Options;

/** The examples of docs/transforms.md, as they stand there, compiled and run. */
class TransformsPageTest {
  private static final Path PAGE = Path.of("../docs/transforms.md");
  private static final Path THIS =
      Path.of("src/test/java/org/tfjavantk/transform/TransformsPageTest.java");

  @Test
  void productsWithTheJacobian() {
    double[][] results = new double[2][];
    // tag::products
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> x = tf.constant(new double[] {1, 2, 3});
      Operand<TFloat64> f = tf.math.mul(x, tf.math.sin(x));
      Operand<TFloat64> v = tf.constant(new double[] {1, 0, 0});

      Operand<TNumber> jv = Transforms.jvp(tf, List.of(f), List.of(x), List.of(v)).get(0);
      Operand<TNumber> jtv = Transforms.vjp(tf, List.of(f), List.of(x), List.of(v)).get(0);

      try (var result = session.runner().fetch(jv).fetch(jtv).run()) {
        results[0] = Tensors.toDoubles(result.get(0)); // (sin 1 + cos 1, 0, 0)
        results[1] = Tensors.toDoubles(result.get(1)); // the same: J is diagonal
      }
    }
    // end::products
    assertArrayEquals(new double[] {Math.sin(1) + Math.cos(1), 0, 0}, results[0], 1e-15);
    assertArrayEquals(results[0], results[1], 1e-15);
  }

  @Test
  void hessians() {
    double[][] results = new double[2][];
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      // tag::hessian
      Ops tf = Ops.create(graph);
      Operand<TFloat64> w = tf.constant(new double[] {1, 2});
      Operand<TFloat64> loss = tf.sum(tf.math.pow(w, tf.constant(3.0)), tf.constant(0));

      // The product of the Hessian with a vector: forward over reverse, no Hessian is formed.
      Operand<TFloat64> v = tf.constant(new double[] {1, 10});
      Operand<TNumber> hv = Transforms.hvp(tf, loss, List.of(w), List.of(v)).get(0);

      // The Hessian itself: the Jacobian of the gradient.
      Operand<TFloat64> one = tf.constant(1.0);
      var gradient = Transforms.vjp(tf, List.of(loss), List.of(w), List.of(one));
      Operand<TNumber> hessian = Transforms.jacobian(tf, gradient, List.of(w)).get(0).get(0);
      // end::hessian
      try (var result = session.runner().fetch(hv).fetch(hessian).run()) {
        results[0] = Tensors.toDoubles(result.get(0));
        results[1] = Tensors.toDoubles(result.get(1));
      }
    }
    assertArrayEquals(new double[] {6, 120}, results[0], 1e-12);
    assertArrayEquals(new double[] {6, 0, 0, 12}, results[1], 1e-12);
  }

  @Test
  void batches() {
    double[] values;
    long[] shape;
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      // tag::vmap
      Ops tf = Ops.create(graph);
      // A function of one matrix and one vector …
      var a = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3, 3)));
      var b = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3, 1)));
      Operand<TFloat64> f = tf.math.tanh(tf.linalg.matMul(a, b));

      // … for one matrix and 5 vectors at once: one matrix product, not five.
      Operand<TFloat64> many = tf.constant(new double[5][3][1]);
      Operand<TNumber> all = Transforms.vmap(tf, List.of(f), List.of(b), List.of(many)).get(0);
      // end::vmap
      try (var matrix = TFloat64.tensorOf(Shape.of(3, 3));
          var result = session.runner().feed(a, matrix).fetch(all).run()) {
        shape = result.get(0).shape().asArray();
        values = Tensors.toDoubles(result.get(0));
      }
    }
    assertArrayEquals(new long[] {5, 3, 1}, shape);
    assertArrayEquals(new double[15], values);
  }

  @Test
  void gradientsOfEveryExample() {
    double[] each;
    long[] shape;
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      // tag::examples
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, 4)));
      Operand<TFloat32> w = tf.constant(new float[4][2]);
      Operand<TFloat32> f = tf.math.sigmoid(tf.linalg.matMul(x, w)); // (n, 2)

      // ∂f(x_n)/∂w for every example by itself: (n, 2, 4, 2)
      Operand<TNumber> jacobians =
          Transforms.jacobianPerExample(tf, f, List.of(x), List.of(w)).get(0);
      // end::examples
      float[][] examples = {{1, 2, 3, 4}, {5, 6, 7, 8}, {0, 0, 0, 0}};
      try (var batch = TFloat32.tensorOf(org.tensorflow.ndarray.StdArrays.ndCopyOf(examples));
          var result = session.runner().feed(x, batch).fetch(jacobians).run()) {
        shape = result.get(0).shape().asArray();
        each = Tensors.toDoubles(result.get(0));
      }
    }
    assertArrayEquals(new long[] {3, 2, 4, 2}, shape);
    assertEquals(0.25, each[0], 1e-7); // σ'(0) x_00
    assertEquals(0, each[1], 1e-7); // another output
    assertEquals(0.25 * 5, each[16], 1e-6);
  }

  @Test
  void straightLinesAndParabolas() {
    double[][] results = new double[2][];
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      // tag::taylor
      Ops tf = Ops.create(graph);
      Operand<TFloat64> x = tf.constant(new double[] {0.5});
      Operand<TFloat64> f = tf.math.exp(x);
      Operand<TFloat64> step = tf.constant(new double[] {0.1});

      var line = Transforms.linearize(tf, List.of(f), List.of(x), List.of(step)).get(0);
      var parabola = Transforms.taylor(tf, List.of(f), List.of(x), List.of(step), 2).get(0);
      // end::taylor
      try (var result = session.runner().fetch(line).fetch(parabola).run()) {
        results[0] = Tensors.toDoubles(result.get(0));
        results[1] = Tensors.toDoubles(result.get(1));
      }
    }
    assertEquals(Math.exp(0.5) * 1.1, results[0][0], 1e-15);
    assertEquals(Math.exp(0.5) * 1.105, results[1][0], 1e-15);
  }

  @Test
  void modelsFromFiles() {
    String folder = "../graphs/src/test/resources/savedmodels/mlp_float32/saved_model";
    double[] values;
    int outputs;
    // tag::files
    FlatModel file = FlatModel.read(Path.of(folder), Options.defaults());
    try (GraphModel model = file.build("mine", null, DeviceChoice.AUTO)) {
      Ops tf = model.tf();
      Operand<?> kernel = model.parameters().get(0).value();
      Operand<?> x = model.onlyInput().placeholder();
      Operand<TNumber> jacobian =
          Transforms.jacobianPerExample(tf, model.output(), List.of(x), List.of(kernel)).get(0);
      double[] examples = new double[8 * model.exampleSize()];
      try (Fetched result = model.run(examples, 8, List.of(jacobian))) {
        values = Tensors.toDoubles(result.get(0));
      }
      outputs = model.outputs();
      // end::files
      int size = model.parameters().get(0).spec().size();
      assertEquals(8 * outputs * size, values.length);
      assertTrue(model.parameters().stream().map(Parameter::name).allMatch(n -> !n.isEmpty()));
    }
  }

  @Test
  void rulesOfYourOwn() {
    double[][] results = new double[2][];
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> x = tf.constant(new double[] {0.5, 1});
      Operand<TFloat64> f = tf.math.besselI1e(x);
      // tag::rules
      // y = e^-|x| I₁(x);  ẏ = (e^-|x| I₀(x) - y (sign(x) + 1/x)) ẋ
      JvpRule rule =
          op -> {
            var i0 = op.make("BesselI0e", op.input(0));
            var slope = op.make("AddV2", op.make("Sign", op.input(0)), op.make("Inv", op.input(0)));
            var derivative = op.make("Sub", i0, op.make("Mul", op.output(0), slope));
            return List.of(op.make("Mul", derivative, op.tangent(0)));
          };
      Rules rules = Rules.standard().withJvp("BesselI1e", rule);

      Operand<TFloat64> v = tf.constant(new double[] {1, 1});
      var jv = Transforms.jvp(tf, List.of(f), List.of(x), List.of(v), rules).get(0);
      var jtv = Transforms.vjp(tf, List.of(f), List.of(x), List.of(v), rules).get(0);
      // end::rules
      try (var result = session.runner().fetch(jv).fetch(jtv).run()) {
        results[0] = Tensors.toDoubles(result.get(0));
        results[1] = Tensors.toDoubles(result.get(1));
      }
    }
    // e^-x (I₀ - I₁ (1 + 1/x)) at 0.5 and 1
    assertEquals(0.175773, results[0][0], 1e-5);
    assertArrayEquals(results[0], results[1], 1e-15);
  }

  @Test
  void thePageShowsWhatRunsHere() throws IOException {
    List<String> source = Files.readAllLines(THIS);
    String page = Files.readString(PAGE);
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < source.size(); i++) {
      String line = source.get(i).strip();
      if (line.startsWith("// tag::")) {
        String tag = line.substring("// tag::".length());
        tags.add(tag);
        int end = i + 1;
        while (!source.get(end).strip().equals("// end::" + tag)) {
          end++;
        }
        String block = dedented(source.subList(i + 1, end));
        assertTrue(
            page.contains("```java\n" + block + "```"), "docs/transforms.md lacks:\n" + block);
      }
    }
    long blocks = page.lines().filter(line -> line.equals("```java")).count();
    assertEquals(tags.size(), blocks, "every block of the page is run here");
  }

  private static String dedented(List<String> lines) {
    int indent =
        lines.stream()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return lines.stream()
        .map(line -> line.isBlank() ? "" : line.substring(indent))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}
