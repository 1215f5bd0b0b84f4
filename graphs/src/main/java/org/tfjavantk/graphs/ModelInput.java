package org.tfjavantk.graphs;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TType;

/**
 * One input of a model.
 *
 * @param name as the file or the config calls it, "input" of a network of layers
 * @param placeholder of shape (n, shape)
 * @param shape of one example
 */
public record ModelInput(String name, Operand<? extends TType> placeholder, int[] shape) {
  /** Values of one example. */
  public int size() {
    return Shapes.size(shape);
  }
}
