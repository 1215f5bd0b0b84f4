package org.tfjavantk.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.tfjavantk.graphs.UserException;

/**
 * Writes a matrix to a {@code .npy} file row by row (version 1.0, little-endian, C order). The file
 * appears under its name when all rows are there, by an atomic rename; until then it is {@code
 * <name>.part}, which {@link #close} deletes if rows are missing.
 */
public final class NpyWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  private final Path path;
  private final Path part;
  private final ElementType type;
  private final long rows;
  private final int columns;
  private final FileChannel channel;
  private final byte[] buffer;
  private int filled;
  private long written;

  private NpyWriter(Path path, ElementType type, long rows, int columns) throws IOException {
    this.path = path;
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    part = path.resolveSibling(path.getFileName() + ".part");
    buffer = new byte[BUFFER];
    if (path.toAbsolutePath().getParent() != null) {
      Files.createDirectories(path.toAbsolutePath().getParent());
    }
    channel =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    byte[] header = NpyHeader.format(type, rows, columns);
    System.arraycopy(header, 0, buffer, 0, header.length);
    filled = header.length;
  }

  /**
   * Starts a file of shape (rows, columns).
   *
   * @throws UserException if the file cannot be created
   */
  public static NpyWriter create(Path path, ElementType type, long rows, int columns) {
    if (rows < 0 || columns < 0) {
      throw new IllegalArgumentException("a shape of (" + rows + ", " + columns + ")");
    }
    try {
      return new NpyWriter(path, type, rows, columns);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be written: " + e, e);
    }
  }

  /**
   * Appends a row, {@code values[offset .. offset+columns-1]}, rounded to the type.
   *
   * @throws UserException if the type cannot hold a value: a finite one beyond its range, or a
   *     fraction in an integer type
   */
  public void writeRow(double[] values, int offset) {
    if (written == rows) {
      throw new IllegalStateException(path + ": all " + rows + " rows are written");
    }
    for (int j = 0; j < columns; j++) {
      if (filled + type.bytes() > buffer.length) {
        flush();
      }
      if (!type.put(values[offset + j], buffer, filled)) {
        throw new UserException(
            "%s: row %d, column %d: %s does not fit the type %s; choose a wider one"
                .formatted(path, written, j, values[offset + j], type.code()));
      }
      filled += type.bytes();
    }
    written++;
  }

  private void flush() {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, filled);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      filled = 0;
    } catch (IOException e) {
      throw new UncheckedIOException(part + ": cannot be written", e);
    }
  }

  /**
   * Puts the finished file in its place.
   *
   * @throws IllegalStateException if rows are missing; the unfinished file is deleted
   */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try (channel) {
      if (written == rows) {
        flush();
        channel.force(false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(part + ": cannot be written", e);
    }
    try {
      if (written < rows) {
        Files.deleteIfExists(part);
        throw new IllegalStateException(
            path + ": closed after " + written + " of " + rows + " rows; nothing is left behind");
      }
      Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(path + ": cannot be written", e);
    }
  }
}
