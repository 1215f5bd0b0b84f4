package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * The linear map u ↦ Jᵀu at one x, for the Jacobian J = ∂f/∂x: made once, by {@link
 * Transforms#pullback}, and applied to as many cotangents as wanted.
 */
public final class Pullback {
  private final Ops tf;
  private final List<? extends Operand<?>> f;
  private final List<? extends Operand<?>> x;
  private final ReverseMode reverse;

  Pullback(Ops tf, Rules rules, List<? extends Operand<?>> f, List<? extends Operand<?>> x) {
    this.tf = tf.withSubScope(tf.scope().makeOpName("vjp"));
    this.f = List.copyOf(f);
    this.x = List.copyOf(x);
    reverse = new ReverseMode(this.tf, rules, f, x);
  }

  /**
   * Jᵀu, with all operations that it takes written anew.
   *
   * @param u for every f_k a cotangent of its shape
   * @return for every x_i an operand of its shape
   * @throws org.tfjavantk.graphs.UserException if an operation that a rule wrote has no transpose;
   *     the message names it
   */
  public List<Operand<TNumber>> apply(List<? extends Operand<?>> u) {
    Transforms.requireSameLength("f", f, "u", u);
    return Transforms.filled(tf, reverse.run(u), x);
  }
}
