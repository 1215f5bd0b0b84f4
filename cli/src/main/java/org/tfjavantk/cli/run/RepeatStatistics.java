package org.tfjavantk.cli.run;

import java.util.List;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection.Figure;

/**
 * A figure over R repeats.
 *
 * @param mean m = Σ x_r / R
 * @param standardError √(Σ (x_r - m)² / (R - 1)) / √R; NaN for a single repeat
 * @param text for people, "87.30% ± 0.21%"
 */
record RepeatStatistics(double mean, double standardError, String text) {

  /** Of at least one figure, all of one name. */
  static RepeatStatistics of(List<Figure> figures) {
    int n = figures.size();
    double first = figures.get(0).value();
    if (figures.stream().allMatch(figure -> figure.value() == first)) {
      // Exact, and as the run itself shows it.
      return new RepeatStatistics(first, n == 1 ? Double.NaN : 0, figures.get(0).text());
    }
    double mean = figures.stream().mapToDouble(Figure::value).sum() / n;
    double squares =
        figures.stream().mapToDouble(figure -> Math.pow(figure.value() - mean, 2)).sum();
    double error = Math.sqrt(squares / (n - 1) / n);
    boolean percent = figures.stream().allMatch(figure -> figure.text().endsWith("%"));
    return new RepeatStatistics(mean, error, shown(mean, percent) + " ± " + shown(error, percent));
  }

  private static String shown(double value, boolean percent) {
    return percent && Double.isFinite(value) ? Numbers.percent(value, 2) : Numbers.brief(value);
  }
}
