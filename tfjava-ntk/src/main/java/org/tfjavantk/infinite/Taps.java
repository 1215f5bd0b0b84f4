package org.tfjavantk.infinite;

import java.util.Arrays;
import org.tfjavantk.graphs.Window;

/**
 * Where a window lies: for every one of its taps and every place, the position of the input that
 * the tap reads, or -1 for a zero.
 *
 * @param source (taps, places)
 */
record Taps(int[][] source) {
  /** One tap that reads the place itself. */
  static Taps pointwise(int positions) {
    int[] same = new int[positions];
    Arrays.setAll(same, p -> p);
    return new Taps(new int[][] {same});
  }

  /** Of a convolution on positions of this shape. */
  static Taps of(Window window, int... shape) {
    return product(window, shape, false);
  }

  /** Of a transposed convolution. */
  static Taps transposed(Window window, int... shape) {
    return product(window, shape, true);
  }

  int places() {
    return source[0].length;
  }

  private static Taps product(Window window, int[] shape, boolean transposed) {
    int[][] all = {{0}};
    for (int axis = 0; axis < window.axes(); axis++) {
      all = combine(all, shape[axis], axis(window, axis, shape[axis], transposed));
    }
    return new Taps(all);
  }

  /** Row-major taps and places. */
  private static int[][] combine(int[][] outer, int length, int[][] inner) {
    int[][] all = new int[outer.length * inner.length][];
    for (int t = 0; t < all.length; t++) {
      int[] a = outer[t / inner.length];
      int[] b = inner[t % inner.length];
      int[] both = new int[a.length * b.length];
      for (int p = 0; p < both.length; p++) {
        int high = a[p / b.length];
        int low = b[p % b.length];
        both[p] = high < 0 || low < 0 ? -1 : high * length + low;
      }
      all[t] = both;
    }
    return all;
  }

  private static int[][] axis(Window window, int axis, int length, boolean transposed) {
    Window.Axis places =
        transposed ? window.transposedAxis(axis, length) : window.axis(axis, length);
    int stride = window.stride().get(axis);
    int[][] taps = new int[window.size().get(axis)][places.output()];
    for (int k = 0; k < taps.length; k++) {
      for (int p = 0; p < places.output(); p++) {
        if (transposed) {
          int at = p - places.before() + k;
          at = places.wraps() ? Math.floorMod(at, length * stride) : at;
          taps[k][p] = inside(at % stride == 0 ? at / stride : -1, length);
        } else {
          int at = stride * p - places.before() + k;
          taps[k][p] = inside(places.wraps() ? Math.floorMod(at, length) : at, length);
        }
      }
    }
    return taps;
  }

  private static int inside(int at, int length) {
    return at < 0 || at >= length ? -1 : at;
  }
}
