package org.tfjavantk.cli.report;

import java.util.List;
import java.util.stream.IntStream;

/** Pieces of HTML. All text that comes in is escaped. */
final class Html {
  private Html() {}

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** {@code <tag>text</tag>} on a line of its own. */
  static String element(String tag, String text) {
    return "<" + tag + ">" + escape(text) + "</" + tag + ">\n";
  }

  static String table(ReportSection.Table table) {
    StringBuilder html = new StringBuilder("<div class=\"table\"><table>\n");
    if (table.caption() != null && !table.caption().isEmpty()) {
      html.append(element("caption", table.caption()));
    }
    boolean[] numeric = new boolean[table.columns().size()];
    IntStream.range(0, numeric.length).forEach(c -> numeric[c] = numeric(table.rows(), c));
    html.append("<thead><tr>");
    for (int c = 0; c < numeric.length; c++) {
      // A path of the config may be broken after its dots.
      html.append(cell("th", numeric[c], table.columns().get(c)).replace(".", ".<wbr>"));
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (List<String> row : table.rows()) {
      html.append("<tr>");
      for (int c = 0; c < row.size(); c++) {
        html.append(cell("td", c < numeric.length && numeric[c], row.get(c)));
      }
      html.append("</tr>\n");
    }
    return html.append("</tbody>\n</table></div>\n").toString();
  }

  /** Two columns, the first one bold, without heads. */
  static String facts(List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<div class=\"table\"><table>\n");
    for (List<String> row : rows) {
      html.append("<tr>").append("<th scope=\"row\">").append(escape(row.get(0)));
      html.append("</th><td>").append(escape(row.get(1)).replace("\n", "<br>"));
      html.append("</td></tr>\n");
    }
    return html.append("</table></div>\n").toString();
  }

  private static String cell(String tag, boolean number, String text) {
    return "<" + tag + (number ? " class=\"number\">" : ">") + escape(text) + "</" + tag + ">";
  }

  private static boolean numeric(List<List<String>> rows, int column) {
    return !rows.isEmpty()
        && rows.stream()
            .allMatch(
                row ->
                    column < row.size()
                        && row.get(column).matches("[-+−]?[0-9].*|NaN|-?Infinity|[-–—]?"));
  }
}
