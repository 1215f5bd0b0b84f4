package org.tfjavantk.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** NumPy's file format, written down a second time: the tests don't trust the product's. */
final class Npy {
  private static final int PREFIX = 10;

  private Npy() {}

  /** Writes a matrix of float64. */
  static void write(Path path, double[][] rows) throws IOException {
    ByteBuffer bytes =
        start("<f8", rows.length + ", " + rows[0].length, 8 * rows[0].length * rows.length);
    for (double[] row : rows) {
      for (double value : row) {
        bytes.putDouble(value);
      }
    }
    Files.write(path, bytes.array());
  }

  /** Writes a vector of int32. */
  static void write(Path path, int[] values) throws IOException {
    ByteBuffer bytes = start("<i4", values.length + ",", 4 * values.length);
    for (int value : values) {
      bytes.putInt(value);
    }
    Files.write(path, bytes.array());
  }

  private static ByteBuffer start(String type, String shape, int length) {
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + shape + "), }\n";
    ByteBuffer bytes =
        ByteBuffer.allocate(PREFIX + header.length() + length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    bytes.putShort((short) header.length());
    return bytes.put(header.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads a matrix of float16, float32 or float64 in C order. */
  static double[][] read(Path path) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getShort(PREFIX - 2);
    String header = new String(bytes.array(), PREFIX, length, StandardCharsets.US_ASCII);
    String shape = header.replaceAll("(?s).*'shape': *\\((\\d+, \\d+)\\).*", "$1");
    int rows = Integer.parseInt(shape.split(", ")[0]);
    int columns = Integer.parseInt(shape.split(", ")[1]);
    bytes.position(PREFIX + length);
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int c = 0; c < columns; c++) {
        row[c] =
            header.contains("<f8")
                ? bytes.getDouble()
                : header.contains("<f4") ? bytes.getFloat() : half(bytes.getShort());
      }
    }
    return values;
  }

  private static double half(short bits) {
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    double magnitude =
        exponent == 0 ? Math.scalb(fraction, -14) : Math.scalb(1 + fraction, exponent - 15);
    return bits < 0 ? -magnitude : magnitude;
  }
}
