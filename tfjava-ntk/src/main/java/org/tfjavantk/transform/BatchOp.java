package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * What a {@link BatchRule} sees: an operation y = g(x) on single tensors, and for some of its
 * inputs a batch of B of them, stacked along a new axis 0.
 */
public final class BatchOp extends RuleOp {
  private final List<Batched> inputs;
  private final Operand<TInt32> size;

  BatchOp(Ops tf, GraphOperation operation, List<Batched> inputs, Operand<TInt32> size) {
    super(tf, operation);
    this.inputs = inputs;
    this.size = size;
  }

  /** Whether there is a batch of x_i. */
  public boolean batched(int i) {
    return inputs.get(i).batched();
  }

  /** The batch of x_i, with the new axis 0; or x_i itself (as mapped) where there is none. */
  public Operand<TNumber> value(int i) {
    return number(inputs.get(i).value());
  }

  /** B, a scalar; a constant where it is known. */
  public Operand<TInt32> size() {
    return size;
  }
}
