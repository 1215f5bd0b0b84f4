package org.tfjavantk.graphs.load;

import org.tensorflow.proto.DataType;

/**
 * A variable that the outputs of a model depend on.
 *
 * @param name as its author called it, e.g. "mha/query/kernel"
 * @param handle the VarHandleOp node in the flat graph
 * @param read the one ReadVariableOp node that everything that uses the variable reads
 * @param dtype its type
 * @param shape its shape
 * @param trainable whether it is a parameter
 * @param values what the file holds
 */
public record Variable(
    String name,
    String handle,
    String read,
    DataType dtype,
    long[] shape,
    boolean trainable,
    Values values) {
  /** The number of scalars. */
  public long size() {
    return values.size();
  }
}
