package org.tfjavantk.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.tfjavantk.data.NpyFile;
import org.tfjavantk.graphs.UserException;

/** Kernels that others have written as {@code .npy} arrays, made into stores. */
public final class NpyKernel {
  private static final int TILE_ROWS = 1000;

  /** Differences of mirrored values above this part of the largest are no rounding of float32. */
  private static final double ASYMMETRY = 1e-5;

  private NpyKernel() {}

  /** Whether a path is one of an array. */
  public static boolean isNpy(Path path) {
    return path.toString().endsWith(".npy");
  }

  /** The rows that the array has. */
  public static long rows(Path file) {
    return NpyFile.read(file).rows();
  }

  /** The SHA-256 of the file, as hex. */
  public static String sha256(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e, e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * Makes a store in float64.
   *
   * @param outputs rows of one example, and columns
   * @param symmetric whether it must be, up to rounding of float32; what is above the diagonal
   *     counts
   * @throws UserException when the array has another shape, a value that isn't finite, or isn't
   *     symmetric where it must be; the message names the place
   */
  public static KernelStore store(Path file, int outputs, boolean symmetric, Path directory) {
    NpyFile array = NpyFile.read(file);
    int rows = array.rows();
    int columns = array.rowLength();
    if (array.shape().length != 2
        || rows % outputs != 0
        || columns % outputs != 0
        || symmetric && rows != columns) {
      throw new UserException(
          "%s has the shape %s; expected a %s matrix with a multiple of %d rows and columns"
              .formatted(
                  file,
                  java.util.Arrays.toString(array.shape()),
                  symmetric ? "square" : "rectangular",
                  outputs));
    }
    check(file, array, symmetric);
    int tile = Math.max(1, Math.min(Math.max(rows, columns), TILE_ROWS) / outputs);
    KernelLayout layout =
        new KernelLayout(
            rows / outputs, columns / outputs, outputs, tile, symmetric, StorageType.FLOAT64);
    KernelStore store =
        KernelStore.openOrCreate(
            directory, layout, Map.of("what", "imported kernel", "sha256", sha256(file)));
    double[] row = new double[columns];
    for (Tile t : store.unfinished()) {
      int width = layout.columnsOfTile(t.column());
      double[] values = new double[layout.rowsOfTile(t.row()) * width];
      for (int r = 0; r < layout.rowsOfTile(t.row()); r++) {
        array.row(t.row() * layout.chunkSide() + r, row, 0);
        System.arraycopy(row, t.column() * layout.chunkSide(), values, r * width, width);
      }
      store.write(t.row(), t.column(), values);
    }
    return store;
  }

  private static void check(Path file, NpyFile array, boolean symmetric) {
    double[] row = new double[array.rowLength()];
    double largest = 0;
    double worst = 0;
    int worstRow = 0;
    int worstColumn = 0;
    for (int i = 0; i < array.rows(); i++) {
      array.row(i, row, 0);
      for (int j = 0; j < row.length; j++) {
        if (!Double.isFinite(row[j])) {
          throw new UserException(
              "%s holds %s in row %d, column %d; a kernel is finite".formatted(file, row[j], i, j));
        }
        largest = Math.max(largest, Math.abs(row[j]));
        if (symmetric && j < i && Math.abs(row[j] - array.get(j, i)) > worst) {
          worst = Math.abs(row[j] - array.get(j, i));
          worstRow = i;
          worstColumn = j;
        }
      }
    }
    if (worst > ASYMMETRY * largest) {
      throw new UserException(
          "%s is not symmetric: row %d, column %d differs from its mirror image by %g, and the largest value is %g"
              .formatted(file, worstRow, worstColumn, worst, largest));
    }
  }
}
