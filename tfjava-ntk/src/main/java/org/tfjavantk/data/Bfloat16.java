package org.tfjavantk.data;

/** bfloat16, the upper half of a float: 1 sign bit, 8 exponent bits (bias 127), 7 fraction bits. */
public final class Bfloat16 {
  private static final double SMALLEST_NORMAL = 0x1p-126;
  private static final double SMALLEST_SUBNORMAL = 0x1p-133;
  private static final int INFINITY_BITS = 0x7F80;
  private static final int NAN_BITS = 0x7FC0;

  /** The largest finite value. */
  public static final double LARGEST = 0x1.FEp127;

  /** The smallest magnitude that rounds to infinity: halfway between {@link #LARGEST} and 2^128. */
  public static final double OVERFLOW = 0x1.FFp127;

  private Bfloat16() {}

  /**
   * The bits of the bfloat16 nearest to {@code value}, ties to even, rounded once (never by way of
   * a float). Magnitudes from {@link #OVERFLOW} on become infinite; every NaN becomes 0x7FC0.
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
      // Exact scaling; a result of 128 is the bit pattern of the smallest normal, as it should.
      return (short) (sign | (int) Math.rint(magnitude / SMALLEST_SUBNORMAL));
    }
    int exponent = Math.getExponent(magnitude);
    int significand = (int) Math.rint(Math.scalb(magnitude, 7 - exponent));
    // A significand that rounds up to 256 carries into the exponent.
    return (short) (sign | (((exponent + 127) << 7) + significand - 128));
  }

  /** The value of these bits, exactly. */
  public static double toDouble(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
