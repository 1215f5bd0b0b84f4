package org.tfjavantk.cli.report;

/** Where pictures begin: {@code Plots.lines("Loss", "epoch", "cross-entropy").series(...)}. */
public final class Plots {
  private Plots() {}

  /** An empty picture of curves and points over linear axes. */
  public static LinePlot lines(String title, String xLabel, String yLabel) {
    return LinePlot.empty(title, xLabel, yLabel);
  }

  /**
   * A matrix as an image, its first row on top.
   *
   * @param values rows of equal length, not empty; a value that is not finite stays blank
   * @param rows how many rows of the pictured matrix the image stands for: the axis shows their
   *     numbers
   * @param columns the same for the columns
   * @param valueLabel stands beside the colour bar
   * @throws IllegalArgumentException when there is no value or the rows differ in length
   */
  public static HeatMap heatMap(
      String title, double[][] values, long rows, long columns, String valueLabel) {
    return new HeatMap(title, values, rows, columns, valueLabel);
  }
}
