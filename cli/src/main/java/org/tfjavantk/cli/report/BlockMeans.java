package org.tfjavantk.cli.report;

/**
 * Shrinks a matrix to an image of at most {@code limit} x {@code limit} block means: entry (i, j)
 * of an r x c matrix counts for the pixel (floor(i R / r), floor(j C / c)), R = min(r, limit), C =
 * min(c, limit). Entries come in any order, so a matrix never has to be in memory whole.
 */
public final class BlockMeans {
  private final long rows;
  private final long columns;
  private final double[][] sums;
  private final long[][] counts;

  /**
   * @throws IllegalArgumentException when a size is not positive
   */
  public BlockMeans(long rows, long columns, int limit) {
    if (rows < 1 || columns < 1 || limit < 1) {
      throw new IllegalArgumentException(rows + " x " + columns + ", at most " + limit);
    }
    this.rows = rows;
    this.columns = columns;
    this.sums = new double[(int) Math.min(rows, limit)][(int) Math.min(columns, limit)];
    this.counts = new long[sums.length][sums[0].length];
  }

  /** Counts entry ({@code row}, {@code column}) in. */
  public void add(long row, long column, double value) {
    int r = (int) (row * sums.length / rows);
    int c = (int) (column * sums[0].length / columns);
    sums[r][c] += value;
    counts[r][c]++;
  }

  /** The means; NaN where no entry was added. */
  public double[][] means() {
    double[][] means = new double[sums.length][sums[0].length];
    for (int r = 0; r < means.length; r++) {
      for (int c = 0; c < means[r].length; c++) {
        means[r][c] = sums[r][c] / counts[r][c];
      }
    }
    return means;
  }
}
