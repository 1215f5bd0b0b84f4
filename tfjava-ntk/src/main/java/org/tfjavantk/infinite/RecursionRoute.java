package org.tfjavantk.infinite;

import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.tile.Queues;

/** The plain recursion in float64, for every network; rows of pairs are shared by all cores. */
final class RecursionRoute implements KernelRoute<RecursionRoute.Side> {
  /** Numbers that exist for every covariance of a pair while a rule is applied. */
  private static final int COPIES = 6;

  /** Covariances that a walk takes along at once, so that they stay in the cache. */
  private static final int AT_ONCE = 1 << 14;

  private final Recursion recursion;
  private final int positions;
  private final int channels;
  private final int threads;

  /**
   * Examples and what they left at the rules.
   *
   * @param x (count, positions, channels)
   */
  record Side(double[] x, int count, Walk.Trail trail) {}

  /**
   * @param threads walks at a time
   */
  RecursionRoute(Recursion recursion, int positions, int channels, int threads) {
    this.recursion = recursion;
    this.positions = positions;
    this.channels = channels;
    this.threads = threads;
  }

  /** Bytes that a walk of one pair takes. */
  static long bytesOfPair(Recursion recursion, int positions) {
    boolean full = recursion.input().cross() == Need.FULL;
    return 8L * COPIES * positions * (full ? positions : 1);
  }

  @Override
  public Side side(double[] x, int count) {
    Walk.Trail trail = new Walk.Trail(count);
    Need need = recursion.input().self();
    if (need != Need.NONE) {
      Chunks chunks = new Chunks(count, need);
      each(
          chunks.number(),
          k -> {
            int first = k * chunks.size();
            int some = Math.min(chunks.size(), count - first);
            Pairs in = pairs(some, need == Need.FULL, false);
            for (int b = 0; b < some; b++) {
              fill(x, first + b, x, first + b, in, b);
            }
            recursion.run(in, Walk.alone(trail, first, some));
          });
    }
    return new Side(x, count, trail);
  }

  @Override
  public void tile(Side rows, Side columns, boolean alone, KernelTarget target) {
    Need need = recursion.input().cross();
    Chunks chunks = new Chunks(columns.count(), need);
    try (NativeArray products = products(rows, columns, alone)) {
      each(
          rows.count(),
          row -> {
            for (int at = alone ? row : 0; at < columns.count(); at += chunks.size()) {
              int some = Math.min(chunks.size(), columns.count() - at);
              Pairs in = pairs(some, need == Need.FULL, target.wants(KernelKind.NTK));
              if (products == null) {
                fill(rows, row, columns, at, in);
              } else {
                products.get((long) row * columns.count() + at, in.k(), some);
                for (int b = 0; b < some; b++) {
                  in.k()[b] /= channels;
                }
              }
              Pairs out = recursion.run(in, walk(rows, row, columns, at, some, alone));
              target.put(KernelKind.NNGP, row, at, out.k(), 0, some);
              target.put(KernelKind.NTK, row, at, out.t(), 0, some);
            }
          });
    }
  }

  /** The kernels of one example with all of some others, whatever positions they have. */
  Pairs row(Side rows, int row, Side columns, boolean alone) {
    Pairs in = pairs(columns.count(), recursion.input().cross() == Need.FULL, true);
    fill(rows, row, columns, 0, in);
    return recursion.run(in, walk(rows, row, columns, 0, columns.count(), alone));
  }

  private static Walk walk(Side rows, int row, Side columns, int first, int count, boolean alone) {
    return Walk.of(rows.trail(), row, columns.trail(), first, count, alone);
  }

  private void fill(Side rows, int row, Side columns, int first, Pairs to) {
    for (int b = 0; b < to.count(); b++) {
      fill(rows.x(), row, columns.x(), first + b, to, b);
    }
  }

  /** X Zᵀ of vectors; null where there are positions. */
  private NativeArray products(Side rows, Side columns, boolean alone) {
    return positions == 1 ? Products.of(rows.x(), columns.x(), channels, alone) : null;
  }

  /** Pairs cut into chunks. */
  private final class Chunks {
    private final int count;
    private final int size;

    Chunks(int count, Need need) {
      this.count = count;
      int each = need == Need.FULL ? positions * positions : positions;
      size = Math.max(1, Math.min(count, AT_ONCE / each));
    }

    int size() {
      return size;
    }

    int number() {
      return (count + size - 1) / size;
    }
  }

  private interface Job {
    void run(int k);
  }

  private void each(int count, Job job) {
    List<Integer> workers = IntStream.range(0, Math.min(threads, count)).boxed().toList();
    Queues.work(count, workers, (worker, k) -> job.run(k));
  }

  private Pairs pairs(int count, boolean full, boolean ntk) {
    int length = Math.multiplyExact(count, full ? positions * positions : positions);
    return new Pairs(count, positions, full, new double[length], ntk ? new double[length] : null);
  }

  private void fill(double[] x, int i, double[] z, int j, Pairs to, int pair) {
    for (int at = 0; at < to.size(); at++) {
      int p = to.full() ? at / positions : at;
      int q = to.full() ? at % positions : at;
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += x[(i * positions + p) * channels + c] * z[(j * positions + q) * channels + c];
      }
      to.k()[pair * to.size() + at] = sum / channels;
    }
  }
}
