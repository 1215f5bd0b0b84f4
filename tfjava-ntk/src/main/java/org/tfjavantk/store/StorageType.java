package org.tfjavantk.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.tfjavantk.data.Bfloat16;
import org.tfjavantk.data.Float16;
import org.tfjavantk.graphs.UserException;

/** How a value of a kernel matrix lies on disk, always little-endian. */
public enum StorageType {
  FLOAT16("float16", 2, 0x1p-11, 65504),
  /** The upper half of a float32: its range, in 8 significant bits (float16 has 11). */
  BFLOAT16("bfloat16", 2, 0x1p-8, Bfloat16.LARGEST),
  FLOAT32("float32", 4, 0x1p-24, Float.MAX_VALUE),
  FLOAT64("float64", 8, 0x1p-53, Double.MAX_VALUE);

  private final String zarrName;
  private final int bytes;
  private final double unitRoundoff;
  private final double largest;

  StorageType(String zarrName, int bytes, double unitRoundoff, double largest) {
    this.zarrName = zarrName;
    this.bytes = bytes;
    this.unitRoundoff = unitRoundoff;
    this.largest = largest;
  }

  /** The name of the type in Zarr v3. */
  public String zarrName() {
    return zarrName;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }

  /** Half the distance from 1 to the next larger value. */
  public double unitRoundoff() {
    return unitRoundoff;
  }

  /** The largest finite value. */
  public double largest() {
    return largest;
  }

  /**
   * The type with this name in Zarr v3.
   *
   * @throws UserException when kernels are not stored in that type
   */
  static StorageType ofZarrName(String name, String where) {
    for (StorageType type : values()) {
      if (type.zarrName.equals(name)) {
        return type;
      }
    }
    throw new UserException(
        "%s: data_type is \"%s\"; a kernel is one of %s"
            .formatted(
                where,
                name,
                Arrays.stream(values())
                    .map(StorageType::zarrName)
                    .collect(Collectors.joining(", "))));
  }

  /**
   * Puts {@code values[from .. from + count)} at the position of {@code target}, each rounded once
   * to nearest, ties to even.
   */
  void encode(double[] values, int from, int count, ByteBuffer target) {
    requireLittleEndian(target);
    int end = from + count;
    switch (this) {
      case FLOAT16 -> {
        for (int i = from; i < end; i++) {
          target.putShort(Float16.fromDouble(values[i]));
        }
      }
      case BFLOAT16 -> {
        for (int i = from; i < end; i++) {
          target.putShort(Bfloat16.fromDouble(values[i]));
        }
      }
      case FLOAT32 -> {
        for (int i = from; i < end; i++) {
          target.putFloat((float) values[i]);
        }
      }
      case FLOAT64 -> {
        for (int i = from; i < end; i++) {
          target.putDouble(values[i]);
        }
      }
    }
  }

  /**
   * Reads {@code count} values into {@code target[to ..)}: those at index {@code first}, {@code
   * first + stride}, … of {@code source}.
   */
  void decode(ByteBuffer source, int first, int stride, double[] target, int to, int count) {
    requireLittleEndian(source);
    int at = first * bytes;
    int step = stride * bytes;
    switch (this) {
      case FLOAT16 -> {
        for (int i = to; i < to + count; i++, at += step) {
          target[i] = Float16.toDouble(source.getShort(at));
        }
      }
      case BFLOAT16 -> {
        for (int i = to; i < to + count; i++, at += step) {
          target[i] = Bfloat16.toDouble(source.getShort(at));
        }
      }
      case FLOAT32 -> {
        for (int i = to; i < to + count; i++, at += step) {
          target[i] = source.getFloat(at);
        }
      }
      case FLOAT64 -> {
        for (int i = to; i < to + count; i++, at += step) {
          target[i] = source.getDouble(at);
        }
      }
    }
  }

  private static void requireLittleEndian(ByteBuffer buffer) {
    if (buffer.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("the buffer is not little-endian");
    }
  }
}
