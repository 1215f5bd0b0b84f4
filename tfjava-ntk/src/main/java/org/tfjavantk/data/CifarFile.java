package org.tfjavantk.data;

import java.nio.file.Path;
import java.util.List;
import org.tfjavantk.graphs.UserException;

/**
 * The binary version of CIFAR-10: records of a label byte and 3 x 32 x 32 bytes, planes red, green,
 * blue, each row-major.
 */
final class CifarFile {
  private static final int SIDE = 32;
  private static final int CHANNELS = 3;
  private static final int PLANE = SIDE * SIDE;
  private static final int RECORD = 1 + CHANNELS * PLANE;
  private static final int CLASSES = 10;

  private CifarFile() {}

  static void checkLength(Path path, int length) {
    if (length == 0 || length % RECORD != 0) {
      throw new UserException(
          "%s: %,d bytes are not a whole number of records of %,d bytes: record %,d is cut off; the file is incomplete, fetch it again"
              .formatted(path, length, RECORD, length / RECORD));
    }
  }

  /** Appends the images, channels last, and their labels. */
  static void read(Path path, byte[] content, List<byte[]> rows, List<Integer> labels) {
    for (int at = 0; at < content.length; at += RECORD) {
      int label = content[at] & 0xFF;
      if (label >= CLASSES) {
        throw new UserException(
            "%s: byte %d (record %d): label %d; the labels of cifar10 are 0 to 9"
                .formatted(path, at, at / RECORD, label));
      }
      byte[] row = new byte[CHANNELS * PLANE];
      for (int c = 0; c < CHANNELS; c++) {
        int plane = at + 1 + c * PLANE;
        for (int p = 0; p < PLANE; p++) {
          row[p * CHANNELS + c] = content[plane + p];
        }
      }
      rows.add(row);
      labels.add(label);
    }
  }

  static RawPart part(List<byte[]> rows, List<Integer> labels) {
    return new RawPart(
        ElementType.U1,
        new int[] {SIDE, SIDE, CHANNELS},
        rows.toArray(new byte[0][]),
        labels.stream().mapToInt(Integer::intValue).toArray());
  }
}
