package org.tfjavantk.graphs;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.ByteDataBuffer;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Copies between Java arrays and tensors of a precision. */
public final class Tensors {
  private Tensors() {}

  /** {@link #of(double[], Class, long...)} of a precision. */
  public static Tensor of(double[] values, Precision precision, long... shape) {
    return of(values, precision.type(), shape);
  }

  /**
   * A tensor of the first {@code shape.size()} values, rounded to a floating-point type. The caller
   * closes it.
   *
   * @param type float32, float64, int32, int64, uint8 or bool (0 is false)
   * @throws ArithmeticException if a value does not fit an integer type; the message names it
   */
  public static Tensor of(double[] values, Class<? extends TType> type, long... shape) {
    Shape size = Shape.of(shape);
    int n = Math.toIntExact(size.size());
    if (type.equals(TFloat64.class)) {
      return TFloat64.tensorOf(
          size, t -> t.copyFrom(DataBuffers.of(values, true, false).narrow(n)));
    }
    if (type.equals(TFloat32.class)) {
      float[] rounded = new float[n];
      for (int i = 0; i < n; i++) {
        rounded[i] = (float) values[i];
      }
      return TFloat32.tensorOf(size, t -> t.copyFrom(DataBuffers.of(rounded, true, false)));
    }
    long[] integers = integers(values, n, type);
    if (type.equals(TInt64.class)) {
      return TInt64.tensorOf(size, t -> t.copyFrom(DataBuffers.of(integers, true, false)));
    }
    if (type.equals(TInt32.class)) {
      int[] ints = Arrays.stream(integers).mapToInt(i -> (int) i).toArray();
      return TInt32.tensorOf(size, t -> t.copyFrom(DataBuffers.of(ints, true, false)));
    }
    byte[] bytes = new byte[n];
    for (int i = 0; i < n; i++) {
      bytes[i] = (byte) integers[i];
    }
    if (type.equals(TUint8.class)) {
      return TUint8.tensorOf(size, t -> t.copyFrom(DataBuffers.of(bytes, true, false)));
    }
    if (type.equals(TBool.class)) {
      return TBool.tensorOf(size, t -> t.asRawTensor().data().write(bytes));
    }
    throw new UserException("tensors of type " + type.getSimpleName() + " cannot be fed");
  }

  private static long[] integers(double[] values, int n, Class<? extends TType> type) {
    boolean bool = type.equals(TBool.class);
    double most =
        bool
            ? 1
            : type.equals(TUint8.class)
                ? 255
                : type.equals(TInt32.class) ? Integer.MAX_VALUE : 1L << 53;
    double least = bool || type.equals(TUint8.class) ? 0 : -most;
    long[] integers = new long[n];
    for (int i = 0; i < n; i++) {
      integers[i] = (long) values[i];
      if (integers[i] != values[i] || values[i] > most || values[i] < least) {
        throw new ArithmeticException(
            "the value "
                + values[i]
                + " is no "
                + type.getSimpleName().substring(1).toLowerCase(Locale.ROOT));
      }
    }
    return integers;
  }

  /**
   * Pieces of equal shape below each other, along axis 0; the first n of every {@code batch} parts
   * of their rows.
   *
   * @param n of all pieces together
   * @param batch how many such parts each piece has
   */
  static Tensor concatenated(List<Tensor> pieces, int n, int batch) {
    long[] shape = pieces.get(0).shape().asArray();
    long rowsOfOne = shape[0] / batch;
    shape[0] = n * rowsOfOne;
    ByteDataBuffer[] sources =
        pieces.stream().map(p -> p.asRawTensor().data()).toArray(ByteDataBuffer[]::new);
    long bytes = pieces.get(0).numBytes() / batch * n;
    return Tensor.of(
        Precision.of(pieces.get(0) instanceof TFloat64 ? TFloat64.class : TFloat32.class).type(),
        Shape.of(shape),
        t -> {
          long done = 0;
          for (ByteDataBuffer source : sources) {
            long length = Math.min(source.size(), bytes - done);
            source.narrow(length).copyTo(t.asRawTensor().data().offset(done), length);
            done += length;
          }
        });
  }

  /** All values of a floating-point tensor, row-major. */
  public static double[] toDoubles(Tensor tensor) {
    int n = Math.toIntExact(tensor.shape().size());
    double[] values = new double[n];
    if (tensor instanceof TFloat64 t) {
      t.asRawTensor().data().asDoubles().read(values);
      return values;
    }
    float[] floats = toFloats(tensor);
    for (int i = 0; i < n; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** All values of a float32 tensor, row-major. */
  public static float[] toFloats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }
}
