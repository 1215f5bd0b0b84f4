package org.tfjavantk.graphs;

/**
 * Name, shape and start of one variable of a network.
 *
 * @param name e.g. "conv0/kernel"
 * @param shape row-major dimensions
 * @param initializer how it starts
 * @param trainable false for batch norm's moving statistics
 */
public record ParameterSpec(String name, int[] shape, Initializer initializer, boolean trainable) {
  /** Number of entries. */
  public int size() {
    return Shapes.size(shape);
  }
}
