package org.tfjavantk.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows of words in columns. */
final class TextTable {
  private static final String GAP = "  ";
  private static final int WIDTH = 96;

  private TextTable() {}

  /**
   * Prints the rows, all columns but the last as wide as their longest cell. The last one is broken
   * at spaces and at its own line ends, and goes on below itself.
   */
  static void print(PrintWriter out, List<List<String>> rows) {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns - 1; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns - 1; c++) {
        line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length())).append(GAP);
      }
      String indent = " ".repeat(line.length());
      for (String part : broken(row.get(columns - 1), Math.max(30, WIDTH - line.length()))) {
        out.println((line + part).stripTrailing());
        line = new StringBuilder(indent);
      }
    }
  }

  private static List<String> broken(String text, int width) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.split("\n", -1)) {
      StringBuilder line = new StringBuilder();
      for (String word : paragraph.split(" ")) {
        if (line.length() > 0 && line.length() + 1 + word.length() > width) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.append(line.length() == 0 ? "" : " ").append(word);
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
