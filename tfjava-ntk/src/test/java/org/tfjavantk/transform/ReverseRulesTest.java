package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.graphs.UserException;

/** The laws of reverse mode and of second derivatives, for every operation that has a rule. */
class ReverseRulesTest {
  static Stream<RuleCase> cases() {
    return RuleCases.all().stream();
  }

  private static double tolerance(RuleCase rule) {
    return rule.single() ? 1e-6 : 1e-12;
  }

  /** ⟨u, Jv⟩ = ⟨Jᵀu, v⟩. */
  @ParameterizedTest
  @MethodSource("cases")
  void forwardAndReverseModeAreAdjoint(RuleCase rule) {
    try (Trial trial = new Trial(rule)) {
      assertAdjoint(trial);
    }
  }

  /** TensorFlow's own shape function of bands of diagonals fails when a size is not known. */
  static Stream<RuleCase> casesOfAnySize() {
    return cases().filter(rule -> !rule.name().matches("Matrix(SetDiag|DiagPart)V. \\[-1, 1]"));
  }

  /** The same where sizes are known only at run time; and forward mode is written but never run. */
  @ParameterizedTest
  @MethodSource("casesOfAnySize")
  void shapesNeedNotBeKnown(RuleCase rule) {
    try (Trial trial = new Trial(rule, true)) {
      for (var op : Paths.ancestors(assertAdjoint(trial))) {
        assertFalse(op.name().contains("/tangent"), rule + " runs " + op.name());
      }
    }
  }

  private static List<Operand<TNumber>> assertAdjoint(Trial trial) {
    Operand<TNumber> u = trial.cotangent();
    var reverse = Transforms.vjp(trial.tf, List.of(trial.f), trial.x, List.of(u));
    List<double[]> jtu = trial.run(reverse, 0);
    double left = Trial.dot(trial.run(List.of(u), 0), trial.run(List.of(trial.jv), 0));
    double size = 1 + Trial.norm(jtu) * Trial.norm(trial.v);
    double right = Trial.dot(jtu, trial.v);
    assertEquals(left, right, tolerance(trial.rule) * size, trial.rule.toString());
    return reverse;
  }

  /**
   * All but those whose gradient in TensorFlow 2.18 fails (in float64, or for dilations), or leaves
   * inputs or attributes out (the value of a padding, batch norm's statistics, a radius), or shares
   * ties otherwise.
   */
  static Stream<RuleCase> casesWithAGradient() {
    Set<String> without = Set.of("SoftmaxCrossEntropyWithLogits", "PadV2", "OneHot", "LRN");
    return cases()
        .filter(
            rule ->
                !without.contains(rule.type())
                    && !rule.name().startsWith("Conv2D dilated")
                    && !rule.name().equals("Atan2 broadcast")
                    && !rule.type().startsWith("FusedBatchNorm"));
  }

  /** TensorFlow's own gradient, where it has one. */
  @ParameterizedTest
  @MethodSource("casesWithAGradient")
  void reverseModeAgreesWithTensorFlow(RuleCase rule) {
    try (Trial trial = new Trial(rule)) {
      Operand<TNumber> u = trial.cotangent();
      Output<?>[] x = trial.x.stream().map(Operand::asOutput).toArray(Output<?>[]::new);
      Output<?>[] gradients;
      try {
        gradients =
            trial.graph.addGradients(
                "theirs", new Output<?>[] {trial.f.asOutput()}, x, new Output<?>[] {u.asOutput()});
      } catch (TensorFlowException e) {
        assertTrue(e.getMessage().contains("No gradient defined"), e.getMessage());
        return;
      }
      var ours = Transforms.vjp(trial.tf, List.of(trial.f), trial.x, List.of(u));
      for (int i = 0; i < x.length; i++) {
        double[] found = trial.run(ours.get(i), 0);
        double[] expected = theirs(trial, gradients[i], found.length);
        if (expected == null) {
          return;
        }
        double size = 1 + Trial.norm(List.of(expected));
        for (int k = 0; k < expected.length; k++) {
          assertEquals(expected[k], found[k], tolerance(rule) * size, rule + " entry " + k);
        }
      }
    }
  }

  /** TensorFlow's gradient, or null where it cannot be run: some have no kernel, or a fault. */
  private static double[] theirs(Trial trial, Output<?> gradient, int size) {
    var handle = ((org.tensorflow.GraphOperation) gradient.op()).getUnsafeNativeHandle();
    if (handle == null || handle.isNull()) {
      return new double[size];
    }
    try {
      return trial.run(gradient, 0);
    } catch (RuntimeException e) {
      return null;
    }
  }

