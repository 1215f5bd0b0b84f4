package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.cli.run.Fingerprint;
import org.tfjavantk.cli.run.Fixture;
import org.tfjavantk.cli.run.ProgressDisplay;
import org.tfjavantk.cli.run.steps.StepRunners;

/** Executes real command lines in this process and keeps what they say. */
final class Commands {
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();
  final StringWriter shown = new StringWriter();

  /** Executes a command as a new process would: nothing is kept from earlier ones. */
  int ntk(Object... arguments) {
    for (StringWriter writer : List.of(out, err, shown)) {
      writer.getBuffer().setLength(0);
    }
    ProgressDisplay display = display(new PrintWriter(shown));
    String[] words = Stream.of(arguments).map(Object::toString).toArray(String[]::new);
    return Ntk.execute(workshop(display), new PrintWriter(out), new PrintWriter(err), words);
  }

  /** Shows every single step of the progress. */
  static ProgressDisplay display(PrintWriter to) {
    long[] time = {0};
    return new ProgressDisplay(to, false, 80, () -> time[0] += 10_000_000_000L);
  }

  /** The real steps, on a machine that nobody looks at. */
  static Workshop workshop(ProgressDisplay display) {
    return new Workshop(StepRunners.all(), StepRunners.checks(), Fixture::environment, display);
  }

  /** Executes a command that must succeed. */
  void done(Object... arguments) {
    assertEquals(0, ntk(arguments), () -> "failed: " + err);
  }

  /** Executes a command that must be refused as wrong input; what it says comes back. */
  String refused(Object... arguments) {
    assertEquals(2, ntk(arguments), () -> "not refused: " + err);
    assertEquals("", out.toString());
    return err.toString();
  }

  /** The lines of one step in metrics.jsonl. */
  static List<Map<String, Object>> metrics(Path run, String step) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(Json::object)
        .filter(line -> step.equals(line.get("step")))
        .collect(Collectors.toList());
  }

  /** A number of one line of metrics.jsonl. */
  static double number(Map<String, Object> line, String name) {
    return ((Number) line.get(name)).doubleValue();
  }

  /** Every file and folder below: what it is, when it was written, and its inode. */
  static Map<String, String> snapshot(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      Map<String, String> found = new TreeMap<>();
      for (Path path : (Iterable<Path>) paths::iterator) {
        BasicFileAttributes about = Files.readAttributes(path, BasicFileAttributes.class);
        String what =
            about.isDirectory()
                ? "folder"
                : about.size() + " " + about.lastModifiedTime() + " " + about.fileKey();
        found.put(folder.relativize(path).toString(), what);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of every file below, as its SHA-256. */
  static Map<String, String> contents(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      Map<String, String> found = new TreeMap<>();
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        found.put(
            folder.relativize(path).toString(),
            new Fingerprint().add("bytes", Files.readAllBytes(path)).hex());
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
