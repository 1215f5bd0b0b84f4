package org.tfjavantk.cli.run;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.graphs.UserException;

/**
 * The measurements of one step: its lines in metrics.jsonl, each a JSON object with {@code "step":
 * "<number>-<title>"} and what was measured.
 */
public final class Metrics {
  private static final String STEP = "step";

  private final Path file;
  private final String step;

  Metrics(Path directory, String step) {
    this.file = directory.resolve(RunFiles.METRICS);
    this.step = step;
  }

  /** One line: names and values, which are numbers, texts or booleans. */
  public record Row(Map<String, Object> fields) {
    /** A number by its name; empty where there is none, or it isn't one. */
    public OptionalDouble number(String name) {
      Object value = fields.get(name);
      if (value instanceof Number number) {
        return OptionalDouble.of(number.doubleValue());
      }
      if (value instanceof String text && text.matches("NaN|-?Infinity")) {
        return OptionalDouble.of(Double.parseDouble(text));
      }
      return OptionalDouble.empty();
    }
  }

  /**
   * Adds a line, in one piece.
   *
   * @throws IOException when it cannot be written
   */
  public void add(Map<String, ?> fields) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put(STEP, step);
    line.putAll(fields);
    byte[] bytes = (Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * The lines of this step, in the order in which they were added.
   *
   * @throws UserException when the file holds a line that a run doesn't write
   * @throws IOException when it cannot be read
   */
  public List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (Map<String, Object> fields : lines()) {
      if (step.equals(fields.get(STEP))) {
        rows.add(new Row(fields));
      }
    }
    return rows;
  }

  /**
   * The values of one number in the lines of this step; NaN in a line without it.
   *
   * @throws IOException when the file cannot be read
   */
  public double[] column(String name) throws IOException {
    return rows().stream().mapToDouble(row -> row.number(name).orElse(Double.NaN)).toArray();
  }

  /**
   * Keeps only those lines of this step that {@code wanted} says yes to: what was measured after
   * the point from which a step goes on will be measured again. Lines of other steps stay.
   *
   * @throws IOException when the file cannot be read or written
   */
  public void keep(Predicate<Row> wanted) throws IOException {
    List<Map<String, Object>> all = lines();
    List<Map<String, Object>> kept =
        all.stream()
            .filter(line -> !step.equals(line.get(STEP)) || wanted.test(new Row(line)))
            .toList();
    if (kept.size() < all.size()) {
      StringBuilder text = new StringBuilder();
      kept.forEach(line -> text.append(Json.line(line)).append('\n'));
      AtomicFiles.write(file, text.toString());
    }
  }

  /**
   * Cuts off a last line without an end, which a process leaves that was killed as it wrote.
   *
   * @throws IOException when the file cannot be read or cut
   */
  static void repair(Path directory) throws IOException {
    Path file = directory.resolve(RunFiles.METRICS);
    if (!Files.exists(file)) {
      return;
    }
    byte[] bytes = Files.readAllBytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    if (end < bytes.length) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(end);
      }
    }
  }

  private List<Map<String, Object>> lines() throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<Map<String, Object>> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      try {
        lines.add(new LinkedHashMap<>(Json.object(line)));
      } catch (JsonParseException e) {
        throw new UserException(
            file
                + ":"
                + (lines.size() + 1)
                + ": not a line that a run writes. Remove the line, or start again with --fresh.",
            e);
      }
    }
    return lines;
  }
}
