package org.tfjavantk.graphs;

import java.util.Collections;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Reads an {@link Activation} as TensorFlow operations. */
final class Nonlinearities {
  private final Ops tf;
  private final Class<TFloating> type;

  Nonlinearities(Ops tf, Class<TFloating> type) {
    this.tf = tf;
    this.type = type;
  }

  /**
   * f(x).
   *
   * @throws UserException for one that exists as a kernel only
   */
  Operand<TFloating> apply(Activation f, Operand<TFloating> x) {
    if (f instanceof Activation.Relu) {
      return tf.nn.relu(x);
    }
    if (f instanceof Activation.Relu6) {
      return tf.nn.relu6(x);
    }
    if (f instanceof Activation.LeakyRelu leaky) {
      return piecewiseLinear(leaky.alpha(), 1, x);
    }
    if (f instanceof Activation.AbRelu relu) {
      return piecewiseLinear(relu.a(), relu.b(), x);
    }
    if (f instanceof Activation.Abs) {
      return tf.math.abs(x);
    }
    if (f instanceof Activation.Sign) {
      return tf.math.sign(x);
    }
    if (f instanceof Activation.Tanh) {
      return tf.math.tanh(x);
    }
    if (f instanceof Activation.Sigmoid) {
      return tf.math.sigmoid(x);
    }
    if (f instanceof Activation.Softplus) {
      return tf.math.softplus(x);
    }
    if (f instanceof Activation.Silu) {
      return tf.math.mul(x, tf.math.sigmoid(x));
    }
    if (f instanceof Activation.Erf erf) {
      return affine(erf.a(), tf.math.erf(times(erf.b(), x)), erf.c());
    }
    if (f instanceof Activation.SigmoidLike sigmoid) {
      return apply(sigmoid.asErf(), x);
    }
    if (f instanceof Activation.Gelu) {
      Operand<TFloating> erf = tf.math.erf(times(Math.sqrt(0.5), x));
      return tf.math.mul(times(0.5, x), plus(erf, 1));
    }
    if (f instanceof Activation.Sin sin) {
      return times(sin.a(), tf.math.sin(affine(sin.b(), x, sin.c())));
    }
    if (f instanceof Activation.Cos cos) {
      return times(cos.a(), tf.math.cos(affine(cos.b(), x, cos.c())));
    }
    if (f instanceof Activation.Rbf rbf) {
      Operand<TFloating> angle = affine(Math.sqrt(2 * rbf.gamma()), x, Math.PI / 4);
      return times(Math.sqrt(2), tf.math.sin(angle));
    }
    if (f instanceof Activation.Exp exp) {
      return times(exp.a(), tf.math.exp(times(exp.b(), x)));
    }
    if (f instanceof Activation.Gaussian gaussian) {
      return times(gaussian.a(), tf.math.exp(times(gaussian.b(), tf.math.square(x))));
    }
    if (f instanceof Activation.Gabor) {
      return tf.math.mul(tf.math.exp(tf.math.neg(tf.math.square(x))), tf.math.sin(x));
    }
    if (f instanceof Activation.Hermite hermite) {
      return hermite(hermite.degree(), x);
    }
    if (f instanceof Activation.Monomial monomial) {
      return power(monomial.degree(), x);
    }
    if (f instanceof Activation.RectifiedMonomial monomial) {
      return monomial.degree() == 0
          ? affine(0.5, tf.math.sign(x), 0.5)
          : power(monomial.degree(), tf.nn.relu(x));
    }
    if (f instanceof Activation.Polynomial polynomial) {
      return polynomial(polynomial.coefficients(), x);
    }
    throw new UserException(
        "the activation "
            + (f instanceof Activation.Elementwise elementwise
                ? elementwise.name()
                : f.getClass().getSimpleName())
            + " has no finite network: use it in kernels of infinite width only");
  }

  /** a min(x, 0) + b max(x, 0). */
  private Operand<TFloating> piecewiseLinear(double a, double b, Operand<TFloating> x) {
    return tf.math.sub(times(b, tf.nn.relu(x)), times(a, tf.nn.relu(tf.math.neg(x))));
  }

  /** By sqrt(k + 1) h_{k+1} = x h_k - sqrt(k) h_{k-1}. */
  private Operand<TFloating> hermite(int degree, Operand<TFloating> x) {
    if (degree == 0) {
      return tf.onesLike(x);
    }
    Operand<TFloating> last = tf.onesLike(x);
    Operand<TFloating> h = x;
    for (int k = 1; k < degree; k++) {
      Operand<TFloating> next =
          times(1 / Math.sqrt(k + 1), tf.math.sub(tf.math.mul(x, h), times(Math.sqrt(k), last)));
      last = h;
      h = next;
    }
    return h;
  }

  private Operand<TFloating> power(int degree, Operand<TFloating> x) {
    if (degree == 0) {
      return tf.onesLike(x);
    }
    return Collections.nCopies(degree, x).stream().reduce(tf.math::mul).orElseThrow();
  }

  /** By Horner's rule. */
  private Operand<TFloating> polynomial(List<Double> coefficients, Operand<TFloating> x) {
    int degree = coefficients.size() - 1;
    Operand<TFloating> sum = times(coefficients.get(degree), tf.onesLike(x));
    for (int n = degree - 1; n >= 0; n--) {
      sum = plus(tf.math.mul(sum, x), coefficients.get(n));
    }
    return sum;
  }

  /** a x + c, without the operations that would do nothing. */
  private Operand<TFloating> affine(double a, Operand<TFloating> x, double c) {
    return plus(times(a, x), c);
  }

  private Operand<TFloating> times(double a, Operand<TFloating> x) {
    return a == 1 ? x : tf.math.mul(x, tf.constant(type, a));
  }

  private Operand<TFloating> plus(Operand<TFloating> x, double c) {
    return c == 0 ? x : tf.math.add(x, tf.constant(type, c));
  }
}
