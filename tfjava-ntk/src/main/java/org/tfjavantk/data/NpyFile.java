package org.tfjavantk.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.tfjavantk.graphs.UserException;

/**
 * An array read from a {@code .npy} file (format versions 1 to 3; C or Fortran order; either byte
 * order), held as its bytes and decoded on demand. An array of two or more axes has one row for
 * every index of its first axis; any other array is one row.
 */
public final class NpyFile {
  static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** Bytes before the dictionary in version 1.0. */
  static final int PREFIX = 10;

  private static final int BUFFER = 1 << 18;
  private static final int LONGEST_HEADER = 1 << 20;

  private final Path path;
  private final ElementType type;
  private final long[] shape;
  private final int rowLength;
  private final byte[][] rows;

  private NpyFile(Path path, NpyHeader header, int rowLength, byte[][] rows) {
    this.path = path;
    this.type = header.type();
    this.shape = header.shape();
    this.rowLength = rowLength;
    this.rows = rows;
  }

  /**
   * Reads a whole file.
   *
   * @throws UserException if it is missing, no {@code .npy} file, of a type not in {@link
   *     ElementType}, or shorter or longer than its header says
   */
  public static NpyFile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new UserException(path + ": no such file; expected an array saved with numpy.save");
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER))) {
      int[] dataStart = new int[1];
      NpyHeader header = header(path, in, dataStart);
      checkLength(path, header, dataStart[0]);
      int axis = header.shape().length >= 2 ? 1 : 0;
      int count = axis == 0 ? 1 : size(path, header.shape()[0]);
      long product = 1;
      for (int i = axis; i < header.shape().length; i++) {
        product *= header.shape()[i];
      }
      int rowLength = size(path, product * header.type().bytes()) / header.type().bytes();
      byte[][] rows = new byte[count][rowLength * header.type().bytes()];
      if (header.fortran() && axis == 1) {
        readFortran(in, header, rows, rowLength);
      } else {
        for (byte[] row : rows) {
          in.readFully(row);
        }
      }
      if (header.bigEndian()) {
        for (byte[] row : rows) {
          reverse(row, header.type().bytes());
        }
      }
      return new NpyFile(path, header, rowLength, rows);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Where it was read from. */
  public Path path() {
    return path;
  }

  public ElementType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  /** The number of rows. */
  public int rows() {
    return rows.length;
  }

  /** The number of values of a row. */
  public int rowLength() {
    return rowLength;
  }

  /** Decodes row {@code i}, row-major, to {@code into[offset ..]}. */
  public void row(int i, double[] into, int offset) {
    type.decode(rows[i], rowLength, into, offset);
  }

  /** The value at place {@code j} of row {@code i}. */
  public double get(int i, int j) {
    return type.get(rows[i], j * type.bytes());
  }

  /**
   * The integer at place {@code j} of row {@code i}.
   *
   * @throws IllegalStateException unless the type is an integer type
   */
  public long integer(int i, int j) {
    return type.getLong(rows[i], j * type.bytes());
  }

  byte[][] rawRows() {
    return rows;
  }

  private static NpyHeader header(Path path, DataInputStream in, int[] dataStart)
      throws IOException {
    byte[] start = in.readNBytes(8);
    for (int i = 0; i < MAGIC.length; i++) {
      if (i >= start.length || start[i] != MAGIC[i]) {
        String found = i < start.length ? "0x%02X".formatted(start[i]) : "the end of the file";
        throw new UserException(
            "%s: not a .npy file: byte %d: expected 0x%02X, found %s"
                .formatted(path, i, MAGIC[i], found));
      }
    }
    int version = start.length > 6 ? start[6] : 0;
    if (version < 1 || version > 3) {
      throw new UserException(
          path + ": byte 6: .npy version " + version + "; versions 1, 2 and 3 are readable");
    }
    int lengthBytes = version == 1 ? 2 : 4;
    byte[] lengthField = in.readNBytes(lengthBytes);
    long length = 0;
    for (int i = lengthField.length - 1; i >= 0; i--) {
      length = length << 8 | (lengthField[i] & 0xFF);
    }
    byte[] text = length > LONGEST_HEADER ? new byte[0] : in.readNBytes((int) length);
    if (lengthField.length < lengthBytes || text.length < length) {
      throw new UserException(
          path + ": ends inside the header, which should be " + length + " bytes long");
    }
    dataStart[0] = 8 + lengthBytes + text.length;
    return NpyHeader.parse(path, new String(text, StandardCharsets.UTF_8));
  }

  private static void checkLength(Path path, NpyHeader header, int dataStart) throws IOException {
    long found = Files.size(path) - dataStart;
    long expected;
    try {
      expected = Math.multiplyExact(header.count(), (long) header.type().bytes());
    } catch (ArithmeticException e) {
      throw new UserException(
          path + ": shape " + Arrays.toString(header.shape()) + " is too large");
    }
    if (found != expected) {
      throw new UserException(
          "%s: shape %s of %s needs %,d bytes from byte %d, found %,d; the file is %s"
              .formatted(
                  path,
                  Arrays.toString(header.shape()),
                  header.type().code(),
                  expected,
                  dataStart,
                  found,
                  found < expected ? "incomplete" : "longer than its header says"));
    }
  }

  private static int size(Path path, long value) {
    if (value > Integer.MAX_VALUE - 8) {
      throw new UserException(
          path + ": an axis or a row of " + value + " is too long; at most 2^31 - 9 can be read");
    }
    return (int) value;
  }

  /** The file runs through the first axis fastest, then the second, ... */
  private static void readFortran(
      DataInputStream in, NpyHeader header, byte[][] rows, int rowLength) throws IOException {
    int bytes = header.type().bytes();
    long[] shape = header.shape();
    int rank = shape.length;
    int[] strides = new int[rank];
    int stride = 1;
    for (int a = rank - 1; a > 0; a--) {
      strides[a] = stride;
      stride *= (int) shape[a];
    }
    int[] index = new int[rank];
    byte[] column = new byte[Math.multiplyExact(rows.length, bytes)];
    int place = 0;
    for (int k = 0; k < rowLength; k++) {
      if (in.readNBytes(column, 0, column.length) < column.length) {
        throw new EOFException("the data end early");
      }
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(column, i * bytes, rows[i], place * bytes, bytes);
      }
      for (int a = 1; a < rank; a++) {
        place += strides[a];
        if (++index[a] < shape[a]) {
          break;
        }
        place -= strides[a] * index[a];
        index[a] = 0;
      }
    }
  }

  private static void reverse(byte[] row, int bytes) {
    for (int at = 0; at < row.length; at += bytes) {
      for (int low = at, high = at + bytes - 1; low < high; low++, high--) {
        byte t = row[low];
        row[low] = row[high];
        row[high] = t;
      }
    }
  }
}
