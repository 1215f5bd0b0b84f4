package org.tfjavantk.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a check of one published file found.
 *
 * @param path the file as found; null if it is missing
 * @param expected the published checksum with its kind; empty if none is known
 * @param found the file's checksum of the same kind; empty if it was not taken
 */
public record FileVerdict(KnownFile file, Path path, Status status, String expected, String found) {
  /** The outcome. */
  public enum Status {
    OK,
    MISSING,
    WRONG,
    NO_CHECKSUM
  }

  /** One line for a user. */
  public String message() {
    return switch (status) {
      case OK -> path + ": ok (" + expected + ")";
      case MISSING -> file.name() + ": missing";
      case NO_CHECKSUM -> path + ": there, but no published checksum is known for it";
      case WRONG -> path + ": wrong checksum: expected " + expected + ", found " + found;
    };
  }

  /** Compares; {@code content} saves a second reading where the caller has it, else null. */
  static FileVerdict of(KnownFile file, Path path, byte[] content) {
    if (file.contentSha256() != null) {
      byte[] bytes = content == null ? FileContent.read(path) : content;
      String sha256 = FileContent.checksum("SHA-256", bytes);
      return compare(file, path, "sha256 of the content ", file.contentSha256(), sha256);
    }
    // The checksum is of the published file, so a decompressed copy cannot be compared with it.
    if (file.md5() != null && endsAlike(file.name(), path)) {
      return compare(file, path, "md5 ", file.md5(), FileContent.checksum("MD5", path));
    }
    return new FileVerdict(file, path, Status.NO_CHECKSUM, "", "");
  }

  static FileVerdict of(KnownFile file, Path dir) {
    Optional<Path> path = file.find(dir);
    return path.isPresent()
        ? of(file, path.get(), null)
        : new FileVerdict(file, null, Status.MISSING, "", "");
  }

  private static boolean endsAlike(String name, Path path) {
    String found = path.getFileName().toString();
    return name.endsWith(".gz") == (found.endsWith(".gz") || found.endsWith(".gz.part"));
  }

  private static FileVerdict compare(
      KnownFile file, Path path, String kind, String expected, String found) {
    Status status = expected.equals(found) ? Status.OK : Status.WRONG;
    return new FileVerdict(file, path, status, kind + expected, kind + found);
  }
}
