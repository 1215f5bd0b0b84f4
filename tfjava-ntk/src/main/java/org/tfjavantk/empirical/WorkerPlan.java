package org.tfjavantk.empirical;

import java.util.Locale;
import org.tfjavantk.graphs.UserException;

/**
 * How the tiles of a kernel are shared out among workers, one for each device, within the memory of
 * the process.
 *
 * <p>Tiles, and how each of them is computed, are planned for half of the memory, so that one and
 * two workers compute the same bytes. What a worker has to spare then keeps the factors of further
 * rows of tiles, which spares the factors of the columns from being computed for each row again. A
 * tile that needs more than half of the memory is left to one worker. Where more workers don't fit,
 * tiles are planned for the share of each: these are the same bytes only up to the size of the
 * tiles and to rounding.
 *
 * @param one what each worker does with a tile
 * @param workers how many there are
 * @param rows rows of tiles whose factors a worker keeps at a time
 * @param bytes an estimate of what all of them will hold
 */
public record WorkerPlan(TilePlan one, int workers, int rows, long bytes) {
  /** Three rows of tiles in half of the memory take what one row would take in all of it. */
  private static final int MOST_ROWS = 3;

  /** One worker that keeps the factors of one row of tiles. */
  static WorkerPlan alone(TilePlan plan) {
    return new WorkerPlan(plan, 1, 1, plan.bytes());
  }

  /**
   * How to compute the kernel of {@code examples} examples.
   *
   * @param memory bytes that all workers together may hold
   * @param tile examples on the side of a tile, 0 to choose
   * @param symmetric whether only the kernel of the examples with themselves is wanted
   * @throws UserException if the memory does not suffice for one tile of every worker
   */
  public static WorkerPlan of(
      EmpiricalNtk ntk, int examples, long memory, int tile, boolean symmetric, int workers) {
    TilePlan plan = forHalf(ntk, examples, memory, tile, symmetric);
    if (workers * plan.bytes() > memory) {
      plan = forShare(ntk, examples, memory, tile, symmetric, workers, plan);
    }
    // A plan counts two panels at least, unless the tile is all there is.
    long panel = Math.max(1, plan.bytes() / 2);
    long spare = memory / workers - plan.bytes();
    int tileRows = (examples + plan.tile() - 1) / plan.tile();
    int rows = (int) Math.min(Math.min(MOST_ROWS, tileRows), 1 + spare / panel);
    return new WorkerPlan(plan, workers, rows, workers * (plan.bytes() + (rows - 1) * panel));
  }

  private static TilePlan forHalf(
      EmpiricalNtk ntk, int examples, long memory, int tile, boolean symmetric) {
    try {
      return ntk.plan(examples, memory / 2, tile, symmetric);
    } catch (UserException e) {
      return ntk.plan(examples, memory, tile, symmetric);
    }
  }

  private static TilePlan forShare(
      EmpiricalNtk ntk,
      int examples,
      long memory,
      int tile,
      boolean symmetric,
      int workers,
      TilePlan fits) {
    try {
      return ntk.plan(examples, memory / workers, tile, symmetric);
    } catch (UserException e) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "empirical_kernel.memory is too small for the %d devices of device.index, which share it: for"
                  + " a tile of %d x %d examples each needs up to %,d MiB. Raise memory to %,d MiB, choose a"
                  + " smaller tile, or list fewer devices.",
              workers,
              fits.tile(),
              fits.tile(),
              mebibytes(fits.bytes()),
              mebibytes(workers * fits.bytes())),
          e);
    }
  }

  private static long mebibytes(long bytes) {
    return (bytes + (1 << 20) - 1) >> 20;
  }

  /** Examples on the side of a tile. */
  public int tile() {
    return one.tile();
  }

  /** Examples whose factors are computed at once. */
  public int batch() {
    return one.batch();
  }
}
