package org.tfjavantk.linalg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.buffer.DataStorageVisitor;
import org.tfjavantk.graphs.Precision;

/**
 * Numbers of float32 or float64 in native memory, and BLAS on them. Offsets and lengths count
 * numbers. {@link #close} frees the memory, but for a view of a tensor's.
 */
public final class NativeArray implements AutoCloseable {
  static {
    Blas.load();
  }

  /** Of the smallest pages that there are, in bytes. */
  private static final int PAGE = 4096;

  /** Numbers at a time: a buffer of Java's is smaller than 2 GiB. */
  private static final int MOST = 1 << 27;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PAGE);

  private static final VarHandle WORD =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Precision precision;
  private final long length;
  private final Pointer memory;
  private final boolean owned;

  private NativeArray(Precision precision, long length, Pointer memory, boolean owned) {
    this.precision = precision;
    this.length = length;
    this.memory = memory;
    this.owned = owned;
  }

  /** An array that holds anything. */
  public static NativeArray allocate(Precision precision, long length) {
    if (length < 0) {
      throw new IllegalArgumentException("length " + length);
    }
    long bytes = Math.multiplyExact(Math.max(1, length), (long) precision.bytes());
    return new NativeArray(precision, length, new BytePointer(bytes), true);
  }

  /** An array of zeros. */
  public static NativeArray zeros(Precision precision, long length) {
    NativeArray array = allocate(precision, length);
    Pointer.memset(array.memory, 0, length * precision.bytes());
    return array;
  }

  /** The numbers of a tensor where they are; valid until the tensor is closed. */
  public static NativeArray view(Tensor tensor, Precision precision) {
    Pointer address =
        tensor
            .asRawTensor()
            .data()
            .accept(
                new DataStorageVisitor<Pointer>() {
                  @Override
                  public Pointer visit(long at, long size, long scale) {
                    return new Address(at);
                  }

                  @Override
                  public Pointer fallback() {
                    throw new IllegalStateException("the tensor is not in native memory");
                  }
                });
    return new NativeArray(precision, tensor.shape().size(), address, false);
  }

  private static final class Address extends Pointer {
    Address(long at) {
      address = at;
    }
  }

  /** How many numbers there are. */
  public long length() {
    return length;
  }

  public Precision precision() {
    return precision;
  }

  /** Copies {@code count} numbers from another array. */
  public void copy(long to, NativeArray source, long from, long count) {
    requireRange(to, count);
    source.requireRange(from, count);
    int bytes = precision.bytes();
    Pointer.memcpy(at(to), source.at(from), count * bytes);
  }

  /**
   * Makes the system provide the memory of some numbers, which otherwise happens when each page of
   * it is first written. Changes no number, not even one that another thread writes meanwhile.
   */
  public void provide(long from, long count) {
    for (long done = 0; done < count; done += MOST) {
      ByteBuffer some = buffer(from + done, (int) Math.min(MOST, count - done));
      for (int at = 0; at + Integer.BYTES <= some.limit(); at += PAGE) {
        WORD.compareAndSet(some, at, 0, 0);
      }
    }
  }

  /** Some of the numbers, for many short copies. */
  public Window window(long from, int count) {
    return new Window(buffer(from, count), precision.bytes());
  }

  private ByteBuffer buffer(long from, int count) {
    requireRange(from, count);
    int bytes = Math.multiplyExact(count, precision.bytes());
    return new BytePointer(at(from)).capacity(bytes).asByteBuffer();
  }

  /**
   * Numbers of an array, counted from 0. To copy a few takes less than a call of native code.
   *
   * @param buffer where they are
   * @param bytes of a number
   */
  public record Window(ByteBuffer buffer, int bytes) {
    /** Copies {@code count} numbers from another window. */
    public void copy(int to, Window source, int from, int count) {
      buffer.put(to * bytes, source.buffer, from * bytes, count * bytes);
    }

    /** Writes zeros. */
    public void clear(int from, int count) {
      int end = (from + count) * bytes;
      for (int at = from * bytes; at < end; at += ZEROS.capacity()) {
        buffer.put(at, ZEROS, 0, Math.min(ZEROS.capacity(), end - at));
      }
    }
  }

  /** Writes zeros. */
  public void clear(long from, long count) {
    requireRange(from, count);
    Pointer.memset(at(from), 0, count * precision.bytes());
  }

  /** Copies numbers out; the array is of float32. */
  public void get(long from, float[] into, int count) {
    get(from, into, 0, count);
  }

  /** Likewise, to a place within an array. */
  public void get(long from, float[] into, int at, int count) {
    requireRange(from, count);
    new FloatPointer(at(from)).get(into, at, count);
  }

  /** Copies numbers out; the array is of float64. */
  public void get(long from, double[] into, int count) {
    requireRange(from, count);
    new DoublePointer(at(from)).get(into, 0, count);
  }

  /** Copies numbers in; the array is of float32. */
  public void put(long to, float[] values, int from, int count) {
    requireRange(to, count);
    new FloatPointer(at(to)).put(values, from, count);
  }

  /** Copies numbers in; the array is of float64. */
  public void put(long to, double[] values, int from, int count) {
    requireRange(to, count);
    new DoublePointer(at(to)).put(values, from, count);
  }

  /** {@code this[to ..] += source[from ..]}, {@code count} numbers. */
  public void add(long to, NativeArray source, long from, int count) {
    requireRange(to, count);
    source.requireRange(from, count);
    if (precision == Precision.FLOAT32) {
      openblas.cblas_saxpy(
          count, 1f, new FloatPointer(source.at(from)), 1, new FloatPointer(at(to)), 1);
    } else {
      openblas.cblas_daxpy(
          count, 1, new DoublePointer(source.at(from)), 1, new DoublePointer(at(to)), 1);
    }
  }

  /**
   * A matrix within an array, row-major.
   *
   * @param array where it is
   * @param offset of its first number
   * @param stride numbers from one row to the next
   */
  public record View(NativeArray array, long offset, int stride) {}

  /** {@code c = a b + beta c}: a is m x k, b is k x n, c is m x n. */
  public static void times(int m, int n, int k, View a, View b, double beta, View c) {
    product(openblas.CblasNoTrans, openblas.CblasNoTrans, m, n, k, a, b, beta, c);
  }

  /** {@code c = a bᵀ + beta c}: a is m x k, b is n x k, c is m x n. */
  public static void timesTransposed(int m, int n, int k, View a, View b, double beta, View c) {
    product(openblas.CblasNoTrans, openblas.CblasTrans, m, n, k, a, b, beta, c);
  }

  /** {@code c = aᵀ b + beta c}: a is k x m, b is k x n, c is m x n. */
  public static void transposedTimes(int m, int n, int k, View a, View b, double beta, View c) {
    product(openblas.CblasTrans, openblas.CblasNoTrans, m, n, k, a, b, beta, c);
  }

  /** The upper triangle of {@code c = a aᵀ + c}: a is n x k, c is n x n; half the work. */
  public static void addSquare(int n, int k, View a, View c) {
    if (c.array.precision == Precision.FLOAT32) {
      openblas.cblas_ssyrk(
          openblas.CblasRowMajor,
          openblas.CblasUpper,
          openblas.CblasNoTrans,
          n,
          k,
          1f,
          new FloatPointer(a.array.at(a.offset)),
          a.stride,
          1f,
          new FloatPointer(c.array.at(c.offset)),
          c.stride);
    } else {
      openblas.cblas_dsyrk(
          openblas.CblasRowMajor,
          openblas.CblasUpper,
          openblas.CblasNoTrans,
          n,
          k,
          1,
          new DoublePointer(a.array.at(a.offset)),
          a.stride,
          1,
          new DoublePointer(c.array.at(c.offset)),
          c.stride);
    }
  }

  private static void product(
      int how, int howB, int m, int n, int k, View a, View b, double beta, View c) {
    if (c.array.precision == Precision.FLOAT32) {
      openblas.cblas_sgemm(
          openblas.CblasRowMajor,
          how,
          howB,
          m,
          n,
          k,
          1f,
          new FloatPointer(a.array.at(a.offset)),
          a.stride,
          new FloatPointer(b.array.at(b.offset)),
          b.stride,
          (float) beta,
          new FloatPointer(c.array.at(c.offset)),
          c.stride);
    } else {
      openblas.cblas_dgemm(
          openblas.CblasRowMajor,
          how,
          howB,
          m,
          n,
          k,
          1,
          new DoublePointer(a.array.at(a.offset)),
          a.stride,
          new DoublePointer(b.array.at(b.offset)),
          b.stride,
          beta,
          new DoublePointer(c.array.at(c.offset)),
          c.stride);
    }
  }

  private Pointer at(long index) {
    return new Address(memory.address() + index * precision.bytes());
  }

  private void requireRange(long from, long count) {
    if (from < 0 || count < 0 || from + count > length) {
      throw new IndexOutOfBoundsException(from + " to " + (from + count) + " of " + length);
    }
  }

  @Override
  public void close() {
    if (owned) {
      memory.close();
    }
  }
}
