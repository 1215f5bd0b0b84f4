package org.tfjavantk.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A number that tells whether two runs saw the same examples. */
public final class Fingerprint {
  private Fingerprint() {}

  /**
   * The SHA-256, in hex, of: n, the number of classes, the rank and the dimensions of an example,
   * then of every example its label and its preprocessed values; integers as 4 bytes and values as
   * IEEE 754 doubles of 8 bytes, big-endian.
   */
  public static String sha256(Examples examples) {
    MessageDigest digest = FileContent.digest("SHA-256");
    int[] shape = examples.shape();
    ByteBuffer head = ByteBuffer.allocate(Integer.BYTES * (3 + shape.length));
    head.putInt(examples.count()).putInt(examples.classes()).putInt(shape.length);
    for (int d : shape) {
      head.putInt(d);
    }
    digest.update(head.array());
    double[] values = new double[examples.size()];
    ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + Double.BYTES * values.length);
    for (int i = 0; i < examples.count(); i++) {
      examples.read(i, values, 0);
      bytes.clear();
      bytes.putInt(examples.label(i));
      for (double v : values) {
        bytes.putDouble(v);
      }
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
