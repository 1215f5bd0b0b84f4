package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.Operand;

/**
 * How tangents pass through one type of operation: for y = g(x₁, …, x_k) and tangents ẋ_i, the
 * tangents ẏ = Σ_i ∂g/∂x_i ẋ_i of all its outputs.
 */
@FunctionalInterface
public interface JvpRule {
  /**
   * Adds the operations that compute the tangents of the outputs.
   *
   * @param op the operation and the tangents of its inputs, of which at least one is not zero
   * @return one operand for every output, null where the tangent is zero
   */
  List<Operand<?>> apply(ForwardOp op);
}
