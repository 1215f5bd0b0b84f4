package org.tfjavantk.cli.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * environment.json: what a run ran on.
 *
 * @param ntk the version of this program
 * @param commit the commit it was built from, with "-dirty" behind it where files differed; empty
 *     where the build saw no git
 * @param tensorflow the version of the native library
 * @param java the version and maker of the Java machine
 * @param os name, version and architecture of the operating system
 * @param cores processors that Java sees
 * @param threads threads that one operation may use, as in the config; 0 means all cores
 * @param memoryBytes physical memory
 * @param heapBytes the largest Java heap
 * @param devices what TensorFlow can compute on
 * @param precision the switches that can lower the precision, by the name of their environment
 *     variable; "not set" where there is none
 * @param seed the seed of the run
 * @param started when the run began, ISO 8601
 * @param resumed when it was started again
 */
public record Environment(
    String ntk,
    String commit,
    String tensorflow,
    String java,
    String os,
    int cores,
    int threads,
    long memoryBytes,
    long heapBytes,
    List<String> devices,
    Map<String, String> precision,
    String seed,
    String started,
    List<String> resumed) {

  public Environment {
    devices = devices == null ? List.of() : List.copyOf(devices);
    precision = precision == null ? Map.of() : new LinkedHashMap<>(precision);
    resumed = resumed == null ? List.of() : List.copyOf(resumed);
  }

  /** This machine, for a run with the given seed, threads and time of start. */
  public Environment forRun(String runSeed, int runThreads, String now) {
    return new Environment(
        ntk,
        commit,
        tensorflow,
        java,
        os,
        cores,
        runThreads,
        memoryBytes,
        heapBytes,
        devices,
        precision,
        runSeed,
        now,
        List.of());
  }

  /** This machine, now taking up again what {@code first} began. */
  public Environment resuming(Environment first) {
    List<String> times = new ArrayList<>(first.resumed());
    times.add(started);
    return new Environment(
        ntk,
        commit,
        tensorflow,
        java,
        os,
        cores,
        threads,
        memoryBytes,
        heapBytes,
        devices,
        precision,
        seed,
        first.started(),
        times);
  }

  /**
   * Writes the file in {@code directory}; where there is one from an earlier start, its time is
   * kept and this start is added.
   *
   * @throws IOException when it cannot be written
   */
  public void write(Path directory) throws IOException {
    Path file = directory.resolve(RunFiles.ENVIRONMENT);
    Environment written = Files.exists(file) ? resuming(Json.read(file, Environment.class)) : this;
    AtomicFiles.write(file, Json.pretty(written));
  }
}
