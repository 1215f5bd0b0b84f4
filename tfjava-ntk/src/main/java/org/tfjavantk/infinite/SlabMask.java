package org.tfjavantk.infinite;

/** 1 at the positions p of a slab where p and q = p + offset both lie in the image, else 0. */
final class SlabMask<A> {
  private final Grid grid;
  private final A values;
  private final A blank;
  private final A row;
  private final SlabMath<A> math;
  private int dy;

  SlabMask(Grid grid, SlabMath<A> math) {
    this.grid = grid;
    this.math = math;
    values = math.zeros(grid.length());
    blank = math.zeros(grid.columns());
    row = math.zeros(grid.columns());
  }

  /** In the grid. */
  A values() {
    return values;
  }

  /** Turns to the offset (0, dx). */
  void columns(int dx) {
    double[] ones = new double[grid.columns()];
    for (int x = 0; x < grid.width(); x++) {
      ones[x] = (x + dx) % grid.columns() < grid.width() ? 1 : 0;
    }
    System.arraycopy(math.of(ones), 0, row, 0, ones.length);
    for (int y = 0; y < grid.height(); y++) {
      fill(y, row);
    }
    dy = 0;
  }

  /** Turns to the offset (dy, dx) with the last dx. */
  void rows(int dy) {
    hidden(this.dy, row);
    hidden(dy, blank);
    this.dy = dy;
  }

  /** Fills the rows whose q is padding. */
  private void hidden(int dy, A with) {
    for (int q = grid.height(); q < grid.rows(); q++) {
      int y = Math.floorMod(q - dy, grid.rows());
      if (y < grid.height()) {
        fill(y, with);
      }
    }
  }

  private void fill(int y, A with) {
    System.arraycopy(with, 0, values, grid.border() + y * grid.columns(), grid.columns());
  }
}
