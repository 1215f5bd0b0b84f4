package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.UserException;

/** Every dual against quadrature of the plain function, and the laws that they all obey. */
class DualTest {
  private static final double[][] VARIANCES = {{1, 1}, {0.3, 0.3}, {0.02, 1.7}, {2.5, 0.9}, {6, 4}};
  private static final double[] CORRELATIONS = {
    0, 0.35, -0.8, 0.97, -0.999, 1 - 1e-5, -1 + 1e-9, 1 - 1e-13, 1, -1
  };

  static Stream<PlainFunction> functions() {
    return PlainFunction.all();
  }

  /** All duals: those of the functions, and of what is none. */
  static Stream<Activation> activations() {
    return Stream.concat(
        functions().map(PlainFunction::activation),
        Stream.of(
            new Activation.ExpNormalized(1.5, -1),
            new Activation.Elementwise("cube", x -> x * x * x, x -> 3 * x * x, List.of())));
  }

  @Test
  void thereIsADualOfEveryActivation() {
    Set<Class<?>> kinds = new HashSet<>();
    activations().forEach(activation -> kinds.add(activation.getClass()));
    assertEquals(Set.of(Activation.class.getPermittedSubclasses()), kinds);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void dualsAreExpectations(PlainFunction function) {
    Dual dual = Dual.of(function.activation());
    for (double[] v : VARIANCES) {
      if (function.activation() instanceof Activation.Hermite && (v[0] != 1 || v[1] != 1)) {
        continue; // the formula for variances of 1 is used for all
      }
      double s = Math.sqrt(v[0] * v[1]);
      for (double rho : CORRELATIONS) {
        String where = function + " at " + v[0] + ", " + v[1] + ", rho " + rho;
        Quadrature value = function.valueRule();
        double expected = value.expectation(v[0], v[1], rho * s);
        assertEquals(expected, dual.nngp(v[0], v[1], rho * s), 1e-10 * size(value, v), where);
        Quadrature slope = function.slopeRule();
        expected = slope.expectation(v[0], v[1], rho * s);
        assertEquals(
            expected, dual.derivative(v[0], v[1], rho * s), 1e-10 * size(slope, v), "' " + where);
      }
    }
  }

  /** sqrt(E f(u)^2 E f(v)^2), which E f(u) f(v) does not exceed. */
  private static double size(Quadrature rule, double[] v) {
    return Math.sqrt(rule.expectation(v[0], v[0], v[0]) * rule.expectation(v[1], v[1], v[1]));
  }

  /** d E f(u) f(v) / dcov = E f'(u) f'(v): Price's theorem. */
  @ParameterizedTest
  @MethodSource("activations")
  void theDerivativeIsThatOfTheKernel(Activation activation) {
    boolean jumps =
        activation.equals(Activation.SIGN)
            || activation.equals(new Activation.RectifiedMonomial(0));
    Dual dual = Dual.of(activation);
    for (double[] v : VARIANCES) {
      double s = Math.sqrt(v[0] * v[1]);
      for (double rho : new double[] {0, 0.4, -0.75, 0.9}) {
        double cov = rho * s;
        double h = 3e-4 * s;
        // Fourth order, so that a larger step keeps rounding away.
        double difference =
            (8 * (dual.nngp(v[0], v[1], cov + h) - dual.nngp(v[0], v[1], cov - h))
                    - (dual.nngp(v[0], v[1], cov + 2 * h) - dual.nngp(v[0], v[1], cov - 2 * h)))
                / (12 * h);
        double size = Math.sqrt(dual.variance(v[0]) * dual.variance(v[1])) / s;
        double expected = jumps ? 0 : difference;
        assertEquals(
            expected, dual.derivative(v[0], v[1], cov), 1e-8 * size, activation + " " + rho);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("activations")
  void theDiagonalBelongsToTheRest(Activation activation) {
    Dual dual = Dual.of(activation);
    for (double v : new double[] {0, 1e-8, 0.1, 1.0 / 3, 1, 2.7, 10}) {
      double value = dual.variance(v);
      double slope = dual.derivativeVariance(v);
      assertTrue(value >= 0 && slope >= 0, activation + " at " + v);
      assertEquals(value, dual.nngp(v, v, v), 4e-16 * value, activation + " at " + v);
      assertEquals(slope, dual.derivative(v, v, v), 4e-16 * slope, activation + "' at " + v);
      // Next to it: kernels of continuous functions bend like |angle|^2, of jumps like |angle|.
      double near = v * (1 - 1e-12);
      assertEquals(value, dual.nngp(v, v, near), 4e-6 * value, activation + " near " + v);
      assertEquals(slope, dual.derivative(v, v, near), 4e-6 * slope, activation + "' near " + v);
      // Beyond it by rounding.
      double beyond = v * (1 + 4e-16);
      assertEquals(value, dual.nngp(v, v, beyond), 1e-13 * value, activation + " beyond " + v);
      assertEquals(
          slope, dual.derivative(v, v, beyond), 1e-13 * slope, activation + "' beyond " + v);
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aVarianceOfZeroIsTheConstantZero(PlainFunction function) {
    if (function.activation() instanceof Activation.Hermite) {
      return;
    }
    Dual dual = Dual.of(function.activation());
    double f0 = function.f().applyAsDouble(0);
    double slope0 = function.slope().applyAsDouble(0);
    double mean = mean(function.f(), function, 1.3);
    double meanSlope = mean(function.slope(), function, 1.3);
    assertEquals(f0 * mean, dual.nngp(0, 1.3, 0), 1e-12);
    assertEquals(f0 * mean, dual.nngp(1.3, 0, 0), 1e-12);
    assertEquals(f0 * f0, dual.nngp(0, 0, 0), 1e-12);
    assertEquals(slope0 * meanSlope, dual.derivative(0, 1.3, 0), 1e-12);
    assertEquals(slope0 * slope0, dual.derivative(0, 0, 0), 1e-12);
  }

  /** E g(v) = (E (g(v) + 1)^2 - E g(v)^2 - 1) / 2. */
  private static double mean(DoubleUnaryOperator g, PlainFunction function, double v) {
    Quadrature plus =
        new Quadrature(x -> g.applyAsDouble(x) + 1, function.strip(), function.kinks());
    Quadrature plain = new Quadrature(g, function.strip(), function.kinks());
    return (plus.expectation(v, v, v) - plain.expectation(v, v, v) - 1) / 2;
  }

  @ParameterizedTest
  @MethodSource("activations")
  void theOrderOfThePairDoesNotMatter(Activation activation) {
    Dual dual = Dual.of(activation);
    double size = Math.sqrt(dual.variance(0.4) * dual.variance(2.1));
    assertEquals(dual.nngp(0.4, 2.1, 0.5), dual.nngp(2.1, 0.4, 0.5), 1e-13 * size);
    size = Math.sqrt(dual.derivativeVariance(0.4) * dual.derivativeVariance(2.1));
    assertEquals(dual.derivative(0.4, 2.1, 0.5), dual.derivative(2.1, 0.4, 0.5), 1e-13 * size);
  }

  @Test
  void aGaussianThatGrowsTooFastHasNoKernel() {
    Dual dual = Dual.of(new Activation.Gaussian(1, 0.25));
    assertEquals(Double.POSITIVE_INFINITY, dual.variance(2));
    assertEquals(Double.POSITIVE_INFINITY, dual.nngp(2.1, 0.1, 0));
    assertTrue(Double.isNaN(dual.derivative(2.1, 0.1, 0.1)));
    assertEquals(1 / Math.sqrt(0.5 * 0.5), dual.nngp(1, 1, 0), 1e-15);
  }

  @Test
  void whatCannotBeComputedIsNoNumberOrRefused() {
    Dual tanh = Dual.of(Activation.TANH);
    assertTrue(Double.isNaN(tanh.nngp(Double.NaN, 1, 0)));
    assertTrue(Double.isNaN(tanh.nngp(1, 1, Double.NaN)));
    assertTrue(Double.isNaN(tanh.derivative(1, Double.POSITIVE_INFINITY, 0)));
    assertTrue(Double.isNaN(tanh.variance(-1)));
    UserException e = assertThrows(UserException.class, () -> tanh.variance(1e7));
    assertTrue(e.getMessage().contains("normalise the inputs"), e.getMessage());
    assertEquals(1, tanh.variance(1e4), 0.01);
  }

  @Test
  void aUsersFunctionIsItsQuadrature() {
    Dual elu =
        Dual.of(
            new Activation.Elementwise(
                "elu", x -> x > 0 ? x : Math.expm1(x), x -> x > 0 ? 1 : Math.exp(x), List.of(0.0)));
    // E exp(u) 1(u < 0) = exp(v / 2) Phi(-sqrt v), with Phi(-1) and Phi(-2) from tables.
    double e1 = Math.exp(0.5) * 0.15865525393145707;
    double e2 = Math.exp(2) * 0.022750131948179195;
    assertEquals(0.5 + e2 - 2 * e1 + 0.5, elu.variance(1), 1e-13);
    assertEquals(0.5 + e2, elu.derivativeVariance(1), 1e-13);
    Dual tanh =
        Dual.of(
            new Activation.Elementwise(
                "tanh", Math::tanh, x -> 1 - Math.tanh(x) * Math.tanh(x), List.of()));
    Dual known = Dual.of(Activation.TANH);
    assertEquals(known.nngp(1.4, 0.7, -0.6), tanh.nngp(1.4, 0.7, -0.6), 1e-13);
    assertEquals(known.derivative(1.4, 0.7, -0.6), tanh.derivative(1.4, 0.7, -0.6), 1e-13);
  }

  @Test
  void aKinkThatIsNotListedIsNoticed() {
    Activation shrink =
        new Activation.Elementwise(
            "shrink",
            x -> Math.signum(x) * Math.max(Math.abs(x) - 0.4, 0),
            x -> Math.abs(x) > 0.4 ? 1 : 0,
            List.of());
    UserException e = assertThrows(UserException.class, () -> Dual.of(shrink));
    assertTrue(e.getMessage().startsWith("the activation shrink: f is not smooth"), e.getMessage());
    assertTrue(e.getMessage().contains("list every point"), e.getMessage());
    Activation.Elementwise listed = (Activation.Elementwise) shrink;
    Dual.of(
        new Activation.Elementwise(
            "shrink", listed.value(), listed.derivative(), List.of(0.4, -0.4)));
  }
}
