package org.tfjavantk.store;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.graphs.UserException;

/**
 * The shape of a kernel matrix and of its tiles. The matrix has {@code rowExamples * outputs} rows
 * and {@code columnExamples * outputs} columns, example-major, then output. A tile, which is one
 * chunk on disk, is {@code tileExamples} by {@code tileExamples} examples; the tiles of the last
 * row and column may hold fewer.
 *
 * @param rowExamples examples along the rows
 * @param columnExamples examples along the columns
 * @param outputs rows and columns of one pair of examples
 * @param tileExamples examples on the side of a tile
 * @param symmetric the matrix is symmetric, and only tiles on and above the diagonal are stored
 * @param storage how a value lies on disk
 */
public record KernelLayout(
    int rowExamples,
    int columnExamples,
    int outputs,
    int tileExamples,
    boolean symmetric,
    StorageType storage) {

  /**
   * @throws UserException when a tile would be larger than a file buffer can be (2 GiB)
   * @throws IllegalArgumentException when a size isn't positive or a symmetric matrix isn't square
   */
  public KernelLayout {
    if (rowExamples < 1 || columnExamples < 1 || outputs < 1 || tileExamples < 1) {
      throw new IllegalArgumentException(
          "sizes must be positive: %d x %d examples, %d outputs, tiles of %d"
              .formatted(rowExamples, columnExamples, outputs, tileExamples));
    }
    if (symmetric && rowExamples != columnExamples) {
      throw new IllegalArgumentException(
          "a symmetric matrix of %d x %d examples".formatted(rowExamples, columnExamples));
    }
    double side = (double) tileExamples * outputs;
    if (side * side * storage.bytes() > Integer.MAX_VALUE - 64) {
      throw new UserException(
          "a tile of %d examples x %d outputs takes %.1f GiB in %s; a tile must stay below 2 GiB: choose a smaller tile"
              .formatted(
                  tileExamples,
                  outputs,
                  side * side * storage.bytes() / (1L << 30),
                  storage.zarrName()));
    }
  }

  /** Rows of the matrix. */
  public long rows() {
    return (long) rowExamples * outputs;
  }

  /** Columns of the matrix. */
  public long columns() {
    return (long) columnExamples * outputs;
  }

  /** Tiles along the rows. */
  public int rowTiles() {
    return (int) (((long) rowExamples + tileExamples - 1) / tileExamples);
  }

  /** Tiles along the columns. */
  public int columnTiles() {
    return (int) (((long) columnExamples + tileExamples - 1) / tileExamples);
  }

  /** Rows, and columns, of a chunk on disk: that of a whole tile. */
  public int chunkSide() {
    return tileExamples * outputs;
  }

  /** First example of the tiles in row {@code i}, or in column {@code i}. */
  public int firstExample(int i) {
    return i * tileExamples;
  }

  /** Examples along the rows of the tiles in row {@code i}. */
  public int rowExamplesOfTile(int i) {
    return Math.min(tileExamples, rowExamples - firstExample(i));
  }

  /** Examples along the columns of the tiles in column {@code j}. */
  public int columnExamplesOfTile(int j) {
    return Math.min(tileExamples, columnExamples - firstExample(j));
  }

  /** Rows of the tiles in row {@code i}. */
  public int rowsOfTile(int i) {
    return rowExamplesOfTile(i) * outputs;
  }

  /** Columns of the tiles in column {@code j}. */
  public int columnsOfTile(int j) {
    return columnExamplesOfTile(j) * outputs;
  }

  /** Whether the tile is stored: every one, or those on and above the diagonal when symmetric. */
  public boolean needed(int i, int j) {
    return i >= 0 && i < rowTiles() && j >= 0 && j < columnTiles() && (!symmetric || i <= j);
  }

  /** How many tiles are stored. */
  public long tiles() {
    return symmetric ? (long) rowTiles() * (rowTiles() + 1) / 2 : (long) rowTiles() * columnTiles();
  }

  /** The tiles that are stored, row by row. */
  public List<Tile> neededTiles() {
    List<Tile> tiles = new ArrayList<>();
    for (int i = 0; i < rowTiles(); i++) {
      for (int j = symmetric ? i : 0; j < columnTiles(); j++) {
        tiles.add(new Tile(i, j));
      }
    }
    return tiles;
  }

  /** What the whole store takes on disk, metadata aside: its chunks with their checksums. */
  public long bytesWhenComplete() {
    return tiles() * chunkBytes();
  }

  /** Bytes of one chunk on disk: its values and the four of the checksum. */
  int chunkBytes() {
    return chunkSide() * chunkSide() * storage.bytes() + Integer.BYTES;
  }
}
