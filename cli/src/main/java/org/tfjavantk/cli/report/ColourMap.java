package org.tfjavantk.cli.report;

import java.awt.Color;

/** Numbers in [0, 1] as colours, interpolated between colours at even distances. */
enum ColourMap {
  /** Dark to light, for values of one sign (matplotlib's "viridis"). */
  SEQUENTIAL(
      0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b,
      0xfde725),
  /** Blue through white to red, for values around zero (ColorBrewer's "RdBu", turned). */
  DIVERGING(
      0x053061, 0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7, 0xfddbc7, 0xf4a582, 0xd6604d,
      0xb2182b, 0x67001f);

  /** What a missing value looks like. */
  static final Color BLANK = new Color(0xe5e7eb);

  private final int[] stops;

  ColourMap(int... stops) {
    this.stops = stops;
  }

  /** The colour at {@code t}; below 0 the first, above 1 the last, BLANK for NaN. */
  Color at(double t) {
    if (Double.isNaN(t)) {
      return BLANK;
    }
    double place = Math.min(1, Math.max(0, t)) * (stops.length - 1);
    int below = Math.min((int) place, stops.length - 2);
    double part = place - below;
    return new Color(mixed(below, part, 16), mixed(below, part, 8), mixed(below, part, 0));
  }

  private int mixed(int below, double part, int shift) {
    int a = stops[below] >> shift & 0xff;
    int b = stops[below + 1] >> shift & 0xff;
    return (int) Math.round(a + part * (b - a));
  }
}
