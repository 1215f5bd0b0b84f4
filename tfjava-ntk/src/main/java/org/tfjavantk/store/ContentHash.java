package org.tfjavantk.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.BiFunction;
import org.tfjavantk.graphs.UserException;

/** SHA-256 over a layout and the checksums at the end of its chunks, in order. */
final class ContentHash {
  private ContentHash() {}

  static String of(KernelLayout layout, BiFunction<Integer, Integer, Path> chunkPath) {
    MessageDigest digest = sha256();
    digest.update(layout.toString().getBytes(StandardCharsets.UTF_8));
    byte[] checksum = new byte[Integer.BYTES];
    for (Tile tile : layout.neededTiles()) {
      Path file = chunkPath.apply(tile.row(), tile.column());
      if (!Files.isRegularFile(file)) {
        throw new UserException(file + ": " + tile + " of the kernel is missing");
      }
      try (RandomAccessFile chunk = new RandomAccessFile(file.toFile(), "r")) {
        if (chunk.length() != layout.chunkBytes()) {
          throw new UserException(
              "%s: %s of the kernel has %d bytes, not %d"
                  .formatted(file, tile, chunk.length(), layout.chunkBytes()));
        }
        chunk.seek(layout.chunkBytes() - Integer.BYTES);
        chunk.readFully(checksum);
      } catch (IOException e) {
        throw new UncheckedIOException(file + " cannot be read", e);
      }
      digest.update(checksum);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
