package org.tfjavantk.graphs.load;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.tensorflow.Tensor;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * The numbers of a tensor, row-major, as little-endian bytes of their type: no larger than they
 * were in the file, and exact.
 */
public final class Values {
  private final DataType dtype;
  private final ByteBuffer bytes;

  private Values(DataType dtype, byte[] bytes) {
    this(dtype, ByteBuffer.wrap(bytes));
  }

  private Values(DataType dtype, ByteBuffer bytes) {
    this.dtype = dtype;
    this.bytes = bytes.asReadOnlyBuffer();
  }

  /** A copy of the tensor's contents. */
  static Values of(Tensor tensor) {
    byte[] bytes = new byte[Math.toIntExact(tensor.numBytes())];
    tensor.asRawTensor().data().read(bytes);
    return new Values(tensor.dataType(), bytes);
  }

  /** The contents of a Const node: raw bytes, or a list whose last entry is repeated. */
  static Values of(TensorProto tensor) {
    DataType dtype = tensor.getDtype();
    int size = size(tensor.getTensorShape());
    int width = width(dtype);
    if (!tensor.getTensorContent().isEmpty()) {
      return new Values(dtype, tensor.getTensorContent().asReadOnlyByteBuffer());
    }
    ByteBuffer buffer = little(new byte[Math.multiplyExact(size, width)]);
    List<? extends Number> listed =
        switch (dtype) {
          case DT_FLOAT -> tensor.getFloatValList();
          case DT_DOUBLE -> tensor.getDoubleValList();
          case DT_HALF, DT_BFLOAT16 -> tensor.getHalfValList();
          case DT_INT64 -> tensor.getInt64ValList();
          case DT_UINT32 -> tensor.getUint32ValList();
          case DT_UINT64 -> tensor.getUint64ValList();
          case DT_BOOL -> tensor.getBoolValList().stream().map(b -> b ? 1 : 0).toList();
          default -> tensor.getIntValList();
        };
    for (int i = 0; i < size && !listed.isEmpty(); i++) {
      Number value = listed.get(Math.min(i, listed.size() - 1));
      switch (dtype) {
        case DT_FLOAT -> buffer.putFloat(value.floatValue());
        case DT_DOUBLE -> buffer.putDouble(value.doubleValue());
        default -> putInteger(buffer, width, value.longValue());
      }
    }
    return new Values(dtype, buffer.array());
  }

  static Values of(DataType dtype, double... values) {
    ByteBuffer buffer = little(new byte[Math.multiplyExact(values.length, width(dtype))]);
    for (double value : values) {
      put(buffer, dtype, value);
    }
    return new Values(dtype, buffer.array());
  }

  /** Bytes of one number; 0 for a type that is none (string, resource, variant, complex). */
  static int width(DataType dtype) {
    return switch (dtype) {
      case DT_DOUBLE, DT_INT64, DT_UINT64 -> 8;
      case DT_FLOAT, DT_INT32, DT_UINT32 -> 4;
      case DT_HALF, DT_BFLOAT16, DT_INT16, DT_UINT16 -> 2;
      case DT_INT8, DT_UINT8, DT_BOOL -> 1;
      default -> 0;
    };
  }

  /** The type of the numbers. */
  public DataType dtype() {
    return dtype;
  }

  /** How many numbers. */
  public int size() {
    return bytes.remaining() / width(dtype);
  }

  /** The bytes themselves, read-only and little-endian. */
  public ByteBuffer bytes() {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All numbers; exact for every type but 64-bit integers beyond 2^53. */
  public double[] doubles() {
    double[] values = new double[size()];
    ByteBuffer buffer = bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] = get(buffer, dtype);
    }
    return values;
  }

  /** All numbers, rounded to float32; exact for the narrower types. */
  public float[] floats() {
    float[] values = new float[size()];
    ByteBuffer buffer = bytes();
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) get(buffer, dtype);
    }
    return values;
  }

  /** The numbers in another floating-point type, rounded to nearest. */
  Values as(DataType other) {
    if (other == dtype) {
      return this;
    }
    int n = size();
    ByteBuffer from = bytes();
    ByteBuffer to = little(new byte[Math.multiplyExact(n, width(other))]);
    for (int i = 0; i < n; i++) {
      put(to, other, get(from, dtype));
    }
    return new Values(other, to.array());
  }

  /** As the value of a Const node. */
  TensorProto toProto(long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (long size : shape) {
      dims.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return TensorProto.newBuilder()
        .setDtype(dtype)
        .setTensorShape(dims)
        .setTensorContent(ByteString.copyFrom(bytes()))
        .build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Values values && values.dtype == dtype && values.bytes.equals(bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }

  @Override
  public String toString() {
    return size() + " numbers of " + dtype;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int size(TensorShapeProto shape) {
    int size = 1;
    for (TensorShapeProto.Dim dim : shape.getDimList()) {
      size = Math.multiplyExact(size, Math.toIntExact(dim.getSize()));
    }
    return size;
  }

  private static void putInteger(ByteBuffer buffer, int width, long value) {
    switch (width) {
      case 8 -> buffer.putLong(value);
      case 4 -> buffer.putInt((int) value);
      case 2 -> buffer.putShort((short) value);
      default -> buffer.put((byte) value);
    }
  }

  private static void put(ByteBuffer buffer, DataType dtype, double value) {
    switch (dtype) {
      case DT_FLOAT -> buffer.putFloat((float) value);
      case DT_DOUBLE -> buffer.putDouble(value);
      case DT_HALF, DT_BFLOAT16 -> throw new IllegalArgumentException("no rounding to " + dtype);
      default -> putInteger(buffer, width(dtype), (long) value);
    }
  }

  private static double get(ByteBuffer buffer, DataType dtype) {
    return switch (dtype) {
      case DT_FLOAT -> buffer.getFloat();
      case DT_DOUBLE -> buffer.getDouble();
      case DT_HALF -> half(buffer.getShort());
      case DT_BFLOAT16 -> Float.intBitsToFloat(buffer.getShort() << 16);
      case DT_INT64, DT_UINT64 -> buffer.getLong();
      case DT_INT32 -> buffer.getInt();
      case DT_UINT32 -> Integer.toUnsignedLong(buffer.getInt());
      case DT_INT16 -> buffer.getShort();
      case DT_UINT16 -> Short.toUnsignedInt(buffer.getShort());
      case DT_UINT8, DT_BOOL -> Byte.toUnsignedInt(buffer.get());
      default -> buffer.get();
    };
  }

  /** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24;
          case 31 -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> (1024 + fraction) * Math.scalb(1.0, exponent - 25);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
