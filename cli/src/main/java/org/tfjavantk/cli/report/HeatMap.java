package org.tfjavantk.cli.report;

import java.util.Arrays;

/**
 * A matrix as an image with a colour bar.
 *
 * @param values rows of equal length; a value that is not finite stays blank
 * @param rows rows of the matrix that the image stands for
 * @param columns columns of it
 * @param valueLabel stands beside the colour bar
 */
public record HeatMap(String title, double[][] values, long rows, long columns, String valueLabel)
    implements Plot {
  /**
   * @throws IllegalArgumentException when there is no value or the rows differ in length
   */
  public HeatMap {
    if (values.length == 0 || values[0].length == 0) {
      throw new IllegalArgumentException(title + ": no values");
    }
    int length = values[0].length;
    if (Arrays.stream(values).anyMatch(row -> row.length != length)) {
      throw new IllegalArgumentException(title + ": rows of different lengths");
    }
    values = Arrays.stream(values).map(double[]::clone).toArray(double[][]::new);
  }

  @Override
  public int width() {
    return 560;
  }

  @Override
  public int height() {
    return 460;
  }
}
