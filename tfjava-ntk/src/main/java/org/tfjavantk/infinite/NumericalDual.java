package org.tfjavantk.infinite;

import java.util.function.DoubleUnaryOperator;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.UserException;

/** E f(u) f(v) and E f'(u) f'(v) by numbers, for functions without a closed form. */
record NumericalDual(Expectation value, Expectation slope) implements Dual {
  private static final double TOLERANCE = 1e-10;
  private static final double NARROWEST = 1.0 / 8;

  static Dual of(Activation f) {
    if (f instanceof Activation.Tanh) {
      return smooth(Math::tanh, NumericalDual::tanhSlope, Math.PI / 2);
    }
    if (f instanceof Activation.Sigmoid) {
      return smooth(NumericalDual::sigmoid, NumericalDual::sigmoidSlope, Math.PI);
    }
    if (f instanceof Activation.Softplus) {
      return smooth(NumericalDual::softplus, NumericalDual::sigmoid, Math.PI);
    }
    if (f instanceof Activation.Silu) {
      return smooth(x -> x * sigmoid(x), NumericalDual::siluSlope, Math.PI);
    }
    if (f instanceof Activation.Relu6) {
      double everywhere = Double.POSITIVE_INFINITY;
      return new NumericalDual(
          new Expectation(x -> Math.min(Math.max(x, 0), 6), everywhere, 0, 6),
          new Expectation(x -> (Math.signum(x) - Math.signum(x - 6)) / 2, everywhere, 0, 6));
    }
    if (f instanceof Activation.Elementwise elementwise) {
      return elementwise(elementwise);
    }
    throw new AssertionError("no dual of " + f);
  }

  @Override
  public double nngp(double v1, double v2, double cov) {
    return value.at(v1, v2, cov);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    return slope.at(v1, v2, cov);
  }

  private static Dual smooth(DoubleUnaryOperator f, DoubleUnaryOperator slope, double strip) {
    return new NumericalDual(new Expectation(f, strip), new Expectation(slope, strip));
  }

  private static Dual elementwise(Activation.Elementwise f) {
    double[] kinks = f.kinks().stream().mapToDouble(Double::doubleValue).toArray();
    return new NumericalDual(
        resolved(f, "f", f.value(), kinks), resolved(f, "f'", f.derivative(), kinks));
  }

  /** Sampled as finely as E f(u)^2 needs for variances of 1 and 9. */
  private static Expectation resolved(
      Activation.Elementwise f, String which, DoubleUnaryOperator function, double[] kinks) {
    double error = Double.NaN;
    for (double strip = 2; strip >= NARROWEST; strip /= 2) {
      Quadrature quadrature = new Quadrature(function, strip, kinks);
      error = Math.max(error(quadrature, 1), error(quadrature, 9));
      if (error <= TOLERANCE) {
        return new Expectation(function, strip, kinks);
      }
    }
    throw new UserException(
        String.format(
            "the activation %s: %s is not smooth enough between its kinks %s: two quadrature rules"
                + " differ by %.1e relative to E %s(u)^2; list every point where it or its"
                + " derivative bends or jumps, and scale it to vary over lengths of about 1",
            f.name(), which, f.kinks(), error, which));
  }

  private static double error(Quadrature quadrature, double variance) {
    Quadrature.Estimate estimate = quadrature.estimate(variance, variance, variance);
    return estimate.error() == 0 ? 0 : estimate.error() / Math.abs(estimate.value());
  }

  private static double tanhSlope(double x) {
    double t = Math.tanh(x);
    return (1 - t) * (1 + t);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double sigmoidSlope(double x) {
    return sigmoid(x) * sigmoid(-x);
  }

  private static double siluSlope(double x) {
    return sigmoid(x) * (1 + x * sigmoid(-x));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
