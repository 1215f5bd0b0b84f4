package org.tfjavantk.data;

/** IEEE 754 binary16: 1 sign bit, 5 exponent bits, 10 fraction bits. */
final class Float16 {
  private static final int MAX_EXPONENT = 15;
  private static final int MIN_EXPONENT = -14;

  private Float16() {}

  /** The exact value of these 16 bits. */
  static float toFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0x1F) {
      return Float.intBitsToFloat(sign | 0x7F800000 | (fraction << 13));
    }
    float magnitude =
        exponent == 0
            ? fraction * 0x1p-24f
            : Float.intBitsToFloat(((exponent - 15 + 127) << 23) | (fraction << 13));
    return sign == 0 ? magnitude : -magnitude;
  }

  /**
   * The nearest binary16 value, ties to even; beyond 65,520 an infinity. Rounds once, straight from
   * the double.
   */
  static short of(double value) {
    int sign = (int) (Double.doubleToRawLongBits(value) >>> 48) & 0x8000;
    double magnitude = Math.abs(value);
    if (Double.isNaN(value)) {
      return (short) 0x7E00;
    }
    if (magnitude == 0) {
      return (short) sign;
    }
    int exponent = Math.max(MIN_EXPONENT, Math.min(MAX_EXPONENT, Math.getExponent(magnitude)));
    // In units of the last place: exact, because a power of two is divided by.
    double units = Math.rint(Math.scalb(magnitude, 10 - exponent));
    if (units >= 2048 && exponent == MAX_EXPONENT) {
      return (short) (sign | 0x7C00);
    }
    // A carry of the fraction into the exponent is what the next larger number looks like.
    int bits = units < 1024 ? (int) units : ((exponent + MAX_EXPONENT) << 10) + (int) units - 1024;
    return (short) (sign | bits);
  }
}
