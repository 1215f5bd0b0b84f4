package org.tfjavantk.store;

/** One block of a kernel matrix, by its place in the grid of tiles. */
public record Tile(int row, int column) {
  @Override
  public String toString() {
    return "tile (" + row + ", " + column + ")";
  }
}
