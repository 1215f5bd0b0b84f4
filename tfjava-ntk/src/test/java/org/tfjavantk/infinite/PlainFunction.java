package org.tfjavantk.infinite;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.tfjavantk.graphs.Activation;

/** A nonlinearity as plain functions: f, f', how smooth they are, and where they are not. */
record PlainFunction(
    Activation activation,
    DoubleUnaryOperator f,
    DoubleUnaryOperator slope,
    double strip,
    double... kinks) {
  private static final double ENTIRE = Double.POSITIVE_INFINITY;

  /** One or more of every nonlinearity that is a function. */
  static Stream<PlainFunction> all() {
    double like = 2.4020563531719796;
    return Stream.of(
        linear(Activation.RELU, 0, 1),
        linear(Activation.LEAKY_RELU, 0.01, 1),
        linear(new Activation.LeakyRelu(0.2), 0.2, 1),
        linear(new Activation.AbRelu(-0.3, 1.2), -0.3, 1.2),
        linear(Activation.ABS, -1, 1),
        new PlainFunction(
            Activation.RELU6,
            x -> Math.min(Math.max(x, 0), 6),
            x -> (Math.signum(x) - Math.signum(x - 6)) / 2,
            ENTIRE,
            0,
            6),
        new PlainFunction(Activation.SIGN, Math::signum, x -> 0, ENTIRE, 0),
        new PlainFunction(
            Activation.TANH, Math::tanh, x -> 1 / (Math.cosh(x) * Math.cosh(x)), Math.PI / 2),
        new PlainFunction(
            Activation.SIGMOID,
            PlainFunction::sigmoid,
            x -> sigmoid(x) - sigmoid(x) * sigmoid(x),
            Math.PI),
        new PlainFunction(
            Activation.SOFTPLUS,
            x -> x > 30 ? x : Math.log1p(Math.exp(x)),
            PlainFunction::sigmoid,
            Math.PI),
        new PlainFunction(
            Activation.SILU,
            x -> x * sigmoid(x),
            x -> sigmoid(x) + x * (sigmoid(x) - sigmoid(x) * sigmoid(x)),
            Math.PI),
        erf(Activation.ERF, 1, 1, 0),
        erf(new Activation.Erf(1.3, 0.7, 0.2), 1.3, 0.7, 0.2),
        erf(Activation.SIGMOID_LIKE, 0.5, 1 / like, 0.5),
        smooth(
            Activation.GELU,
            x -> x * (1 + erf(x / Math.sqrt(2))) / 2,
            x ->
                (1 + erf(x / Math.sqrt(2))) / 2
                    + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI)),
        smooth(Activation.SIN, Math::sin, Math::cos),
        smooth(
            new Activation.Sin(1.2, 0.8, 0.4),
            x -> 1.2 * Math.sin(0.8 * x + 0.4),
            x -> 1.2 * 0.8 * Math.cos(0.8 * x + 0.4)),
        smooth(Activation.COS, Math::cos, x -> -Math.sin(x)),
        smooth(
            new Activation.Cos(1.1, 0.9, 0.3),
            x -> 1.1 * Math.cos(0.9 * x + 0.3),
            x -> -1.1 * 0.9 * Math.sin(0.9 * x + 0.3)),
        smooth(
            new Activation.Rbf(0.6),
            x -> Math.sqrt(2) * Math.sin(Math.sqrt(1.2) * x + Math.PI / 4),
            x -> Math.sqrt(2.4) * Math.cos(Math.sqrt(1.2) * x + Math.PI / 4)),
        smooth(
            new Activation.Exp(0.8, 0.3),
            x -> 0.8 * Math.exp(0.3 * x),
            x -> 0.24 * Math.exp(0.3 * x)),
        smooth(
            new Activation.Gaussian(1.2, -0.7),
            x -> 1.2 * Math.exp(-0.7 * x * x),
            x -> -1.68 * x * Math.exp(-0.7 * x * x)),
        smooth(
            new Activation.Gaussian(0.9, 0.02),
            x -> 0.9 * Math.exp(0.02 * x * x),
            x -> 0.036 * x * Math.exp(0.02 * x * x)),
        smooth(
            Activation.GABOR,
            x -> Math.exp(-x * x) * Math.sin(x),
            x -> Math.exp(-x * x) * (Math.cos(x) - 2 * x * Math.sin(x))),
        smooth(new Activation.Hermite(0), x -> 1, x -> 0),
        smooth(new Activation.Hermite(1), x -> x, x -> 1),
        smooth(
            new Activation.Hermite(4),
            x -> (x * x * x * x - 6 * x * x + 3) / Math.sqrt(24),
            x -> (4 * x * x * x - 12 * x) / Math.sqrt(24)),
        smooth(new Activation.Monomial(0), x -> 1, x -> 0),
        smooth(new Activation.Monomial(1), x -> x, x -> 1),
        smooth(new Activation.Monomial(4), x -> Math.pow(x, 4), x -> 4 * Math.pow(x, 3)),
        smooth(new Activation.Monomial(7), x -> Math.pow(x, 7), x -> 7 * Math.pow(x, 6)),
        new PlainFunction(
            new Activation.RectifiedMonomial(0), PlainFunction::step, x -> 0, ENTIRE, 0),
        rectified(1),
        rectified(2),
        rectified(3),
        rectified(4),
        rectified(7),
        smooth(new Activation.Polynomial(List.of(0.7)), x -> 0.7, x -> 0),
        smooth(
            new Activation.Polynomial(List.of(0.1, 0.8, -0.2, 0.05)),
            x -> 0.1 + 0.8 * x - 0.2 * x * x + 0.05 * x * x * x,
            x -> 0.8 - 0.4 * x + 0.15 * x * x));
  }

  Quadrature valueRule() {
    return new Quadrature(f, strip, kinks);
  }

  Quadrature slopeRule() {
    return new Quadrature(slope, strip, kinks);
  }

  @Override
  public String toString() {
    return activation.toString();
  }

  private static PlainFunction smooth(
      Activation activation, DoubleUnaryOperator f, DoubleUnaryOperator slope) {
    return new PlainFunction(activation, f, slope, 1); // entire, but not slower than this
  }

  private static PlainFunction linear(Activation activation, double a, double b) {
    return new PlainFunction(
        activation,
        x -> x < 0 ? a * x : b * x,
        x -> x == 0 ? (a + b) / 2 : x < 0 ? a : b,
        ENTIRE,
        0);
  }

  private static PlainFunction rectified(int degree) {
    return new PlainFunction(
        new Activation.RectifiedMonomial(degree),
        x -> step(x) * Math.pow(x, degree),
        x -> step(x) * degree * Math.pow(x, degree - 1),
        ENTIRE,
        0);
  }

  private static PlainFunction erf(Activation activation, double a, double b, double c) {
    return smooth(
        activation,
        x -> a * erf(b * x) + c,
        x -> a * b * 2 / Math.sqrt(Math.PI) * Math.exp(-b * b * x * x));
  }

  private static double step(double x) {
    return (1 + Math.signum(x)) / 2;
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** 2/sqrt(pi) exp(-x^2) times the sum of 2^n x^(2n+1) / (2n+1)!!; beyond 6 it is 1. */
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
