package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.Operand;

/**
 * How cotangents pass back through one type of operation that is linear in the inputs that carry
 * tangents: for y = A x and the cotangent ȳ, x̄ = Aᵀȳ.
 */
@FunctionalInterface
public interface TransposeRule {
  /**
   * Adds the operations that compute the cotangents of the inputs.
   *
   * @param op the operation and the cotangents of its outputs, of which at least one is not zero
   * @return one operand for every input, of its shape; null where the cotangent is zero or not
   *     wanted
   */
  List<Operand<?>> apply(TransposeOp op);
}
