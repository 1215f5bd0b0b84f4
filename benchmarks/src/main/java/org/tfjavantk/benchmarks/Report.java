package org.tfjavantk.benchmarks;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.files.Environment;

/** A table of timings with figures beside them, as text and as JSON. */
final class Report {
  private final String title;
  private List<String> columns = List.of();
  private final List<Row> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private record Row(Timings timings, double[] figures) {}

  Report(String title) {
    this.title = title;
  }

  /** Names the figures beside the timings. */
  Report columns(String... names) {
    columns = List.of(names);
    return this;
  }

  Report row(Timings timings, double... figures) {
    rows.add(new Row(timings, figures));
    return this;
  }

  Report note(String sentence) {
    notes.add(sentence);
    return this;
  }

  String table() {
    StringBuilder text = new StringBuilder(title).append('\n');
    text.append(String.format("%-28s%10s%10s%18s", "", "median s", "least s", "quartiles s"));
    columns.forEach(name -> text.append(String.format("%20s", name)));
    text.append('\n');
    for (Row row : rows) {
      Timings t = row.timings;
      String quartiles =
          String.format(Locale.ROOT, "%.3f to %.3f", t.quantile(0.25), t.quantile(0.75));
      text.append(
          String.format(
              Locale.ROOT, "%-28s%10.3f%10.3f%18s", t.name(), t.median(), t.least(), quartiles));
      for (double figure : row.figures) {
        text.append(String.format(Locale.ROOT, "%20.2f", figure));
      }
      text.append('\n');
    }
    notes.forEach(note -> text.append(note).append('\n'));
    return text.toString();
  }

  String json(Environment machine) {
    List<Map<String, Object>> table = new ArrayList<>();
    for (Row row : rows) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", row.timings.name());
      entry.put("median", row.timings.median());
      entry.put("seconds", row.timings.seconds());
      for (int k = 0; k < columns.size(); k++) {
        entry.put(columns.get(k), row.figures[k]);
      }
      table.add(entry);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("title", title);
    all.put("machine", machine);
    all.put("rows", table);
    all.put("notes", notes);
    return new GsonBuilder().setPrettyPrinting().create().toJson(all);
  }
}
