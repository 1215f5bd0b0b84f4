package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where an average pool takes pairs of positions along one axis. A pair (p, q) of a stage has the
 * cyclic offset c = q - p mod (size + pad); pooled it is (P, Q) = (p / window, q / window) with the
 * offset Q - P mod (pooled size + pooled pad).
 *
 * @param offset pooled offset of the pairs with offset c at position p, -1 where q is padding or is
 *     dropped
 */
record AxisPool(int window, int[][] offset) {
  /**
   * Pairs at positions first, first + window, … that have one pooled offset.
   *
   * @param count how many
   */
  record Run(int first, int count, int offset) {}

  static AxisPool of(int size, int pad, int window, int pooledPad) {
    int pooled = size / window;
    int period = pooled + pooledPad;
    int[][] offset = new int[size + pad][size];
    for (int c = 0; c < offset.length; c++) {
      for (int p = 0; p < size; p++) {
        int q = (p + c) % (size + pad);
        boolean kept = p / window < pooled && q < size && q / window < pooled;
        offset[c][p] = kept ? Math.floorMod(q / window - p / window, period) : -1;
      }
    }
    return new AxisPool(window, offset);
  }

  /** The offsets that those needed of the pooled ones consist of. */
  int[] below(int[] needed) {
    return java.util.stream.IntStream.range(0, offset.length)
        .filter(c -> Arrays.stream(offset[c]).anyMatch(o -> contains(needed, o)))
        .toArray();
  }

  private static boolean contains(int[] sorted, int value) {
    return Arrays.binarySearch(sorted, value) >= 0;
  }

  /** The pairs with offset c whose pooled offsets are needed. */
  List<Run> runs(int c, int[] needed) {
    List<Run> runs = new ArrayList<>();
    for (int a = 0; a < window; a++) {
      for (int p = a; p < offset[c].length; p += window) {
        int o = offset[c][p];
        Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
        if (!contains(needed, o)) {
          continue;
        }
        if (last != null && last.offset() == o && last.first() + last.count() * window == p) {
          runs.set(runs.size() - 1, new Run(last.first(), last.count() + 1, o));
        } else {
          runs.add(new Run(p, 1, o));
        }
      }
    }
    return runs;
  }
}
