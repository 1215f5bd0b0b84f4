package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** What a {@link JvpRule} sees: an operation and the tangents of its inputs. */
public final class ForwardOp extends RuleOp {
  private final List<Operand<?>> tangents;

  private final TangentShapes shapes;

  ForwardOp(Ops tf, GraphOperation operation, List<Operand<?>> tangents, TangentShapes shapes) {
    super(tf, operation);
    this.tangents = tangents;
    this.shapes = shapes;
  }

  /** The operation again, with inputs of the same shapes, such as tangents. */
  @Override
  public GraphOperation copy(List<? extends Operand<?>> inputs) {
    GraphOperation copy = super.copy(inputs);
    for (int k = 0; k < copy.numOutputs(); k++) {
      shapes.record(copy.output(k), operation().output(k));
    }
    return copy;
  }

  /**
   * Says that a new tensor has the shape of one of the inputs or outputs. Where that shape is known
   * only at run time, reverse mode needs it, and the tensor itself is not to be run.
   *
   * @return the new tensor
   */
  public Operand<TNumber> shapedLike(Operand<TNumber> primal, Operand<TNumber> tensor) {
    shapes.record(tensor, primal);
    return tensor;
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
