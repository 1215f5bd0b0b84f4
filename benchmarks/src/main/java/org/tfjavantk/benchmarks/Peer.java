package org.tfjavantk.benchmarks;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A script in Python that computes the same thing: it prints "ready" or what it misses, then takes
 * a line for every run and answers with the seconds that it took. Between runs it waits, so both
 * sides stay warm.
 */
final class Peer implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;
  private final String greeting;

  private Peer(Process process, String trouble) {
    this.process = process;
    out = process == null ? null : process.inputReader();
    in = process == null ? null : process.outputWriter();
    greeting = process == null ? trouble : line();
  }

  /** Starts the script with the Python that the environment variable PYTHON names. */
  static Peer start(Path script, String... args) {
    String python = System.getenv().getOrDefault("PYTHON", "python3");
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    command.addAll(List.of(args));
    try {
      var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      // As the script's users have it, without what the script `run` sets for Java.
      String tunables = System.getenv().getOrDefault("NTK_PEER_TUNABLES", "");
      if (tunables.isEmpty()) {
        builder.environment().remove("GLIBC_TUNABLES");
      } else {
        builder.environment().put("GLIBC_TUNABLES", tunables);
      }
      return new Peer(builder.start(), "");
    } catch (IOException e) {
      return new Peer(
          null, "there is no Python here (" + python + "); the variable PYTHON names another");
    }
  }

  boolean ready() {
    return greeting.equals("ready");
  }

  /** Why there is nothing to compare with. */
  String trouble() {
    return greeting;
  }

  /** Runs once; the seconds that the peer measured. */
  double run() {
    try {
      in.write("run\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Double.parseDouble(line());
  }

  private String line() {
    try {
      String line = out.readLine();
      return line == null ? "it ended without an answer" : line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the script by the end of its input. */
  @Override
  public void close() {
    if (process == null) {
      return;
    }
    try {
      in.close();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroy();
      }
    } catch (IOException e) {
      process.destroy();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
    }
  }
}
