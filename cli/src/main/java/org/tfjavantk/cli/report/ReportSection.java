package org.tfjavantk.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.Json;

/**
 * What one step has to say in the report. A step writes it as a file, {@code
 * sections/<k>-<title>.json}, and the report reads the files.
 *
 * @param title the heading, "Training"
 * @param figures the numbers that matter most, shown large; in a sweep they are the columns of its
 *     table
 * @param paragraphs sentences, plain text
 * @param warnings what the reader must not overlook, plain text
 */
public record ReportSection(
    String title,
    List<Figure> figures,
    List<String> paragraphs,
    List<String> warnings,
    List<Table> tables,
    List<Picture> pictures) {

  /**
   * One number.
   *
   * @param name for programs, "test_accuracy"; the report shows it with spaces
   * @param text for people, "87.3%"
   */
  public record Figure(String name, double value, String text) {}

  /** Rows of text under column heads. Columns in which all is numeric are set to the right. */
  public record Table(String caption, List<String> columns, List<List<String>> rows) {
    public Table {
      columns = columns == null ? List.of() : List.copyOf(columns);
      rows = rows == null ? List.of() : rows.stream().map(List::copyOf).toList();
    }
  }

  /** A plot that was written; the paths are relative to the run directory. */
  public record Picture(String png, String svg, String caption) {}

  public ReportSection {
    figures = figures == null ? List.of() : List.copyOf(figures);
    paragraphs = paragraphs == null ? List.of() : List.copyOf(paragraphs);
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
    tables = tables == null ? List.of() : List.copyOf(tables);
    pictures = pictures == null ? List.of() : List.copyOf(pictures);
  }

  /** An empty section. */
  public static ReportSection titled(String title) {
    return new ReportSection(title, null, null, null, null, null);
  }

  /** This section with a number more. */
  public ReportSection figure(String name, double value, String text) {
    return new ReportSection(
        title,
        more(figures, new Figure(name, value, text)),
        paragraphs,
        warnings,
        tables,
        pictures);
  }

  /** This section with a number more, shown with four digits. */
  public ReportSection figure(String name, double value) {
    return figure(name, value, Numbers.brief(value));
  }

  /** This section with a fraction more, shown as percent with two decimals. */
  public ReportSection percent(String name, double fraction) {
    return figure(name, fraction, Numbers.percent(fraction, 2));
  }

  /** This section with a paragraph more. */
  public ReportSection paragraph(String text) {
    return new ReportSection(title, figures, more(paragraphs, text), warnings, tables, pictures);
  }

  /** This section with a warning more. */
  public ReportSection warning(String text) {
    return new ReportSection(title, figures, paragraphs, more(warnings, text), tables, pictures);
  }

  /** This section with a table more. */
  public ReportSection table(String caption, List<String> columns, List<List<String>> rows) {
    return new ReportSection(
        title,
        figures,
        paragraphs,
        warnings,
        more(tables, new Table(caption, columns, rows)),
        pictures);
  }

  /** This section with a picture more. */
  public ReportSection picture(Picture picture) {
    return new ReportSection(title, figures, paragraphs, warnings, tables, more(pictures, picture));
  }

  /**
   * Writes the section as JSON.
   *
   * @throws IOException when the file cannot be written
   */
  public void write(Path file) throws IOException {
    AtomicFiles.write(file, Json.pretty(this));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IOException when the file cannot be read
   */
  public static ReportSection read(Path file) throws IOException {
    return Json.read(file, ReportSection.class);
  }

  private static <T> List<T> more(List<T> list, T last) {
    List<T> longer = new ArrayList<>(list);
    longer.add(last);
    return longer;
  }
}
