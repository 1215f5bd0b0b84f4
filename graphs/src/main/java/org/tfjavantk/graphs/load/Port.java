package org.tfjavantk.graphs.load;

import org.tensorflow.proto.DataType;

/**
 * An input or output of a model.
 *
 * @param name its name in the signature, or of the tensor in a frozen graph
 * @param tensor "node:index" in the flat graph
 * @param dtype its type
 * @param shape its shape; -1 where a size is not known, null where the rank is not known
 */
public record Port(String name, String tensor, DataType dtype, long[] shape) {
  Port with(String tensor, DataType dtype) {
    return new Port(name, tensor, dtype, shape);
  }

  /** A shape as in "(n, 28, 28, 1)"; sizes that are not known are "?". */
  public static String text(long[] shape) {
    if (shape == null) {
      return "(unknown rank)";
    }
    StringBuilder text = new StringBuilder("(");
    for (int i = 0; i < shape.length; i++) {
      text.append(i == 0 ? "" : ", ");
      text.append(shape[i] >= 0 ? Long.toString(shape[i]) : i == 0 ? "n" : "?");
    }
    return text.append(")").toString();
  }
}
