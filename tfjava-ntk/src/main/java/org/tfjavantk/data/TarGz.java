package org.tfjavantk.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.tfjavantk.graphs.UserException;

/** Unpacks named files from a compressed tar archive, by their last path component. */
final class TarGz {
  private static final int BLOCK = 512;
  private static final int NAME_LENGTH = 100;
  private static final int SIZE_AT = 124;
  private static final int SIZE_LENGTH = 12;

  private TarGz() {}

  /**
   * Writes each of {@code wanted} to {@code folder}, by way of a {@code .part} file and its
   * checksum.
   *
   * @throws UserException if the archive is damaged or lacks one of them
   */
  static void extract(Path archive, List<KnownFile> wanted, Path folder) {
    List<KnownFile> left = new ArrayList<>(wanted);
    try (InputStream in =
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(archive)), 1 << 16)) {
      for (byte[] header = in.readNBytes(BLOCK);
          header.length == BLOCK && header[0] != 0;
          header = in.readNBytes(BLOCK)) {
        String name = text(header, 0, NAME_LENGTH);
        long size = Long.parseLong(text(header, SIZE_AT, SIZE_LENGTH).strip(), 8);
        String last = name.substring(name.lastIndexOf('/') + 1);
        KnownFile file = left.stream().filter(f -> f.name().equals(last)).findFirst().orElse(null);
        if (file == null) {
          in.skipNBytes(size);
        } else {
          write(in, size, file, folder.resolve(file.name()));
          left.remove(file);
        }
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
      }
    } catch (IOException | NumberFormatException e) {
      throw new UserException(
          archive + ": cannot be unpacked: " + e + "; delete it and fetch it again", e);
    }
    if (!left.isEmpty()) {
      throw new UserException(
          archive + ": lacks " + left.get(0).name() + "; delete it and fetch it again");
    }
  }

  private static void write(InputStream in, long size, KnownFile file, Path target)
      throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try (OutputStream out = Files.newOutputStream(part)) {
      byte[] buffer = new byte[1 << 16];
      for (long left = size; left > 0; ) {
        int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (n < 0) {
          throw new EOFException("the archive ends inside " + file.name());
        }
        out.write(buffer, 0, n);
        left -= n;
      }
    }
    FileVerdict verdict = FileVerdict.of(file, part, null);
    if (verdict.status() == FileVerdict.Status.WRONG) {
      Files.delete(part);
      throw new UserException(verdict.message());
    }
    Downloader.rename(part, target);
  }

  private static String text(byte[] header, int at, int length) {
    int end = at;
    while (end < at + length && header[end] != 0) {
      end++;
    }
    return new String(header, at, end - at, StandardCharsets.US_ASCII);
  }
}
