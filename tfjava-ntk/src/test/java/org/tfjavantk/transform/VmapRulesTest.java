package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.UserException;

/** The law of every batching rule: vmap is the same as one call after the other, stacked. */
class VmapRulesTest {
  private static final int BATCH = 3;

  static Stream<RuleCase> cases() {
    return Stream.concat(RuleCases.all().stream(), BatchRuleCases.all().stream())
        .filter(rule -> !rule.type().equals("Where"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void vmapIsStackedCalls(RuleCase rule) {
    try (MappedTrial trial = new MappedTrial(rule, false)) {
      for (List<Integer> mapped : subsets(rule.shapes().size())) {
        trial.check(trial.f, mapped);
      }
    }
  }

  /** TensorFlow's own shape function of bands of diagonals fails when a size is not known. */
  static Stream<RuleCase> casesOfAnySize() {
    return cases().filter(rule -> !rule.name().matches("Matrix(Set)?DiagV. \\[-1, 1]"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("casesOfAnySize")
  void lengthsMayBeUnknownUntilTheGraphRuns(RuleCase rule) {
    try (MappedTrial trial = new MappedTrial(rule, true)) {
      for (List<Integer> mapped : subsets(rule.shapes().size())) {
        try {
          trial.check(trial.f, mapped);
        } catch (UserException e) {
          // Patches need to know the filter.
          assertTrue(rule.type().startsWith("Conv"), e.getMessage());
          assertTrue(e.getMessage().contains("is not known"), e.getMessage());
        }
      }
    }
  }

  /** All but those of operations that have no derivative at all. */
  static Stream<RuleCase> differentiable() {
    Set<String> types = Rules.standard().jvpTypes();
    return cases().filter(rule -> types.contains(rule.type()));
  }

  /** Over cotangents alone, as for Jacobians, and over all. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("differentiable")
  void vmapOfReverseModeIsStackedCalls(RuleCase rule) {
    try (MappedTrial trial = new MappedTrial(rule, false)) {
      int all = trial.x.size();
      trial.addCotangent();
      List<Operand<TNumber>> gradients =
          Transforms.vjp(
              trial.tf, List.of(trial.f), trial.x.subList(0, all), List.of(trial.x.get(all)));
      List<Integer> every = new ArrayList<>();
      for (int i = 0; i <= all; i++) {
        every.add(i);
      }
      for (Operand<TNumber> gradient : gradients) {
        // It may be an input itself, which can't be fed and fetched at once.
        gradient = trial.tf.identity(gradient);
        trial.check(gradient, List.of(all));
        trial.check(gradient, every);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("differentiable")
  void vmapOfForwardModeIsStackedCalls(RuleCase rule) {
    try (MappedTrial trial = new MappedTrial(rule, false)) {
      int count = trial.x.size();
      List<Integer> tangents = new ArrayList<>();
      List<Integer> every = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        trial.addInput(rule.direction(i), rule.shapes().get(i));
        tangents.add(count + i);
        every.add(i);
        every.add(count + i);
      }
      Operand<TNumber> jv =
          Transforms.jvp(
                  trial.tf,
                  List.of(trial.f),
                  trial.x.subList(0, count),
                  trial.x.subList(count, 2 * count))
              .get(0);
      jv = trial.tf.identity(jv);
      trial.check(jv, tangents);
      trial.check(jv, every);
    }
  }

  /** Every input alone, and all together. */
  private static List<List<Integer>> subsets(int inputs) {
    List<List<Integer>> subsets = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < inputs; i++) {
      subsets.add(List.of(i));
      all.add(i);
    }
    if (inputs > 1) {
      subsets.add(all);
    }
    return subsets;
  }

  /** One operation, with inputs that are fed. */
  private static final class MappedTrial implements AutoCloseable {
    final Graph graph = new Graph();
    final Ops tf = Ops.create(graph);
    final List<Placeholder<TFloat64>> x = new ArrayList<>();
    final Operand<TNumber> f;
    private final List<double[]> points = new ArrayList<>();
    private final List<long[]> shapes = new ArrayList<>();
    private final boolean dynamic;
    private final RuleCase rule;
    private final Session session = Trial.session(graph);

    MappedTrial(RuleCase rule, boolean dynamic) {
      this.rule = rule;
      this.dynamic = dynamic;
      for (int i = 0; i < rule.shapes().size(); i++) {
        addInput(rule.point(i), rule.shapes().get(i));
      }
      f = tf.identity(rule.build(tf, x));
    }

    void addInput(double[] point, long[] shape) {
      x.add(placeholder(shape));
      points.add(point);
      shapes.add(shape);
    }

    void addCotangent() {
      double[] y;
      long[] shape;
      try (var result = run(f, List.of(), 0)) {
        y = Tensors.toDoubles(result.get(0));
        shape = result.get(0).shape().asArray();
      }
      addInput(rule.cotangent(y.length), shape);
    }

    private Placeholder<TFloat64> placeholder(long[] shape) {
      long[] lengths = shape.clone();
      if (dynamic) {
        java.util.Arrays.fill(lengths, -1);
      }
      return tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(lengths)));
    }

    private static long[] withBatch(long[] shape) {
      long[] lengths = new long[shape.length + 1];
      lengths[0] = BATCH;
      System.arraycopy(shape, 0, lengths, 1, shape.length);
      return lengths;
    }

    /** One of the batch: other entries in other places, within the range of the case. */
    private double[] example(int i, int b) {
      double[] point = points.get(i);
      double[] moved = new double[point.length];
      for (int k = 0; k < point.length; k++) {
        moved[k] = (1 - 0.1 * b) * point[(k + b) % point.length];
      }
      return moved;
    }

    void check(Operand<TNumber> of, List<Integer> mapped) {
      List<Placeholder<TFloat64>> inputs = new ArrayList<>();
      List<Placeholder<TFloat64>> batches = new ArrayList<>();
      for (int i : mapped) {
        inputs.add(x.get(i));
        batches.add(placeholder(withBatch(shapes.get(i))));
      }
      Operand<TNumber> y = Transforms.vmap(tf, List.of(of), inputs, batches).get(0);
      double[] together;
      long[] shape;
      List<Tensor> fed = new ArrayList<>();
      try {
        Session.Runner runner = session.runner().fetch(y);
        feed(runner, fed, List.of(), 0);
        for (int k = 0; k < mapped.size(); k++) {
          int i = mapped.get(k);
          int size = points.get(i).length;
          double[] all = new double[BATCH * size];
          for (int b = 0; b < BATCH; b++) {
            System.arraycopy(example(i, b), 0, all, b * size, size);
          }
          fed.add(Tensors.of(all, Precision.FLOAT64, withBatch(shapes.get(i))));
          runner.feed(batches.get(k), fed.get(fed.size() - 1));
        }
        try (var result = runner.run()) {
          together = Tensors.toDoubles(result.get(0));
          shape = result.get(0).shape().asArray();
        }
      } finally {
        fed.forEach(Tensor::close);
      }
      assertEquals(BATCH, shape[0]);
      int size = together.length / BATCH;
      for (int b = 0; b < BATCH; b++) {
        try (var result = run(of, mapped, b)) {
          double[] one = Tensors.toDoubles(result.get(0));
          assertEquals(
              Shape.of(withBatch(result.get(0).shape().asArray())), Shape.of(shape), "shape");
          double scale = 1;
          for (double entry : one) {
            assertTrue(Double.isFinite(entry), rule + " has no value here");
            scale = Math.max(scale, Math.abs(entry));
          }
          double tolerance = (rule.single() ? 1e-5 : 1e-12) * scale;
          for (int k = 0; k < size; k++) {
            assertEquals(one[k], together[b * size + k], tolerance, rule + " over " + mapped);
          }
        }
      }
    }

    /** The value for one of the batch. */
    private org.tensorflow.Result run(Operand<?> of, List<Integer> mapped, int b) {
      List<Tensor> fed = new ArrayList<>();
      try {
        Session.Runner runner = session.runner().fetch(of);
        feed(runner, fed, mapped, b);
        return runner.run();
      } finally {
        fed.forEach(Tensor::close);
      }
    }

    private void feed(Session.Runner runner, List<Tensor> fed, List<Integer> mapped, int b) {
      for (int i = 0; i < x.size(); i++) {
        double[] value = mapped.contains(i) ? example(i, b) : points.get(i);
        fed.add(Tensors.of(value, Precision.FLOAT64, shapes.get(i)));
        runner.feed(x.get(i), fed.get(fed.size() - 1));
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  @Test
  void everyDifferentiableOperationHasABatchingRule() {
    Set<String> without = new TreeSet<>(Rules.standard().jvpTypes());
    without.removeAll(Rules.standard().batchTypes());
    assertEquals(Set.of(), without);
  }

  /**
   * TensorFlow's own gradients of grouped convolutions don't run on the CPU, but products of their
   * patches do, and our gradients.
   */
  @Test
  void gradientsOfGroupsAreProductsOfPatches() {
    try (Graph graph = new Graph();
        Session session = Trial.session(graph)) {
      Ops tf = Ops.create(graph);
      var how =
          Map.of("strides", Attributes.integers(1, 2, 1, 1), "padding", Attributes.text("SAME"));
      long[][] shapes = {{2, 5, 6, 4}, {3, 2, 2, 6}, {2, 3, 6, 6}};
      List<Operand<?>> single = new ArrayList<>();
      List<Operand<?>> batches = new ArrayList<>();
      for (long[] shape : shapes) {
        single.add(tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(shape))));
        RuleCase random =
            new RuleCase("groups", RuleCase.Range.ANY, List.of(MappedTrial.withBatch(shape)), null);
        batches.add(
            tf.reshape(tf.constant(random.point(0)), tf.constant(MappedTrial.withBatch(shape))));
      }
      Operand<?> x = single.get(0);
      Operand<?> w = single.get(1);
      Operand<?> u = single.get(2);
      Operand<?> y = RuleCases.make(tf, "Conv2D", how, List.of(x, w));
      var expected = Transforms.vjp(tf, List.of(y), List.of(x, w), List.of(u));
      Operand<?> images = tf.constant(new int[] {2, 5, 6, 4});
      Operand<?> filters = tf.constant(new int[] {3, 2, 2, 6});
      List<Operand<?>> theirs =
          List.of(
              RuleCases.make(tf, "Conv2DBackpropInput", how, List.of(images, w, u)),
              RuleCases.make(tf, "Conv2DBackpropFilter", how, List.of(x, filters, u)));
      var found = Transforms.vmap(tf, theirs, single, batches);
      var reference = Transforms.vmap(tf, expected, single, batches);
      for (int k = 0; k < 2; k++) {
        try (var result = session.runner().fetch(found.get(k)).fetch(reference.get(k)).run()) {
          double[] values = Tensors.toDoubles(result.get(0));
          assertArrayEquals(Tensors.toDoubles(result.get(1)), values, 1e-12);
          assertTrue(Math.abs(values[0]) > 1e-3);
        }
      }
    }
  }

  @Test
  void placesThatAreFoundCannotBeStacked() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(4)));
      var batch = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(2, 4)));
      var places = tf.where(x);
      UserException e =
          assertThrows(
              UserException.class,
              () -> Transforms.vmap(tf, List.of(places), List.of(x), List.of(batch)));
      assertTrue(e.getMessage().contains("Where"), e.getMessage());
    }
  }

  @Test
  void everyRuleIsTested() {
    Set<String> untested = new TreeSet<>(Rules.standard().batchTypes());
    cases().forEach(rule -> untested.remove(rule.type()));
    untested.remove("Where");
    assertEquals(Set.of(), untested);
  }
}
