package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
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

/**
 * The laws of every rule, in float64 at random points: Jv against central differences, and ⟨u, Jv⟩
 * = ⟨Jᵀu, v⟩ where TensorFlow has the gradient.
 */
class JvpRulesTest {
  static Stream<RuleCase> cases() {
    return RuleCases.all().stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tangentsAreDirectionalDerivatives(RuleCase rule) {
    try (Trial trial = new Trial(rule)) {
      double[] tangent = trial.run(trial.jv, 0);
      double h = rule.single() ? 1e-2 : 1e-6;
      double tolerance = rule.single() ? 1e-3 : 2e-8;
      double[] up = trial.run(trial.f, h);
      double[] down = trial.run(trial.f, -h);
      double scale = 1;
      for (double t : tangent) {
        scale = Math.max(scale, Math.abs(t));
      }
      for (int i = 0; i < tangent.length; i++) {
        assertEquals(
            (up[i] - down[i]) / (2 * h), tangent[i], tolerance * scale, rule + " entry " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void forwardAndReverseModeAreAdjoint(RuleCase rule) {
    try (Trial trial = new Trial(rule)) {
      Operand<TNumber> u = trial.cotangent();
      var reverse = Transforms.vjp(trial.tf, List.of(trial.f), trial.x, List.of(u));
      double[] jv = trial.run(trial.jv, 0);
      double[] cotangent = trial.run(u, 0);
      double left = dot(cotangent, jv);
      double right = 0;
      double size = 1;
      for (int i = 0; i < reverse.size(); i++) {
        double[] jtu = trial.run(reverse.get(i), 0);
        right += dot(jtu, trial.v.get(i));
        size += Math.sqrt(dot(jtu, jtu) * dot(trial.v.get(i), trial.v.get(i)));
      }
      assertEquals(left, right, (rule.single() ? 1e-6 : 1e-12) * size, rule.toString());
    }
  }

  /** One operation at a random point, with a random direction. */
  private static final class Trial implements AutoCloseable {
    final Graph graph = new Graph();
    final Ops tf = Ops.create(graph);
    final List<Placeholder<TFloat64>> x = new ArrayList<>();
    final List<Placeholder<TFloat64>> tangents = new ArrayList<>();
    final List<double[]> point = new ArrayList<>();
    final List<double[]> v = new ArrayList<>();
    final RuleCase rule;
    final Operand<TNumber> f;
    final Operand<TNumber> jv;
    private final Session session;

    Trial(RuleCase rule) {
      this.rule = rule;
      for (int i = 0; i < rule.shapes().size(); i++) {
        Shape shape = Shape.of(rule.shapes().get(i));
        x.add(tf.placeholder(TFloat64.class, Placeholder.shape(shape)));
        tangents.add(tf.placeholder(TFloat64.class, Placeholder.shape(shape)));
        point.add(rule.point(i));
        v.add(rule.direction(i));
      }
      f = rule.build(tf, x);
      jv = Transforms.jvp(tf, List.of(f), x, tangents).get(0);
      session = new Session(graph);
    }

    Operand<TNumber> cotangent() {
      double[] u = rule.cotangent(run(f, 0).length);
      @SuppressWarnings("unchecked")
      Operand<TNumber> constant = (Operand<TNumber>) (Operand<?>) tf.constant(u);
      return tf.reshape(constant, tf.shape(f));
    }

    /** The value of an operand at x + step v. */
    double[] run(Operand<?> operand, double step) {
      List<Tensor> tensors = new ArrayList<>();
      try {
        Session.Runner runner = session.runner().fetch(operand);
        for (int i = 0; i < x.size(); i++) {
          double[] at = point.get(i).clone();
          for (int k = 0; k < at.length; k++) {
            at[k] += step * v.get(i)[k];
          }
          long[] shape = rule.shapes().get(i);
          tensors.add(Tensors.of(at, Precision.FLOAT64, shape));
          runner.feed(x.get(i), tensors.get(tensors.size() - 1));
          tensors.add(Tensors.of(v.get(i), Precision.FLOAT64, shape));
          runner.feed(tangents.get(i), tensors.get(tensors.size() - 1));
        }
        try (var result = runner.run()) {
          return Tensors.toDoubles(result.get(0));
        }
      } finally {
        tensors.forEach(Tensor::close);
      }
    }

    @Override
    public void close() {
      session.close();
      graph.close();
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void everyRuleIsTested() {
    Set<String> tested = new TreeSet<>();
    RuleCases.all().forEach(rule -> tested.add(rule.type()));
    Set<String> untested = new TreeSet<>(Rules.standard().jvpTypes());
    untested.removeAll(tested);
    assertEquals(Set.of(), untested);
  }

  @Test
  void anOperationWithoutARuleIsNamedAndMayGetOne() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3)));
      var y = tf.withName("bessel").math.besselI0e(x);
      UserException e =
          assertThrows(
              UserException.class, () -> Transforms.jvp(tf, List.of(y), List.of(x), List.of(x)));
      assertTrue(e.getMessage().contains("BesselI0e (node bessel)"), e.getMessage());
      JvpRule rule = op -> List.of(op.tangent(0));
      Rules more = Rules.standard().withJvp("BesselI0e", rule);
      assertEquals(1, Transforms.jvp(tf, List.of(y), List.of(x), List.of(x), more).size());
    }
  }

  @Test
  void aTangentOfNothingIsZero() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var x = tf.constant(new double[] {1, 2});
      var y = tf.math.sin(tf.constant(new double[] {3, 4}));
      var jv = Transforms.jvp(tf, List.of(y), List.of(x), List.of(x)).get(0);
      var jtu = Transforms.vjp(tf, List.of(tf.math.sin(x)), List.of(x), List.of(x)).get(0);
      try (var result = session.runner().fetch(jv).fetch(jtu).run()) {
        assertEquals(0, Tensors.toDoubles(result.get(0))[1]);
        assertEquals(2 * Math.cos(2), Tensors.toDoubles(result.get(1))[1], 1e-15);
      }
    }
  }

  @Test
  void copiesKeepAttributesAndLists() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.constant(new double[][] {{1, 2}, {3, 4}});
      var product = tf.linalg.einsum(List.of(x, x), "ij,kj->ik");
      GraphOperation copy = OpCopy.copy(tf, (GraphOperation) product.op(), List.of(x, x));
      assertEquals("Einsum", copy.type());
      assertEquals("ij,kj->ik", copy.attributes().getAttrString("equation"));
      assertEquals(2, copy.numInputs());
    }
  }
}
