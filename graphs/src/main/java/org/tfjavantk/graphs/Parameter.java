package org.tfjavantk.graphs;

import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * A variable of a graph.
 *
 * @param spec its name and shape
 * @param handle the resource that holds it
 * @param value its value, as the model's operations read it
 */
public record Parameter(
    ParameterSpec spec, Operand<? extends TType> handle, Operand<TFloating> value) {
  /** E.g. "conv0/kernel". */
  public String name() {
    return spec.name();
  }
}
