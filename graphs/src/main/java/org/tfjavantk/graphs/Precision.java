package org.tfjavantk.graphs;

import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** The arithmetic of a graph. */
public enum Precision {
  FLOAT32(TFloat32.class, Float.BYTES, 0x1p-24),
  FLOAT64(TFloat64.class, Double.BYTES, 0x1p-53);

  private final Class<? extends TFloating> type;
  private final int bytes;
  private final double unitRoundoff;

  Precision(Class<? extends TFloating> type, int bytes, double unitRoundoff) {
    this.type = type;
    this.bytes = bytes;
    this.unitRoundoff = unitRoundoff;
  }

  /**
   * The precision of a TensorFlow type.
   *
   * @throws IllegalArgumentException if it is neither float32 nor float64
   */
  public static Precision of(Class<?> type) {
    for (Precision precision : values()) {
      if (precision.type.equals(type)) {
        return precision;
      }
    }
    throw new IllegalArgumentException(type + " is no precision of a model");
  }

  /** The TensorFlow type. */
  public Class<? extends TFloating> type() {
    return type;
  }

  /** Bytes of one value. */
  public int bytes() {
    return bytes;
  }

  /** Half the distance from 1 to the next larger value. */
  public double unitRoundoff() {
    return unitRoundoff;
  }
}
