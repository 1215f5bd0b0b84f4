package org.tfjavantk.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.tfjavantk.graphs.UserException;

/** Writes a stored kernel matrix in formats of other programs. */
public final class KernelExport {
  private static final int BUFFER_BYTES = 1 << 20;

  private KernelExport() {}

  /**
   * Writes the whole matrix, both triangles, to one {@code .npy} file (format 1.0, C order) in the
   * type that it is stored in. One row of tiles is held in memory; the file appears when it is
   * whole.
   *
   * @throws UserException when a tile is missing or corrupt or the file can't be written
   */
  public static void toNpy(KernelStore store, Path file) {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(target)) {
      throw new UserException(file + " cannot be written: the folder must be there already");
    }
    Path temporary = ChunkFile.temporaryName(folder);
    try {
      writeTo(temporary, store);
      ChunkFile.moveInto(temporary, target);
    } catch (IOException e) {
      throw ChunkFile.failure(temporary, file, e);
    } catch (RuntimeException e) {
      temporary.toFile().delete();
      throw e;
    }
  }

  private static void writeTo(Path file, KernelStore store) throws IOException {
    KernelLayout layout = store.layout();
    StorageType type = layout.storage();
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      writeAll(channel, ByteBuffer.wrap(header(layout)));
      int perWrite = BUFFER_BYTES / type.bytes();
      ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      // One row of examples at a time, so that an IOException needs no way through the consumer.
      for (int i = 0; i < layout.rowTiles(); i++) {
        RowBytes rows = new RowBytes(channel, buffer, type, perWrite);
        store.readRows(layout.firstExample(i), layout.rowExamplesOfTile(i), rows);
        rows.rethrow();
      }
    }
  }

  private static final class RowBytes implements RowConsumer {
    private final FileChannel channel;
    private final ByteBuffer buffer;
    private final StorageType type;
    private final int perWrite;
    private IOException failure;

    RowBytes(FileChannel channel, ByteBuffer buffer, StorageType type, int perWrite) {
      this.channel = channel;
      this.buffer = buffer;
      this.type = type;
      this.perWrite = perWrite;
    }

    @Override
    public void accept(long row, double[] values) {
      for (int from = 0; from < values.length && failure == null; from += perWrite) {
        buffer.clear();
        type.encode(values, from, Math.min(perWrite, values.length - from), buffer);
        try {
          writeAll(channel, buffer.flip());
        } catch (IOException e) {
          failure = e;
        }
      }
    }

    void rethrow() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Magic, version 1.0, length, and a Python dict padded so that the data begin at 64 k. */
  private static byte[] header(KernelLayout layout) {
    String dict =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }"
            .formatted(layout.storage().npyDescription(), layout.rows(), layout.columns());
    int length = (10 + dict.length() + 1 + 63) / 64 * 64 - 10;
    byte[] text =
        (dict + " ".repeat(length - dict.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(10 + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) length)
        .put(text)
        .array();
  }
}
