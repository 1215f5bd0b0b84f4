package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.ReportSection.Figure;
import org.tfjavantk.config.Sweeps.Variant;

/**
 * What the runs of a sweep have measured: {@code sweep.csv} with a row for each run, and where they
 * are repeated {@code repeats.csv} with {@link RepeatStatistics} for each combination of values;
 * both for people in the report.
 */
final class SweepTable {
  private static final String SECTION = RunFiles.SECTIONS + "/0-sweep.json";

  private final List<String> axes;
  private final boolean repeated;
  private final Map<Variant, Map<String, Figure>> found;
  private final List<String> names;

  /**
   * @param axes the paths that vary
   * @param repeated whether every combination of values is run more than once
   * @param found the figures of each run that is done, by name
   */
  SweepTable(Collection<String> axes, boolean repeated, Map<Variant, Map<String, Figure>> found) {
    this.axes = List.copyOf(axes);
    this.repeated = repeated;
    this.found = found;
    Set<String> all = new LinkedHashSet<>();
    found.values().forEach(figures -> all.addAll(figures.keySet()));
    this.names = List.copyOf(all);
  }

  /** A table twice: with all digits for programs, and as people read it. */
  private record Rows(List<String> columns, List<List<String>> exact, List<List<String>> shown) {}

  /**
   * Writes the tables and their section of the report.
   *
   * @param runs how many there are, done or not
   * @throws IOException when a file cannot be written
   */
  void write(Path directory, int runs) throws IOException {
    Rows single = runs();
    AtomicFiles.write(directory.resolve(RunFiles.SWEEP), csv(single));
    String files = RunFiles.SWEEP;
    ReportSection section = ReportSection.titled(axes.isEmpty() ? "Repeats" : "Sweep");
    if (repeated) {
      Rows statistics = statistics();
      AtomicFiles.write(directory.resolve(RunFiles.REPEATS), csv(statistics));
      files += " and " + RunFiles.REPEATS;
      section =
          shown(
              section,
              "Mean ± standard error over the repeats (sample standard deviation / √repeats)",
              new Rows(shownColumns("repeats"), List.of(), statistics.shown()));
    }
    section =
        shown(
            section,
            repeated ? "Every run" : "",
            new Rows(shownColumns("repeat"), List.of(), single.shown()));
    section
        .paragraph(
            found.size()
                + " of "
                + runs
                + " runs are done. What all of them have in common is left out here; all columns,"
                + " with all digits, are in "
                + files
                + ".")
        .write(directory.resolve(SECTION));
  }

  private Rows runs() {
    List<String> columns = keys("repeat");
    columns.addAll(names);
    Rows rows = new Rows(columns, new ArrayList<>(), new ArrayList<>());
    found.forEach(
        (variant, figures) -> {
          List<String> exact = new ArrayList<>(variant.values().values());
          if (repeated) {
            exact.add(Integer.toString(variant.run().getRepeat()));
          }
          List<String> shown = new ArrayList<>(exact);
          for (String name : names) {
            Figure figure = figures.get(name);
            exact.add(figure == null ? "" : Double.toString(figure.value()));
            shown.add(figure == null ? "" : figure.text());
          }
          rows.exact().add(exact);
          rows.shown().add(shown);
        });
    return rows;
  }

  private Rows statistics() {
    List<String> columns = keys("repeats");
    for (String name : names) {
      columns.add(name + " mean");
      columns.add(name + " standard_error");
    }
    Map<List<String>, List<Map<String, Figure>>> points = new LinkedHashMap<>();
    found.forEach(
        (variant, figures) ->
            points
                .computeIfAbsent(
                    List.copyOf(variant.values().values()), values -> new ArrayList<>())
                .add(figures));
    Rows rows = new Rows(columns, new ArrayList<>(), new ArrayList<>());
    points.forEach(
        (values, runs) -> {
          List<String> exact = new ArrayList<>(values);
          exact.add(Integer.toString(runs.size()));
          List<String> shown = new ArrayList<>(exact);
          for (String name : names) {
            List<Figure> figures =
                runs.stream().map(run -> run.get(name)).filter(Objects::nonNull).toList();
            if (figures.isEmpty()) {
              exact.addAll(List.of("", ""));
              shown.add("");
            } else {
              RepeatStatistics statistics = RepeatStatistics.of(figures);
              exact.add(Double.toString(statistics.mean()));
              exact.add(figures.size() == 1 ? "" : Double.toString(statistics.standardError()));
              shown.add(statistics.text());
            }
          }
          rows.exact().add(exact);
          rows.shown().add(shown);
        });
    return rows;
  }

  private List<String> keys(String count) {
    List<String> keys = new ArrayList<>(axes);
    if (repeated) {
      keys.add(count);
    }
    return keys;
  }

  private List<String> shownColumns(String count) {
    List<String> columns = keys(count);
    names.forEach(name -> columns.add(name.replace('_', ' ')));
    return columns;
  }

  /** The table without the figures that are the same in all its rows. */
  private ReportSection shown(ReportSection section, String caption, Rows table) {
    int keys = axes.size() + (repeated ? 1 : 0);
    List<List<String>> rows = table.shown();
    List<Integer> telling =
        IntStream.range(0, table.columns().size())
            .filter(c -> c < keys || rows.stream().map(row -> row.get(c)).distinct().count() > 1)
            .boxed()
            .toList();
    return section.table(
        caption,
        telling.stream().map(table.columns()::get).toList(),
        rows.stream().map(row -> telling.stream().map(row::get).toList()).toList());
  }

  private static String csv(Rows table) {
    return csvLine(table.columns())
        + table.exact().stream().map(SweepTable::csvLine).collect(Collectors.joining());
  }

  private static String csvLine(List<String> cells) {
    return cells.stream()
            .map(
                cell ->
                    cell.matches("(?s).*[\",\n\r].*")
                        ? '"' + cell.replace("\"", "\"\"") + '"'
                        : cell)
            .collect(Collectors.joining(","))
        + "\n";
  }
}
