package org.tfjavantk.data;

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits (bias 15), 10 fraction bits. */
public final class Float16 {
  private static final double SMALLEST_NORMAL = 0x1p-14;
  private static final double SMALLEST_SUBNORMAL = 0x1p-24;
  private static final int INFINITY_BITS = 0x7C00;
  private static final int NAN_BITS = 0x7E00;

  /** The smallest magnitude that rounds to infinity: halfway between 65504 and 65536. */
  public static final double OVERFLOW = 65520;

  private Float16() {}

  /**
   * The bits of the half nearest to {@code value}, ties to even, rounded once (never by way of a
   * float). Magnitudes from {@link #OVERFLOW} on become infinite; every NaN becomes 0x7E00.
   */
  public static short fromDouble(double value) {
    if (Double.isNaN(value)) {
      return (short) NAN_BITS;
    }
    int sign = (int) (Double.doubleToRawLongBits(value) >>> 48) & 0x8000;
    double magnitude = Math.abs(value);
    if (magnitude >= OVERFLOW) {
      return (short) (sign | INFINITY_BITS);
    }
    if (magnitude < SMALLEST_NORMAL) {
      // Exact scaling; a result of 1024 is the bit pattern of the smallest normal, as it should.
      return (short) (sign | (int) Math.rint(magnitude / SMALLEST_SUBNORMAL));
    }
    int exponent = Math.getExponent(magnitude);
    int significand = (int) Math.rint(Math.scalb(magnitude, 10 - exponent));
    // A significand that rounds up to 2048 carries into the exponent.
    return (short) (sign | (((exponent + 15) << 10) + significand - 1024));
  }

  /** The value of these bits, exactly. */
  public static double toDouble(short bits) {
    int exponent = (bits >>> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude;
    if (exponent == 0) {
      magnitude = fraction * SMALLEST_SUBNORMAL;
    } else if (exponent == 31) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else {
      // The bits of the double, put together: 2^(exponent - 15) (1 + fraction / 1024).
      magnitude = Double.longBitsToDouble(((long) (exponent + 1008) << 52) | (long) fraction << 42);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
