package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.UserException;

/** The laws of every rule, in float64 at random points: Jv against central differences. */
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

  /** J_{g∘f}(x) v = J_g(f(x)) J_f(x) v. */
  @Test
  void tangentsOfACompositionAreCarriedOn() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var x = tf.constant(new double[][] {{0.3, -1.2, 2}});
      var v = tf.constant(new double[][] {{1, 0.5, -2}});
      var f = tf.math.tanh(tf.math.mul(x, tf.math.sin(x)));
      var g = tf.math.square(tf.nn.softmax(f));
      var whole = Transforms.jvp(tf, List.of(g), List.of(x), List.of(v)).get(0);
      var inner = Transforms.jvp(tf, List.of(f), List.of(x), List.of(v)).get(0);
      var outer = Transforms.jvp(tf, List.of(g), List.of(f), List.of(inner)).get(0);
      try (var result = session.runner().fetch(whole).fetch(outer).run()) {
        double[] expected = Tensors.toDoubles(result.get(1));
        assertArrayEquals(expected, Tensors.toDoubles(result.get(0)), 1e-15);
        assertTrue(Math.abs(expected[0]) > 1e-3);
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
