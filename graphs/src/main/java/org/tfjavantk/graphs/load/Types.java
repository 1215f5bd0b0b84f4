package org.tfjavantk.graphs.load;

import com.google.protobuf.ByteString;
import java.util.List;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorShapeProto;

/** Types and shapes in protos and in Java. */
final class Types {
  private Types() {}

  static boolean isFloating(DataType dtype) {
    return switch (dtype) {
      case DT_FLOAT, DT_DOUBLE, DT_HALF, DT_BFLOAT16 -> true;
      default -> false;
    };
  }

  /** -1 where a size is not known, null where the rank is not known. */
  static long[] shape(TensorShapeProto shape) {
    return shape.getUnknownRank()
        ? null
        : shape.getDimList().stream().mapToLong(TensorShapeProto.Dim::getSize).toArray();
  }

  static TensorShapeProto shape(long[] shape) {
    TensorShapeProto.Builder proto = TensorShapeProto.newBuilder();
    if (shape == null) {
      return proto.setUnknownRank(true).build();
    }
    for (long size : shape) {
      proto.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return proto.build();
  }

  static AttrValue attr(DataType dtype) {
    return AttrValue.newBuilder().setType(dtype).build();
  }

  static AttrValue attr(int number) {
    return AttrValue.newBuilder().setI(number).build();
  }

  static AttrValue attr(String text) {
    return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(text)).build();
  }

  static AttrValue attr(long[] shape) {
    return AttrValue.newBuilder().setShape(shape(shape)).build();
  }

  static AttrValue attr(Values values, long... shape) {
    return AttrValue.newBuilder().setTensor(values.toProto(shape)).build();
  }

  static AttrValue attr(List<DataType> types) {
    return AttrValue.newBuilder()
        .setList(AttrValue.ListValue.newBuilder().addAllType(types))
        .build();
  }

  /** A Const node without a name. */
  static NodeDef.Builder constant(Values values, long... shape) {
    return NodeDef.newBuilder()
        .setOp("Const")
        .putAttr("dtype", attr(values.dtype()))
        .putAttr("value", attr(values, shape));
  }
}
