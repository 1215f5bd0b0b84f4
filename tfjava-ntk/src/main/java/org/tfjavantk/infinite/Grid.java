package org.tfjavantk.infinite;

/**
 * How values at the positions of an image lie in an array: rows of {@code width + pad}, {@code
 * height + pad} of them, one after the other, the padding zero, and zeros before and after. So the
 * neighbour (dy, dx) of any position lies {@code dy · columns() + dx} further on, as long as |dy|,
 * |dx| ≤ pad, and what lies beyond the image reads as zero.
 */
record Grid(int height, int width, int pad) {
  /** Values that are worked on at once, at most. */
  private static final int LANES = 16;

  int rows() {
    return height + pad;
  }

  int columns() {
    return width + pad;
  }

  /** Rows times columns. */
  int positions() {
    return rows() * columns();
  }

  /** The positions, and more up to a multiple of what is worked on at once. */
  int values() {
    return rounded(positions());
  }

  /** Where the positions begin. */
  int border() {
    return rounded(pad * columns() + pad);
  }

  /** Of the whole array. */
  int length() {
    return values() + 2 * border() + LANES;
  }

  /** A row of values that is worked on by itself. */
  int row() {
    return rounded(columns());
  }

  private static int rounded(int n) {
    return (n + LANES - 1) / LANES * LANES;
  }
}
