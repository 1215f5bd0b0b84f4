package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * What a {@link TransposeRule} sees: an operation that is linear in some of its inputs, and the
 * cotangents of its outputs.
 */
public final class TransposeOp extends RuleOp {
  private final List<Operand<?>> cotangents;
  private final List<Boolean> linear;

  TransposeOp(Ops tf, GraphOperation operation, List<Operand<?>> cotangents, List<Boolean> linear) {
    super(tf, operation);
    this.cotangents = cotangents;
    this.linear = linear;
  }

  /** ȳ_k, or null where it is zero. */
  public Operand<TNumber> cotangent(int k) {
    Operand<?> cotangent = cotangents.get(k);
    return cotangent == null ? null : number(cotangent);
  }

  /** ȳ_k, with zeros written out. */
  public Operand<TNumber> cotangentOrZeros(int k) {
    Operand<TNumber> cotangent = cotangent(k);
    return cotangent == null ? tf().zerosLike(output(k)) : cotangent;
  }

  /** Whether x̄_i is wanted: x_i carries a tangent. The values of such inputs must not be read. */
  public boolean linear(int i) {
    return linear.get(i);
  }
}
