package org.tfjavantk.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The type of an array's values in memory and in a {@code .npy} file, little-endian. */
public enum ElementType {
  U1("u1", 1),
  I1("i1", 1),
  U2("u2", 2),
  I2("i2", 2),
  U4("u4", 4),
  I4("i4", 4),
  I8("i8", 8),
  F2("f2", 2),
  F4("f4", 4),
  F8("f8", 8),

  /** True or false, as 1 or 0. */
  B1("b1", 1);

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final String code;
  private final int bytes;

  ElementType(String code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** NumPy's code without the byte order, e.g. {@code f4}. */
  public String code() {
    return code;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }

  /** Whether the values are integers. */
  public boolean isInteger() {
    return code.charAt(0) != 'f';
  }

  /** The value at byte {@code at}. */
  double get(byte[] from, int at) {
    return switch (this) {
      case F2 -> Float16.toDouble((short) SHORTS.get(from, at));
      case F4 -> Float.intBitsToFloat((int) INTS.get(from, at));
      case F8 -> Double.longBitsToDouble((long) LONGS.get(from, at));
      default -> getLong(from, at);
    };
  }

  /** The integer at byte {@code at}; only where {@link #isInteger}. */
  long getLong(byte[] from, int at) {
    return switch (this) {
      case B1 -> from[at] == 0 ? 0 : 1;
      case U1 -> from[at] & 0xFF;
      case I1 -> from[at];
      case U2 -> (short) SHORTS.get(from, at) & 0xFFFF;
      case I2 -> (short) SHORTS.get(from, at);
      case U4 -> (int) INTS.get(from, at) & 0xFFFFFFFFL;
      case I4 -> (int) INTS.get(from, at);
      case I8 -> (long) LONGS.get(from, at);
      case F2, F4, F8 -> throw new IllegalStateException(code + " holds no integers");
    };
  }

  /**
   * Writes {@code value}, rounded to nearest, to byte {@code at}; false, with nothing promised
   * about the bytes, where the type cannot hold it: a finite value beyond the range, or a
   * non-integer in an integer type.
   */
  boolean put(double value, byte[] into, int at) {
    switch (this) {
      case F2 -> {
        short half = Float16.fromDouble(value);
        SHORTS.set(into, at, half);
        return Double.isInfinite(value) || !Double.isInfinite(Float16.toDouble(half));
      }
      case F4 -> {
        float single = (float) value;
        INTS.set(into, at, Float.floatToRawIntBits(single));
        return Double.isInfinite(value) || !Float.isInfinite(single);
      }
      case F8 -> {
        LONGS.set(into, at, Double.doubleToRawLongBits(value));
        return true;
      }
      default -> {
        long integer = (long) value;
        switch (bytes) {
          case 1 -> into[at] = (byte) integer;
          case 2 -> SHORTS.set(into, at, (short) integer);
          case 4 -> INTS.set(into, at, (int) integer);
          default -> LONGS.set(into, at, integer);
        }
        return integer == value && getLong(into, at) == integer;
      }
    }
  }

  /** Decodes {@code count} values from the start of {@code from} to {@code into[offset ..]}. */
  void decode(byte[] from, int count, double[] into, int offset) {
    switch (this) {
      case U1 -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = from[i] & 0xFF;
        }
      }
      case F4 -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = Float.intBitsToFloat((int) INTS.get(from, 4 * i));
        }
      }
      case F8 -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = Double.longBitsToDouble((long) LONGS.get(from, 8 * i));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          into[offset + i] = get(from, bytes * i);
        }
      }
    }
  }
}
