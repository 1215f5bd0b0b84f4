package org.tfjavantk.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.graphs.UserException;

/** Finds, checks and downloads the files of the known sets. */
public final class DataFiles {
  private DataFiles() {}

  /** Told how a download goes on; called from the downloading thread. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param done bytes that are there, those of an earlier attempt included
     * @param total bytes of the file; -1 where the server doesn't say
     */
    void update(String file, long done, long total);
  }

  /** {@code ~/.cache/tfjava-ntk/<set>}. */
  public static Path defaultDir(KnownSet set) {
    return Path.of(System.getProperty("user.home"), ".cache", "tfjava-ntk", set.id());
  }

  static Path dir(KnownSet set, Path dir) {
    return dir == null ? defaultDir(set) : dir;
  }

  /**
   * Compares every file of the set with its published checksum.
   *
   * @param dir the folder; null means {@link #defaultDir}
   * @return a verdict for each of {@link KnownSet#files}, in that order
   * @throws UserException if a file is there and cannot be read
   */
  public static List<FileVerdict> verify(KnownSet set, Path dir) {
    return set.files().stream().map(file -> FileVerdict.of(file, dir(set, dir))).toList();
  }

  /** {@link #fetch(KnownSet, Path, List, Progress)} from the published places. */
  public static List<Path> fetch(KnownSet set, Path dir, Progress progress) {
    return fetch(set, dir, set.mirrors(), progress);
  }

  /**
   * Downloads the files that are missing. A file appears under its name only when it is whole and
   * its checksum is right; an interrupted download stays as {@code <file>.part} and is resumed.
   *
   * @param dir the folder, which is created; null means {@link #defaultDir}
   * @param mirrors addresses of folders that hold the published files, tried in this order
   * @return the paths of all files of the set
   * @throws UserException if no mirror can be reached or has the file, a checksum is wrong, or the
   *     folder cannot be written; files that are there are never overwritten
   */
  public static List<Path> fetch(KnownSet set, Path dir, List<String> mirrors, Progress progress) {
    Path folder = dir(set, dir);
    List<KnownFile> missing = new ArrayList<>();
    for (FileVerdict verdict : verify(set, folder)) {
      if (verdict.status() == FileVerdict.Status.WRONG) {
        throw new UserException(
            verdict.message() + "; delete it and fetch again (existing files are not overwritten)");
      }
      if (verdict.status() == FileVerdict.Status.MISSING) {
        missing.add(verdict.file());
      }
    }
    if (!missing.isEmpty()) {
      fetch(missing, set.archive().orElse(null), folder, mirrors, progress);
    }
    return set.files().stream().map(file -> file.find(folder).orElseThrow()).toList();
  }

  /** Downloads {@code missing}, or unpacks them from {@code archive} where it is not null. */
  static void fetch(
      List<KnownFile> missing,
      KnownFile archive,
      Path folder,
      List<String> mirrors,
      Progress progress) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UserException(folder + ": cannot be created: " + e, e);
    }
    Downloader downloader = new Downloader(mirrors, progress);
    if (archive == null) {
      missing.forEach(file -> downloader.download(file, folder.resolve(file.name())));
      return;
    }
    Path path = folder.resolve(archive.name());
    if (!Files.exists(path)) {
      downloader.download(archive, path);
    }
    TarGz.extract(path, missing, folder);
    try {
      Files.delete(path);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be deleted: " + e, e);
    }
  }
}
