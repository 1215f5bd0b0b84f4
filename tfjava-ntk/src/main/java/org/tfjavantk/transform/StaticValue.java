package org.tfjavantk.transform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/** What is known of operands while the graph is written. */
final class StaticValue {
  private StaticValue() {}

  /** The entries of an integer constant; null if the operand is none. */
  static long[] integers(Operand<?> operand) {
    GraphOperation op = (GraphOperation) operand.op();
    if (!op.type().equals("Const")) {
      return null;
    }
    TensorProto tensor = op.attributes().getAttrValueProto("value").getTensor();
    boolean wide = tensor.getDtype() == DataType.DT_INT64;
    if (!wide && tensor.getDtype() != DataType.DT_INT32) {
      return null;
    }
    long[] values = new long[Math.toIntExact(operand.shape().size())];
    ByteBuffer bytes =
        tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.nativeOrder());
    int listed = wide ? tensor.getInt64ValCount() : tensor.getIntValCount();
    for (int i = 0; i < values.length; i++) {
      if (bytes.limit() > 0) {
        values[i] = wide ? bytes.getLong(8 * i) : bytes.getInt(4 * i);
      } else if (listed > 0) {
        // The last entry stands for all that follow.
        int k = Math.min(i, listed - 1);
        values[i] = wide ? tensor.getInt64Val(k) : tensor.getIntVal(k);
      }
    }
    return values;
  }

  /** Whether the shape is fully known. */
  static boolean known(Shape shape) {
    return !shape.hasUnknownDimension() && !shape.isUnknown();
  }

  /** A fully known shape as integers. */
  static int[] ints(Shape shape) {
    long[] sizes = shape.asArray();
    int[] ints = new int[sizes.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = Math.toIntExact(sizes[i]);
    }
    return ints;
  }
}
