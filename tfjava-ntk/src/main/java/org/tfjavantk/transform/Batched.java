package org.tfjavantk.transform;

import org.tensorflow.Operand;

/**
 * A tensor inside {@link Transforms#vmap}.
 *
 * @param value of shape (B, shape of one), or (shape of one)
 * @param batched which of the two
 */
public record Batched(Operand<?> value, boolean batched) {
  /** A batch, stacked along axis 0. */
  public static Batched batch(Operand<?> value) {
    return new Batched(value, true);
  }

  /** One tensor for the whole batch. */
  public static Batched same(Operand<?> value) {
    return new Batched(value, false);
  }
}
