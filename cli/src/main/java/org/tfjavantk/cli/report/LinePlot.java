package org.tfjavantk.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Curves and points over two axes. Immutable: every method gives a new picture.
 *
 * @param xLog whether the horizontal axis is logarithmic; points that are not positive are left out
 * @param yLog the same for the vertical axis
 * @param percent whether the vertical axis shows fractions as percent
 */
public record LinePlot(
    String title,
    String xLabel,
    String yLabel,
    boolean xLog,
    boolean yLog,
    boolean percent,
    List<Series> series,
    List<Mark> marks)
    implements Plot {

  /** How a series is drawn. */
  public enum Look {
    LINE,
    DASHED,
    /** A line with a dot at every point. */
    DOTTED_LINE,
    POINTS
  }

  /**
   * Points (x_i, y_i), in the order in which a line joins them.
   *
   * @param sibling whether it is drawn thin, in the colour of the series before it, and does not
   *     stand in the legend
   * @throws IllegalArgumentException when x and y differ in length
   */
  public record Series(String name, double[] x, double[] y, Look look, boolean sibling) {
    public Series {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            name + ": " + x.length + " values of x and " + y.length + " of y");
      }
      x = x.clone();
      y = y.clone();
    }
  }

  /** A vertical line at {@code x} with words beside it. */
  public record Mark(double x, String label) {}

  public LinePlot {
    series = List.copyOf(series);
    marks = List.copyOf(marks);
  }

  static LinePlot empty(String title, String xLabel, String yLabel) {
    return new LinePlot(title, xLabel, yLabel, false, false, false, List.of(), List.of());
  }

  /** This picture with a logarithmic horizontal axis. */
  public LinePlot logX() {
    return new LinePlot(title, xLabel, yLabel, true, yLog, percent, series, marks);
  }

  /** This picture with a logarithmic vertical axis. */
  public LinePlot logY() {
    return new LinePlot(title, xLabel, yLabel, xLog, true, percent, series, marks);
  }

  /** This picture with the vertical axis in percent: 0.25 is shown as 25%. */
  public LinePlot inPercent() {
    return new LinePlot(title, xLabel, yLabel, xLog, yLog, true, series, marks);
  }

  /** This picture with one series more. */
  public LinePlot series(String name, double[] x, double[] y, Look look) {
    List<Series> more = new ArrayList<>(series);
    more.add(new Series(name, x, y, look, false));
    return new LinePlot(title, xLabel, yLabel, xLog, yLog, percent, more, marks);
  }

  /**
   * This picture with one series more that belongs to the last one: another trial, another time.
   */
  public LinePlot sibling(double[] x, double[] y, Look look) {
    List<Series> more = new ArrayList<>(series);
    more.add(new Series("series " + series.size(), x, y, look, true));
    return new LinePlot(title, xLabel, yLabel, xLog, yLog, percent, more, marks);
  }

  /** This picture with one vertical line more. */
  public LinePlot mark(double x, String label) {
    List<Mark> more = new ArrayList<>(marks);
    more.add(new Mark(x, label));
    return new LinePlot(title, xLabel, yLabel, xLog, yLog, percent, series, more);
  }

  @Override
  public int width() {
    return 640;
  }

  @Override
  public int height() {
    return 400;
  }
}