  /**
   * For s = ⟨u, sin f⟩ with the Hessian H: ⟨w, Hv⟩ = ⟨v, Hw⟩, Hv is the difference of gradients,
   * and reverse over reverse mode gives what forward over reverse mode gives.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void secondDerivativesAgree(RuleCase rule) {
    try (Trial trial = new Trial(rule)) {
      Ops tf = trial.tf;
      Operand<TNumber> terms = tf.math.mul(trial.cotangent(), tf.math.sin(trial.f));
      Operand<TNumber> s = tf.sum(tf.reshape(terms, tf.constant(new int[] {-1})), tf.constant(0));
      List<Operand<?>> w = new ArrayList<>();
      List<double[]> directions = new ArrayList<>();
      for (int i = 0; i < trial.x.size(); i++) {
        directions.add(
            new RuleCase(rule.name() + "/w", rule.range(), rule.shapes(), null).direction(i));
        w.add(trial.shaped(directions.get(i), RuleOp.number(trial.x.get(i))));
      }
      var gradient = Transforms.vjp(tf, List.of(s), trial.x, List.of(tf.onesLike(s)));
      var hv = Transforms.jvp(tf, gradient, trial.x, trial.tangents);
      var hw = Transforms.hvp(tf, s, trial.x, w);
      var reverse = Transforms.vjp(tf, gradient, trial.x, trial.tangents);
      List<double[]> forward = trial.run(hv, 0);
      double left = Trial.dot(forward, directions);
      double size = 1 + Trial.norm(forward) * Trial.norm(directions);
      double tolerance = 10 * tolerance(rule) * size;
      assertEquals(left, Trial.dot(trial.run(hw, 0), trial.v), tolerance, "symmetry");
      assertEquals(left, Trial.dot(trial.run(reverse, 0), directions), tolerance, "reverse mode");
      double h = rule.single() ? 1e-2 : 1e-6;
      double up = Trial.dot(trial.run(gradient, h), directions);
      double down = Trial.dot(trial.run(gradient, -h), directions);
      double rough = (rule.single() ? 1e-2 : 1e-7) * size;
      assertEquals((up - down) / (2 * h), left, rough, "difference of gradients");
    }
  }

  @Test
  void everyTransposeIsTested() {
    Set<String> used = new TreeSet<>();
    Rules spies = Rules.standard();
    for (String type : Rules.standard().transposeTypes()) {
      TransposeRule rule = Rules.standard().transpose(type).orElseThrow();
      spies =
          spies.withTranspose(
              type,
              op -> {
                used.add(type);
                return rule.apply(op);
              });
    }
    for (RuleCase rule : RuleCases.all()) {
      try (Trial trial = new Trial(rule)) {
        var u = List.of(trial.tf.onesLike(trial.f));
        var gradient = Transforms.vjp(trial.tf, List.of(trial.f), trial.x, u, spies);
        Transforms.vjp(trial.tf, gradient, trial.x, trial.tangents, spies);
      }
    }
    Set<String> untested = new TreeSet<>(Rules.standard().transposeTypes());
    untested.removeAll(used);
    assertEquals(Set.of(), untested);
  }

  @Test
  void onePullbackServesManyCotangents() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var x = tf.constant(new double[] {1, 2});
      var pullback = Transforms.pullback(tf, List.of(tf.math.sin(x)), List.of(x));
      for (double scale : new double[] {1, 3}) {
        var u = tf.constant(new double[] {scale, scale});
        try (var result = session.runner().fetch(pullback.apply(List.of(u)).get(0)).run()) {
          assertEquals(scale * Math.cos(2), Tensors.toDoubles(result.get(0))[1], 1e-15);
        }
      }
      assertThrows(IllegalArgumentException.class, () -> pullback.apply(List.of()));
    }
  }

  @Test
  void aRuleMustBeLinear() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3)));
      var y = tf.math.besselI0e(x);
      Rules wrong =
          Rules.standard()
              .withJvp("BesselI0e", op -> List.of(op.make("Mul", op.tangent(0), op.tangent(0))));
      UserException e =
          assertThrows(
              UserException.class,
              () -> Transforms.vjp(tf, List.of(y), List.of(x), List.of(x), wrong));
      assertTrue(e.getMessage().contains("not linear"), e.getMessage());
    }
  }

  @Test
  void anOperationWithoutATransposeIsNamedAndMayGetOne() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(3)));
      var y = tf.math.besselI0e(x);
      Rules rules =
          Rules.standard()
              .withJvp("BesselI0e", op -> List.of(op.make("DebugIdentity", op.tangent(0))));
      UserException e =
          assertThrows(
              UserException.class,
              () -> Transforms.vjp(tf, List.of(y), List.of(x), List.of(x), rules));
      assertTrue(e.getMessage().contains("DebugIdentity"), e.getMessage());
      Rules more = rules.withTranspose("DebugIdentity", op -> List.of(op.cotangent(0)));
      assertEquals(1, Transforms.vjp(tf, List.of(y), List.of(x), List.of(x), more).size());
    }
  }
}
