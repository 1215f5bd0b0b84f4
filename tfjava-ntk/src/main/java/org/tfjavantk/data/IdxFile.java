package org.tfjavantk.data;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.tfjavantk.graphs.UserException;

/**
 * The IDX format of the MNIST family: bytes 0, 0, 8 (unsigned bytes), the number of dimensions,
 * each dimension as a big-endian 32-bit integer, and the values, last index fastest.
 *
 * @param values index of the first value in {@code content}
 */
record IdxFile(int[] shape, byte[] content, int values) {
  private static final int UNSIGNED_BYTES = 0x08;

  /**
   * @param content the decompressed file
   * @param dimensions what is expected: 3 for images, 1 for labels
   * @throws UserException if the magic number is wrong, or the length isn't what the header says
   */
  static IdxFile parse(Path path, byte[] content, int dimensions) {
    byte[] magic = {0, 0, UNSIGNED_BYTES, (byte) dimensions};
    String[] meaning = {
      "zero", "zero", "unsigned bytes", dimensions + " dimensions: " + kind(dimensions)
    };
    for (int i = 0; i < magic.length; i++) {
      if (i >= content.length || content[i] != magic[i]) {
        String found = i < content.length ? "0x%02X".formatted(content[i]) : "the end of the file";
        throw new UserException(
            "%s: bad magic number: byte %d: expected 0x%02X (%s), found %s; the file is no IDX file of %s"
                .formatted(path, i, magic[i], meaning[i], found, kind(dimensions)));
      }
    }
    int header = 4 + 4 * dimensions;
    if (content.length < header) {
      throw truncated(path, content.length, header, "its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(content, 4, 4 * dimensions);
    int[] shape = new int[dimensions];
    long size = 1;
    for (int i = 0; i < dimensions; i++) {
      shape[i] = buffer.getInt();
      if (shape[i] < 0) {
        throw new UserException(
            path + ": byte " + (4 + 4 * i) + ": a dimension of " + shape[i] + "; damaged");
      }
      size = Math.multiplyExact(Math.min(size, Integer.MAX_VALUE), (long) shape[i]);
    }
    if (content.length < header + size) {
      throw truncated(path, content.length, header + size, "its shape " + Arrays.toString(shape));
    }
    if (content.length > header + size) {
      throw new UserException(
          "%s: has %,d bytes of content, its header promises %,d: delete it and fetch it again"
              .formatted(path, content.length, header + size));
    }
    return new IdxFile(shape, content, header);
  }

  private static String kind(int dimensions) {
    return dimensions == 1 ? "labels" : "images";
  }

  private static UserException truncated(Path path, long found, long expected, String why) {
    return new UserException(
        "%s: ends after %,d bytes of content, %s needs %,d: the file is incomplete; delete it and fetch it again"
            .formatted(path, found, why, expected));
  }
}
