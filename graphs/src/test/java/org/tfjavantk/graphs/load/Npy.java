package org.tfjavantk.graphs.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An array in NumPy's format 1.0, little-endian, C order. */
record Npy(long[] shape, double[] values) {
  private static final Pattern HEADER =
      Pattern.compile("'descr': '([^']*)', 'fortran_order': False, 'shape': \\(([^)]*)\\)");

  static Npy read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getShort(8);
    Matcher header =
        HEADER.matcher(new String(bytes.array(), 10, length, StandardCharsets.US_ASCII));
    if (!header.find()) {
      throw new IOException(file + ": no header");
    }
    long[] shape =
        Arrays.stream(header.group(2).split(","))
            .map(String::trim)
            .filter(s -> !s.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray();
    bytes.position(10 + length);
    double[] values = new double[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (header.group(1)) {
            case "<f8" -> bytes.getDouble();
            case "<f4" -> bytes.getFloat();
            case "<i4" -> bytes.getInt();
            case "<i8" -> bytes.getLong();
            case "|u1" -> Byte.toUnsignedInt(bytes.get());
            default -> throw new IOException(file + ": type " + header.group(1));
          };
    }
    return new Npy(shape, values);
  }
}
