package org.tfjavantk.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tfjavantk.graphs.UserException;

/**
 * The header of a {@code .npy} file: magic {@code \x93NUMPY}, version, length, and a Python
 * dictionary with {@code descr}, {@code fortran_order} and {@code shape}.
 */
public record NpyHeader(ElementType type, boolean bigEndian, boolean fortran, long[] shape) {
  private static final int ALIGNMENT = 64;
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z]\\d*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d\\s,L]*)\\)");

  /** The number of values. */
  long count() {
    long count = 1;
    for (long d : shape) {
      count = Math.multiplyExact(count, d);
    }
    return count;
  }

  static NpyHeader parse(Path path, String text) {
    Matcher descr = DESCR.matcher(text);
    Matcher order = ORDER.matcher(text);
    Matcher shape = SHAPE.matcher(text);
    if (!order.find() || !shape.find() || !text.contains("'descr'")) {
      throw new UserException(
          path
              + ": the header needs 'descr', 'fortran_order' and 'shape', found "
              + text.strip()
              + "; write the file anew with numpy.save");
    }
    String code = descr.find() ? descr.group(2) : "a structured or unreadable type";
    for (ElementType type : ElementType.values()) {
      if (type.code().equals(code)) {
        return new NpyHeader(
            type, descr.group(1).equals(">"), order.group(1).equals("True"), dimensions(shape));
      }
    }
    String known =
        String.join(", ", Arrays.stream(ElementType.values()).map(t -> t.code()).toList());
    throw new UserException(
        path + ": holds values of type " + code + "; readable are " + known + " (use astype)");
  }

  private static long[] dimensions(Matcher shape) {
    List<Long> dimensions = new ArrayList<>();
    for (String d : shape.group(1).split(",")) {
      String digits = d.strip().replace("L", "");
      if (!digits.isEmpty()) {
        dimensions.add(Long.parseLong(digits));
      }
    }
    return dimensions.stream().mapToLong(Long::longValue).toArray();
  }

  /** The bytes of a version 1.0 header for a little-endian array in C order. */
  public static byte[] format(ElementType type, long... shape) {
    String joined =
        shape.length == 1
            ? shape[0] + ","
            : String.join(", ", Arrays.stream(shape).mapToObj(Long::toString).toList());
    String order = type.bytes() == 1 ? "|" : "<";
    String text =
        "{'descr': '%s%s', 'fortran_order': False, 'shape': (%s), }"
            .formatted(order, type.code(), joined);
    int length = text.length() + 1;
    int padded = (NpyFile.PREFIX + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    byte[] header = new byte[padded];
    Arrays.fill(header, (byte) ' ');
    System.arraycopy(NpyFile.MAGIC, 0, header, 0, NpyFile.MAGIC.length);
    header[6] = 1;
    header[7] = 0;
    header[8] = (byte) (padded - NpyFile.PREFIX);
    header[9] = (byte) ((padded - NpyFile.PREFIX) >>> 8);
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, header, NpyFile.PREFIX, ascii.length);
    header[padded - 1] = '\n';
    return header;
  }
}
