package org.tfjavantk.data;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.tfjavantk.graphs.UserException;

/** Reads whole files, decompressing those that start as gzip does, and takes checksums. */
final class FileContent {
  private static final int GZIP_0 = 0x1F;
  private static final int GZIP_1 = 0x8B;
  private static final int BUFFER = 1 << 16;

  private FileContent() {}

  /**
   * The decompressed content.
   *
   * @throws UserException if the file cannot be read, or is a truncated or damaged gzip file
   */
  static byte[] read(Path path) {
    Counting counting = null;
    try (PushbackInputStream in = new PushbackInputStream(Files.newInputStream(path), 2)) {
      byte[] start = in.readNBytes(2);
      in.unread(start);
      boolean gz = start.length == 2 && (start[0] & 0xFF) == GZIP_0 && (start[1] & 0xFF) == GZIP_1;
      if (!gz) {
        return in.readAllBytes();
      }
      counting = new Counting(in);
      return counting.decompress();
    } catch (EOFException e) {
      throw broken(path, counting, "the compressed data end", e);
    } catch (ZipException e) {
      throw broken(path, counting, "the compressed data are damaged (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be read: " + e, e);
    }
  }

  private static UserException broken(Path path, Counting counting, String what, Exception e) {
    return new UserException(
        "%s: %s after %,d bytes of content; the file is incomplete or damaged: delete it and fetch it again"
            .formatted(path, what, counting == null ? 0 : counting.count),
        e);
  }

  /** Hex checksum of bytes in memory; {@code algorithm} as in {@link MessageDigest}. */
  static String checksum(String algorithm, byte[] bytes) {
    return HexFormat.of().formatHex(digest(algorithm).digest(bytes));
  }

  /** Hex checksum of a file as it lies on the disk. */
  static String checksum(String algorithm, Path path) {
    MessageDigest digest = digest(algorithm);
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(path)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    } catch (IOException e) {
      throw new UserException(path + ": cannot be read: " + e, e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest digest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has " + algorithm, e);
    }
  }

  /** Counts the decompressed bytes, for the message when they end early. */
  private static final class Counting {
    private final InputStream compressed;
    private long count;

    Counting(InputStream compressed) {
      this.compressed = compressed;
    }

    byte[] decompress() throws IOException {
      return new FilterInputStream(new GZIPInputStream(compressed, BUFFER)) {
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
          int n = super.read(into, offset, length);
          count += Math.max(n, 0);
          return n;
        }
      }.readAllBytes();
    }
  }
}
