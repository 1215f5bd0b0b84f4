package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** What a {@link JvpRule} sees: an operation and the tangents of its inputs. */
public final class ForwardOp extends RuleOp {
  private final List<Operand<?>> tangents;

  ForwardOp(Ops tf, GraphOperation operation, List<Operand<?>> tangents) {
    super(tf, operation);
    this.tangents = tangents;
  }

  /** ẋ_i, or null where it is zero. */
  public Operand<TNumber> tangent(int i) {
    Operand<?> tangent = tangents.get(i);
    return tangent == null ? null : number(tangent);
  }

  /** ẋ_i, with zeros written out. */
  public Operand<TNumber> tangentOrZeros(int i) {
    Operand<TNumber> tangent = tangent(i);
    return tangent == null ? tf().zerosLike(input(i)) : tangent;
  }
}
