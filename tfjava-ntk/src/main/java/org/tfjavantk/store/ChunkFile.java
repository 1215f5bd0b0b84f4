package org.tfjavantk.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.graphs.UserException;

/**
 * Files that appear whole or not at all, under their final name by an atomic rename, and the {@code
 * crc32c} codec: the bytes, then their CRC-32C in four bytes, little-endian.
 */
final class ChunkFile {
  private static final Logger LOG = LoggerFactory.getLogger(ChunkFile.class);
  private static final String TEMPORARY = ".tmp-";

  /** Processes on different machines may have the same number. */
  private static final String TOKEN = Long.toHexString(new SecureRandom().nextLong());

  private static final AtomicLong COUNTER = new AtomicLong();

  private ChunkFile() {}

  /** Appends the checksum of the bytes from 0 to the position. */
  static void appendChecksum(ByteBuffer content) {
    content.putInt(checksum(content.duplicate().flip()));
  }

  /** Whether the last four bytes are the checksum of those before. */
  static boolean checksumHolds(ByteBuffer content) {
    int end = content.capacity() - Integer.BYTES;
    return end >= 0 && content.getInt(end) == checksum(content.duplicate().position(0).limit(end));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** The whole file, little-endian; empty when there is none. */
  static Optional<ByteBuffer> read(Path file) {
    try {
      return Optional.of(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /**
   * Fills the buffer with the file; false when there is none or it has another length than the
   * buffer.
   */
  static boolean read(Path file, ByteBuffer into) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != into.clear().capacity()) {
        return false;
      }
      while (into.hasRemaining() && channel.read(into) >= 0) {
        // The channel may give less than all that is left.
      }
      return !into.hasRemaining();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  /** Writes the bytes from 0 to the position to {@code file}, by way of {@code root}. */
  static void write(Path root, Path file, ByteBuffer content) {
    Path temporary = temporaryName(root);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = content.duplicate().flip();
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      }
      Files.createDirectories(file.getParent());
      moveInto(temporary, file);
    } catch (IOException e) {
      throw failure(temporary, file, e);
    }
  }

  /** A name in {@code root} that no other writer uses and {@link #clean} recognises. */
  static Path temporaryName(Path root) {
    return root.resolve(
        TEMPORARY + ProcessHandle.current().pid() + "-" + TOKEN + "-" + COUNTER.incrementAndGet());
  }

  /** Gives a finished temporary file its name. */
  static void moveInto(Path temporary, Path file) throws IOException {
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new UserException(
          file + ": this file system cannot rename atomically; choose another output folder", e);
    }
  }

  /** Removes the temporary file; the exception to throw: the user's fault where it is one. */
  static RuntimeException failure(Path temporary, Path file, IOException cause) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    if (cause instanceof FileSystemException) {
      return new UserException(
          file + " cannot be written: " + cause + "; is the disk full, or the folder read-only?",
          cause);
    }
    return new UncheckedIOException(file + " cannot be written", cause);
  }

  static boolean isTemporary(Path file) {
    return file.getFileName().toString().startsWith(TEMPORARY);
  }

  /** Deletes what killed processes left behind; the files of other living ones stay. */
  static void clean(Path root) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root, TEMPORARY + "*")) {
      for (Path file : files) {
        if (!ownerLives(file.getFileName().toString())) {
          LOG.info("deleting {}, left behind by a process that ended", file);
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(root + " cannot be cleaned", e);
    }
  }

  private static boolean ownerLives(String name) {
    String[] parts = name.substring(TEMPORARY.length()).split("-");
    try {
      long pid = Long.parseLong(parts[0]);
      // In a container, every process that resumes may have the number of the one that was killed.
      return pid != ProcessHandle.current().pid()
          && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
