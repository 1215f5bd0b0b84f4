package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Products with the Jacobian J = ∂f/∂x of operands f by operands x of one graph. Each method adds
 * operations to the graph and returns the operands that hold the result; nothing is computed until
 * they are fetched.
 *
 * <p>f and x may be several tensors of any shapes; x need not be placeholders. All methods treat
 * what f depends on beside x as constant. Where x_j is computed from x_i, moving x_i moves x_j,
 * too, as in TensorFlow's own gradients: ∂f/∂x_i is the whole derivative.
 */
public final class Transforms {
  private Transforms() {}

  /**
   * Jᵀu, the vector-Jacobian product (reverse mode): Σ_k ⟨u_k, ∂f_k/∂x_i⟩ for every x_i, with the
   * standard rules.
   *
   * @param u for every f_k a cotangent of its shape
   * @return for every x_i an operand of its shape
   * @throws org.tfjavantk.graphs.UserException if an operation has no rule; the message names it
   */
  public static List<Operand<TNumber>> vjp(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> u) {
    return vjp(tf, f, x, u, Rules.standard());
  }

  /** {@link #vjp(Ops, List, List, List)} with other rules. */
  public static List<Operand<TNumber>> vjp(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> u,
      Rules rules) {
    return pullback(tf, f, x, rules).apply(u);
  }

  /** The map u ↦ Jᵀu, for several u: f is linearized once. */
  public static Pullback pullback(
      Ops tf, List<? extends Operand<?>> f, List<? extends Operand<?>> x) {
    return pullback(tf, f, x, Rules.standard());
  }

  /** {@link #pullback(Ops, List, List)} with other rules. */
  public static Pullback pullback(
      Ops tf, List<? extends Operand<?>> f, List<? extends Operand<?>> x, Rules rules) {
    return new Pullback(tf, rules, f, x);
  }

  /**
   * Jv, the Jacobian-vector product (forward mode): Σ_i ∂f_k/∂x_i v_i for every f_k, with the
   * standard rules.
   *
   * @param v for every x_i a tangent of its shape
   * @return for every f_k an operand of its shape
   * @throws org.tfjavantk.graphs.UserException if an operation has no rule; the message names it
   */
  public static List<Operand<TNumber>> jvp(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> v) {
    return jvp(tf, f, x, v, Rules.standard());
  }

  /** {@link #jvp(Ops, List, List, List)} with other rules. */
  public static List<Operand<TNumber>> jvp(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> v,
      Rules rules) {
    requireSameLength("x", x, "v", v);
    Ops scope = tf.withSubScope(tf.scope().makeOpName("jvp"));
    List<Operand<?>> tangents = new ForwardMode(scope, rules, new TangentShapes()).run(f, x, v);
    return filled(tf, tangents, f);
  }

  /**
   * Hv for the Hessian H = ∂²f/∂x² of a scalar f: the tangent of the gradient (forward over
   * reverse).
   *
   * @param v for every x_i a tangent of its shape
   * @return for every x_i an operand of its shape
   */
  public static List<Operand<TNumber>> hvp(
      Ops tf,
      Operand<? extends TNumber> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> v) {
    Operand<?> one = tf.onesLike(f);
    List<Operand<TNumber>> gradient = vjp(tf, List.of(f), x, List.of(one));
    return jvp(tf, gradient, x, v);
  }

  /**
   * f + J Δ, the linearization of f around the present x: {@link #taylor} of order 1.
   *
   * @param delta for every x_i the step from it
   * @return for every f_k an operand of its shape
   */
  public static List<Operand<TNumber>> linearize(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> delta) {
    return taylor(tf, f, x, delta, 1);
  }

  /**
   * Σ_{m ≤ order} Dᵐf[Δ, …, Δ] / m!, the Taylor polynomial of f around the present x, by nested
   * forward mode.
   *
   * @param delta for every x_i the step from it; it must not depend on x
   * @param order 0 or more; the work grows about threefold with each
   * @return for every f_k an operand of its shape
   */
  public static List<Operand<TNumber>> taylor(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> delta,
      int order) {
    List<Operand<TNumber>> sum = new ArrayList<>();
    f.forEach(output -> sum.add(number(output)));
    List<? extends Operand<?>> derivative = f;
    double factorial = 1;
    for (int m = 1; m <= order; m++) {
      derivative = jvp(tf, derivative, x, delta);
      factorial *= m;
      for (int k = 0; k < sum.size(); k++) {
        Operand<TNumber> term = number(derivative.get(k));
        Operand<TNumber> weight = tf.constant(term.type(), 1 / factorial);
        sum.set(k, tf.math.add(sum.get(k), tf.math.mul(weight, term)));
      }
    }
    return sum;
  }

