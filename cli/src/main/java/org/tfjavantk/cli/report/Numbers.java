package org.tfjavantk.cli.report;

import java.util.Locale;

/** Numbers as people read them. */
public final class Numbers {

  private Numbers() {}

  /** Four significant digits, without zeros at the end: 0.1235, 1.2e-07, 12350. */
  public static String brief(double value) {
    if (value == 0) {
      return "0";
    }
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    double size = Math.abs(value);
    if (size < 1e-4 || size >= 1e7) {
      String text = String.format(Locale.ROOT, "%.3e", value);
      int e = text.indexOf('e');
      return trimmed(text.substring(0, e)) + text.substring(e);
    }
    int decimals = (int) Math.max(0, 3 - Math.floor(Math.log10(size)));
    return trimmed(String.format(Locale.ROOT, "%." + decimals + "f", value));
  }

  /** A fraction as percent with {@code decimals} decimals: 87.3%. */
  public static String percent(double fraction, int decimals) {
    return String.format(Locale.ROOT, "%." + decimals + "f%%", 100 * fraction);
  }

  /** A time as people say it: 0.4 s, 12.3 s, 3 min 20 s, 2 h 5 min. */
  public static String duration(double seconds) {
    if (seconds < 99.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? whole / 60 + " min " + whole % 60 + " s"
        : whole / 3600 + " h " + whole % 3600 / 60 + " min";
  }

  private static String trimmed(String decimal) {
    return decimal.indexOf('.') < 0
        ? decimal
        : decimal.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
