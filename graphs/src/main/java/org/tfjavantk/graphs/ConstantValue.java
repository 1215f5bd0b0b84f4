package org.tfjavantk.graphs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalDouble;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Values of Const operations. They are read from the attribute's message: the tensor that
 * getAttrTensor gives in TensorFlow Java 1.1.0 may be freed already.
 */
public final class ConstantValue {
  private ConstantValue() {}

  /** The entries of an int32 or int64 constant, row-major; empty of anything else. */
  public static Optional<long[]> integers(Operand<?> operand) {
    TensorProto tensor = tensor(operand);
    if (tensor == null
        || tensor.getDtype() != DataType.DT_INT64 && tensor.getDtype() != DataType.DT_INT32) {
      return Optional.empty();
    }
    boolean wide = tensor.getDtype() == DataType.DT_INT64;
    long size = 1;
    for (TensorShapeProto.Dim dimension : tensor.getTensorShape().getDimList()) {
      size *= dimension.getSize();
    }
    long[] values = new long[Math.toIntExact(size)];
    ByteBuffer content = content(tensor);
    boolean packed = content.hasRemaining();
    int listed = wide ? tensor.getInt64ValCount() : tensor.getIntValCount();
    for (int k = 0; k < values.length; k++) {
      if (packed) {
        values[k] = wide ? content.getLong() : content.getInt();
      } else if (listed > 0) {
        int last = Math.min(k, listed - 1); // it stands for all that follow
        values[k] = wide ? tensor.getInt64Val(last) : tensor.getIntVal(last);
      }
    }
    return Optional.of(values);
  }

  /** The value of a float32 or float64 constant that is a scalar; empty of anything else. */
  public static OptionalDouble scalar(Operand<?> operand) {
    TensorProto tensor = tensor(operand);
    if (tensor == null || tensor.getTensorShape().getDimCount() != 0) {
      return OptionalDouble.empty();
    }
    ByteBuffer content = content(tensor);
    boolean packed = content.hasRemaining();
    return switch (tensor.getDtype()) {
      case DT_FLOAT ->
          OptionalDouble.of(
              packed
                  ? content.getFloat()
                  : tensor.getFloatValCount() == 0 ? 0 : tensor.getFloatVal(0));
      case DT_DOUBLE ->
          OptionalDouble.of(
              packed
                  ? content.getDouble()
                  : tensor.getDoubleValCount() == 0 ? 0 : tensor.getDoubleVal(0));
      default -> OptionalDouble.empty();
    };
  }

  private static TensorProto tensor(Operand<?> operand) {
    GraphOperation op = (GraphOperation) operand.op();
    return op.type().equals("Const")
        ? op.attributes().getAttrValueProto("value").getTensor()
        : null;
  }

  private static ByteBuffer content(TensorProto tensor) {
    return tensor.getTensorContent().asReadOnlyByteBuffer().order(ByteOrder.nativeOrder());
  }
}
