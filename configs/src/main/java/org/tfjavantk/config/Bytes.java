package org.tfjavantk.config;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tfjavantk.graphs.UserException;

/** Sizes in bytes as people write them. */
public final class Bytes {
  /** What {@link #parse} takes, for messages and for the reference. */
  static final String ALLOWED =
      "a size in bytes such as \"2GiB\", \"512MiB\" or \"1.5GB\" (B, kB, MB, GB, TB, KiB, MiB, GiB, TiB)";

  private static final Pattern SIZE = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?) ?([a-zA-Z]*)");

  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "tb", 1_000_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30,
          "tib", 1L << 40);

  private static final String[] BINARY_UNITS = {"TiB", "GiB", "MiB", "KiB"};

  private Bytes() {}

  /**
   * The number of bytes of "2GiB" (2·2³⁰), "1.5GB" (1.5·10⁹), "512 MiB" or "4096". Units may be
   * written in any case. A broken number is rounded down to whole bytes.
   *
   * @throws UserException if the text is not of this form, is less than one byte, or does not fit a
   *     long
   */
  public static long parse(String s) {
    Matcher m = SIZE.matcher(s.strip());
    if (!m.matches()) {
      throw bad(s, "");
    }
    String unit = m.group(2).toLowerCase(Locale.ROOT);
    Long factor = UNITS.get(unit);
    if (factor == null) {
      boolean prefixOnly = unit.length() == 1 && "kmgt".contains(unit);
      throw bad(
          s,
          prefixOnly
              ? "; did you mean \"" + m.group(1) + unit.toUpperCase(Locale.ROOT) + "iB\"?"
              : "");
    }
    BigDecimal bytes =
        new BigDecimal(m.group(1))
            .multiply(BigDecimal.valueOf(factor))
            .setScale(0, RoundingMode.DOWN);
    if (bytes.signum() == 0 || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw bad(s, " of at least one byte and less than 2^63");
    }
    return bytes.longValueExact();
  }

  /**
   * A size to read: in the largest binary unit of which there is at least one, exact where at most
   * two decimals suffice, else rounded to two: "2GiB", "1.5MiB", "1.4GiB" for 1.5·10⁹, "100B".
   */
  public static String format(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a size of " + bytes + " bytes");
    }
    for (int i = 0; i < BINARY_UNITS.length; i++) {
      long unit = 1L << (10 * (BINARY_UNITS.length - i));
      if (bytes >= unit) {
        BigDecimal count =
            BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(unit), 2, RoundingMode.HALF_UP);
        return count.stripTrailingZeros().toPlainString() + BINARY_UNITS[i];
      }
    }
    return bytes + "B";
  }

  private static UserException bad(String found, String hint) {
    return new UserException("found \"" + found + "\"; allowed: " + ALLOWED + hint);
  }
}
