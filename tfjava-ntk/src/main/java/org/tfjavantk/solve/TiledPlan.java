package org.tfjavantk.solve;

import java.util.Locale;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TileBuffer;

/**
 * What an out-of-core factorization takes.
 *
 * @param factor the layout of the factor
 * @param panel rows of tiles that are factored together
 * @param bytes native memory: a panel, two strips that are read ahead, two tiles' buffers
 * @param disk bytes of the factor
 * @param read bytes that are read from the factor while it grows, and of the kernel
 * @param operations n³/3
 */
public record TiledPlan(
    KernelLayout factor, int panel, long bytes, long disk, long read, double operations) {

  /**
   * The widest panels that fit: the wider, the less is read.
   *
   * @param memory bytes that may be held
   * @throws UserException when not even one row of tiles fits
   */
  public static TiledPlan of(KernelLayout kernel, long memory) {
    KernelLayout factor =
        new KernelLayout(
            kernel.rowExamples(),
            kernel.columnExamples(),
            kernel.outputs(),
            kernel.tileExamples(),
            true,
            StorageType.FLOAT64);
    long n = factor.rows();
    long side = Math.min(n, (long) factor.tileExamples() * factor.outputs());
    long strip = Matrix.bytes(side, n);
    long buffers = TileBuffer.bytes(factor) + TileBuffer.bytes(kernel);
    long left = memory - 2 * strip - buffers;
    int tiles = factor.rowTiles();
    int panel = (int) Math.min(tiles, left / strip);
    if (panel < 1) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "an out-of-core factorization of %,d rows in tiles of %,d needs %.1f GiB of memory, not %.1f GiB: raise the solver's memory, or store the kernel in smaller tiles",
              n,
              side,
              (3 * strip + buffers) / (double) (1L << 30),
              memory / (double) (1L << 30)));
    }
    long read = kernel.bytesWhenComplete();
    for (int first = panel; first < tiles; first += panel) {
      read += (long) first * (tiles - first) * TileBuffer.bytes(factor);
    }
    return new TiledPlan(
        factor,
        panel,
        (2 + panel) * strip + buffers,
        factor.bytesWhenComplete(),
        read,
        (double) n * n * n / 3);
  }

  /** First rows of tiles of the panels. */
  int panels() {
    return (factor.rowTiles() + panel - 1) / panel;
  }
}