  /**
   * f for every entry of a batch, without a loop: f depends on x, tensors for one example (or one
   * cotangent, or one set of parameters); this writes f again for B of them at once. What f depends
   * on beside x is the same for all.
   *
   * @param x inputs of f
   * @param batch for every x_i its B values, stacked along a new axis 0
   * @return for every f_k its B values, stacked along a new axis 0
   * @throws org.tfjavantk.graphs.UserException if an operation has no rule; the message names it
   */
  public static List<Operand<TNumber>> vmap(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> batch) {
    return vmap(tf, f, x, batch, Rules.standard());
  }

  /** {@link #vmap(Ops, List, List, List)} with other rules. */
  public static List<Operand<TNumber>> vmap(
      Ops tf,
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> batch,
      Rules rules) {
    requireSameLength("x", x, "batch", batch);
    Ops scope = tf.withSubScope(tf.scope().makeOpName("vmap"));
    BatchMode mode = new BatchMode(scope, rules);
    return mode.run(f, x, batch).stream().map(mode::stacked).toList();
  }

  /**
   * J = ∂f/∂x, all of it, without a loop: {@link #vmap} of {@link #vjp} over the rows of an
   * identity, or of {@link #jvp} over its columns, whichever are fewer.
   *
   * @return for every f_k and every x_i, in this order, an operand of shape (shape f_k, shape x_i)
   * @throws org.tfjavantk.graphs.UserException if an operation has no rule, or a rank is not known
   */
  public static List<List<Operand<TNumber>>> jacobian(
      Ops tf, List<? extends Operand<?>> f, List<? extends Operand<?>> x) {
    return jacobian(tf, f, x, JacobianOptions.standard());
  }

  /** {@link #jacobian(Ops, List, List)}, row by row or column by column, and in pieces. */
  public static List<List<Operand<TNumber>>> jacobian(
      Ops tf, List<? extends Operand<?>> f, List<? extends Operand<?>> x, JacobianOptions options) {
    return new Jacobian(tf, options).of(f, x);
  }

  /**
   * ∂f(x_n)/∂θ_i for every example x_n by itself. The model f need not treat its examples one by
   * one: every example passes through it as a batch of one.
   *
   * @param f output of a model, of shape (n, o) or (n, shape of an output)
   * @param x its inputs, each of shape (n, shape of one), where n may be unknown; they may be
   *     integers
   * @param theta parameters of the model
   * @return for every θ_i an operand of shape (n, o, shape θ_i)
   * @throws org.tfjavantk.graphs.UserException if an operation has no rule, or a rank is not known
   */
  public static List<Operand<TNumber>> jacobianPerExample(
      Ops tf, Operand<?> f, List<? extends Operand<?>> x, List<? extends Operand<?>> theta) {
    return jacobianPerExample(tf, f, x, theta, JacobianOptions.standard());
  }

  /** {@link #jacobianPerExample(Ops, Operand, List, List)}, with chunks of examples. */
  public static List<Operand<TNumber>> jacobianPerExample(
      Ops tf,
      Operand<?> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> theta,
      JacobianOptions options) {
    return new Jacobian(tf, options).perExample(f, x, theta);
  }

  /**
   * The values, zeros for null, each an operand of its own: TensorFlow Java refuses to fetch one
   * output twice.
   */
  static List<Operand<TNumber>> filled(
      Ops tf, List<Operand<?>> values, List<? extends Operand<?>> like) {
    Set<Output<?>> seen = new HashSet<>();
    List<Operand<TNumber>> result = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      Operand<?> value = values.get(i);
      if (value == null) {
        result.add(tf.zerosLike(number(like.get(i))));
      } else {
        result.add(seen.add(value.asOutput()) ? number(value) : tf.identity(number(value)));
      }
    }
    return result;
  }

  static void requireSameLength(String a, List<?> as, String b, List<?> bs) {
    if (as.size() != bs.size()) {
      throw new IllegalArgumentException(
          as.size() + " tensors " + a + " but " + bs.size() + " tensors " + b);
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<TNumber> number(Operand<?> operand) {
    return (Operand<TNumber>) operand;
  }
}
