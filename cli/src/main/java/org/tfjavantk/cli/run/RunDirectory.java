package org.tfjavantk.cli.run;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.config.ConfigReader;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/** The directory of a run, which may not be there yet. */
public final class RunDirectory {
  /** Between two looks at the lock; not every shared file system has a lock that wakes. */
  private static final long PAUSE_MILLIS = 200;

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /** The directory at {@code path}; nothing is made. */
  public static RunDirectory at(Path path) {
    return new RunDirectory(path);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** A file in it, by its name relative to it. */
  public Path resolve(String name) {
    return path.resolve(name);
  }

  /**
   * The config of the run that worked here before.
   *
   * @throws UserException when it was edited so that it is no config any more
   */
  public Optional<Run> config() {
    Path file = path.resolve(RunFiles.CONFIG);
    return Files.exists(file)
        ? Optional.of(Defaults.resolve(ConfigReader.read(file, List.of())))
        : Optional.empty();
  }

  /**
   * Refuses a place where no run can work: a file, a folder that cannot be written, a folder that
   * holds other things than a run. Changes nothing.
   *
   * @throws UserException when it is refused
   * @throws IOException when the folder cannot be listed
   */
  void checkUsable() throws IOException {
    Path existing = path.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      throw new UserException(
          path
              + ": cannot be the run directory, because "
              + existing
              + " is a file; give another place with --out");
    }
    if (!Files.isWritable(existing)) {
      throw new UserException(
          path
              + ": cannot be the run directory, because "
              + existing
              + " is not writable; change its permissions or give another place with --out");
    }
    if (Files.exists(path) && !Files.exists(path.resolve(RunFiles.CONFIG))) {
      try (Stream<Path> entries = Files.list(path)) {
        Optional<String> foreign =
            entries
                .map(entry -> entry.getFileName().toString())
                .filter(name -> !RunFiles.own(name))
                .sorted()
                .findFirst();
        if (foreign.isPresent()) {
          throw new UserException(
              path
                  + ": holds "
                  + foreign.get()
                  + " and no "
                  + RunFiles.CONFIG
                  + ", so it is not a run directory, and nothing in it is touched; give another"
                  + " place with --out, or an empty folder");
        }
      }
    }
  }

  /** Work in a directory. */
  @FunctionalInterface
  interface Work<T> {
    /** Does it. */
    T run() throws IOException;
  }

  /**
   * Makes the directory where it is missing, and keeps other processes out while {@code work} runs.
   *
   * @throws UserException when another run works in it
   * @throws IOException when the directory or the lock file cannot be made, or the work fails
   */
  <T> T whileLocked(Work<T> work) throws IOException {
    Files.createDirectories(path);
    try (FileChannel channel =
        FileChannel.open(
            path.resolve(RunFiles.LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (!locked(channel, false)) {
        throw new UserException(
            path
                + ": another run is working in this directory; wait for it to end, or give another"
                + " place with --out");
      }
      // Closing the channel gives the lock back; so does the end of the process.
      return work.run();
    }
  }

  /**
   * As {@link #whileLocked}, but waits for the others.
   *
   * @param shared whether others who share may work at the same time
   * @param waiting called once if there is somebody to wait for
   * @throws IOException when the directory or the lock file cannot be made, or the work fails
   */
  <T> T whenFree(boolean shared, Runnable waiting, Work<T> work) throws IOException {
    Files.createDirectories(path);
    try (FileChannel channel =
        FileChannel.open(
            path.resolve(RunFiles.LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      boolean told = false;
      while (!locked(channel, shared)) {
        if (!told) {
          waiting.run();
          told = true;
        }
        pause();
      }
      return work.run();
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for another process");
    }
  }

  private static boolean locked(FileChannel channel, boolean shared) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Held by this very process: as good as by another one.
      return false;
    }
  }

  /**
   * Deletes what runs made here, and nothing else: the executor's files, the files that steps have
   * entered in progress.json, and the same in the directories of a sweep's runs. The lock file
   * stays.
   *
   * @throws IOException when something cannot be deleted
   */
  void clear() throws IOException {
    if (!Files.exists(path.resolve(RunFiles.CONFIG))) {
      return;
    }
    for (StepProgress step : RunProgress.read(path).steps()) {
      for (String file : step.files()) {
        deleteWithEmptyParents(file);
      }
      Path variant = inside(step.title());
      if (Files.exists(variant.resolve(RunFiles.CONFIG))) {
        clearVariant(variant);
      }
    }
    for (String name : RunFiles.OWN) {
      if (!name.equals(RunFiles.LOCK) && !name.equals(RunFiles.CONFIG)) {
        AtomicFiles.delete(path.resolve(name));
      }
    }
    AtomicFiles.delete(path.resolve(RunFiles.CONFIG));
  }

  /** Deletes a file that a step made, and the folders above it that are empty then. */
  void deleteWithEmptyParents(String name) throws IOException {
    Path file = inside(name);
    AtomicFiles.delete(file);
    Path top = path.normalize();
    for (Path up = file.getParent(); !up.equals(top) && isEmptyFolder(up); up = up.getParent()) {
      Files.delete(up);
    }
  }

  private static boolean isEmptyFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void clearVariant(Path variant) throws IOException {
    RunDirectory directory = at(variant);
    directory.whileLocked(
        () -> {
          directory.clear();
          return Files.deleteIfExists(variant.resolve(RunFiles.LOCK));
        });
    if (isEmptyFolder(variant)) {
      Files.delete(variant);
    }
  }

  /**
   * A file in the directory.
   *
   * @throws UserException when the name leads out of it
   */
  Path inside(String name) {
    Path file = path.resolve(name).normalize();
    if (!file.startsWith(path.normalize()) || file.equals(path.normalize())) {
      throw new UserException(
          path.resolve(RunFiles.PROGRESS)
              + ": names the file "
              + name
              + ", which is not inside the run directory; was it edited?");
    }
    return file;
  }
}
