package org.tfjavantk.graphs.load;

import org.tensorflow.proto.DataType;

/**
 * A variable before it has nodes.
 *
 * @param tensor what stands for its value in the flat graph so far
 * @param name its name
 * @param dtype its type
 * @param shape its shape
 * @param trainable whether it is a parameter
 * @param values what the file holds
 */
record Draft(
    String tensor, String name, DataType dtype, long[] shape, boolean trainable, Values values) {
  Draft withTrainable(boolean trainable) {
    return new Draft(tensor, name, dtype, shape, trainable, values);
  }

  boolean isFloating() {
    return Types.isFloating(dtype);
  }
}
