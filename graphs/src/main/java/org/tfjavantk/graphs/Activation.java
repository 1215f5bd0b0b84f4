package org.tfjavantk.graphs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * A nonlinearity f, applied to every entry. Every reading of it (as TensorFlow operations, as the
 * kernel of an infinitely wide layer) is an exhaustive switch over these records.
 *
 * <p>Where f or its derivative jumps it takes the mean of both sides in formulas; TensorFlow's
 * derivatives at such a point are its own.
 */
public sealed interface Activation {
  /** max(x, 0). */
  record Relu() implements Activation {}

  /** min(max(x, 0), 6). */
  record Relu6() implements Activation {}

  /** max(x, 0) + alpha min(x, 0). */
  record LeakyRelu(double alpha) implements Activation {
    /** alpha = 0.01, as in PyTorch. */
    public LeakyRelu() {
      this(0.01);
    }
  }

  /** a min(x, 0) + b max(x, 0). */
  record AbRelu(double a, double b) implements Activation {}

  /** |x|. */
  record Abs() implements Activation {}

  /** -1, 0 or 1; its derivative is 0 everywhere. */
  record Sign() implements Activation {}

  /** The hyperbolic tangent. */
  record Tanh() implements Activation {}

  /** 1 / (1 + exp(-x)). */
  record Sigmoid() implements Activation {}

  /** log(1 + exp(x)). */
  record Softplus() implements Activation {}

  /** x / (1 + exp(-x)), also known as swish. */
  record Silu() implements Activation {}

  /** a erf(b x) + c, erf(x) = 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
  record Erf(double a, double b, double c) implements Activation {
    /** erf itself: a = b = 1, c = 0. */
    public Erf() {
      this(1, 1, 0);
    }
  }

  /** x (1 + erf(x / sqrt 2)) / 2, without the tanh approximation. */
  record Gelu() implements Activation {}

  /** (1 + erf(x / 2.4020563531719796)) / 2, the error function closest to the sigmoid. */
  record SigmoidLike() implements Activation {
    /** The same as an error function. */
    public Erf asErf() {
      return new Erf(0.5, 1 / 2.4020563531719796, 0.5);
    }
  }

  /** a sin(b x + c). */
  record Sin(double a, double b, double c) implements Activation {
    /** The sine itself: a = b = 1, c = 0. */
    public Sin() {
      this(1, 1, 0);
    }
  }

  /** a cos(b x + c). */
  record Cos(double a, double b, double c) implements Activation {
    /** The cosine itself: a = b = 1, c = 0. */
    public Cos() {
      this(1, 1, 0);
    }
  }

  /**
   * sqrt(2) sin(sqrt(2 gamma) x + pi/4), whose kernel is exp(-gamma E (u - v)^2) (Rahimi, Recht
   * 2007).
   */
  record Rbf(double gamma) implements Activation {
    public Rbf {
      require(gamma >= 0, "Rbf: gamma is " + gamma + "; it must not be negative");
    }
  }

  /** a exp(b x). */
  record Exp(double a, double b) implements Activation {}

  /** a exp(b x^2). */
  record Gaussian(double a, double b) implements Activation {}

  /**
   * The normalised exponential kernel sqrt(k11 k22) exp(gamma (k12 / sqrt(k11 k22) + shift)). It
   * belongs to no finite network.
   */
  record ExpNormalized(double gamma, double shift) implements Activation {
    public ExpNormalized {
      require(gamma >= 0, "ExpNormalized: gamma is " + gamma + "; it must not be negative");
    }

    /** gamma = 1, shift = -1: the diagonal stays as it is. */
    public ExpNormalized() {
      this(1, -1);
    }
  }

  /** exp(-x^2) sin(x). */
  record Gabor() implements Activation {}

  /**
   * He_n(x) / sqrt(n!), probabilists' Hermite polynomials: orthonormal for x ~ N(0, 1). Its kernel
   * is k12^n, that of a layer whose pre-activations have variance 1.
   */
  record Hermite(int degree) implements Activation {
    public Hermite {
      requireDegree("Hermite", degree);
    }
  }

  /** x^n. */
  record Monomial(int degree) implements Activation {
    public Monomial {
      requireDegree("Monomial", degree);
    }
  }

  /** max(x, 0)^n; of degree 0 the step (1 + sign(x)) / 2. */
  record RectifiedMonomial(int degree) implements Activation {
    public RectifiedMonomial {
      requireDegree("RectifiedMonomial", degree);
    }
  }

  /** The sum of coefficients[n] x^n. */
  record Polynomial(List<Double> coefficients) implements Activation {
    public Polynomial {
      coefficients = List.copyOf(coefficients);
      require(!coefficients.isEmpty(), "Polynomial: there is no coefficient; give at least one");
    }
  }

  /**
   * Any function with its derivative, for kernels only: it has no TensorFlow operations.
   *
   * @param name what messages call it
   * @param kinks the points where the function or its derivative is not smooth
   */
  record Elementwise(
      String name, DoubleUnaryOperator value, DoubleUnaryOperator derivative, List<Double> kinks)
      implements Activation {
    public Elementwise {
      Objects.requireNonNull(name);
      Objects.requireNonNull(value);
      Objects.requireNonNull(derivative);
      kinks = kinks.stream().sorted().distinct().toList();
    }
  }

  Activation RELU = new Relu();
  Activation RELU6 = new Relu6();
  Activation LEAKY_RELU = new LeakyRelu();
  Activation ABS = new Abs();
  Activation SIGN = new Sign();
  Activation TANH = new Tanh();
  Activation SIGMOID = new Sigmoid();
  Activation SIGMOID_LIKE = new SigmoidLike();
  Activation SOFTPLUS = new Softplus();
  Activation SILU = new Silu();
  Activation ERF = new Erf();
  Activation GELU = new Gelu();
  Activation SIN = new Sin();
  Activation COS = new Cos();
  Activation GABOR = new Gabor();

  /** The constants above by their names, in their order. */
  Map<String, Activation> NAMED = named();

  private static Map<String, Activation> named() {
    Map<String, Activation> named = new LinkedHashMap<>();
    named.put("RELU", RELU);
    named.put("RELU6", RELU6);
    named.put("LEAKY_RELU", LEAKY_RELU);
    named.put("ABS", ABS);
    named.put("SIGN", SIGN);
    named.put("TANH", TANH);
    named.put("SIGMOID", SIGMOID);
    named.put("SIGMOID_LIKE", SIGMOID_LIKE);
    named.put("SOFTPLUS", SOFTPLUS);
    named.put("SILU", SILU);
    named.put("ERF", ERF);
    named.put("GELU", GELU);
    named.put("SIN", SIN);
    named.put("COS", COS);
    named.put("GABOR", GABOR);
    return Collections.unmodifiableMap(named);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new UserException(message);
    }
  }

  private static void requireDegree(String name, int degree) {
    require(degree >= 0, name + ": the degree is " + degree + "; it must not be negative");
  }
}
