package org.tfjavantk.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** The name that the user probably meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The allowed name with the smallest Damerau-Levenshtein distance to the wrong one (insertions,
   * deletions, substitutions and swaps of neighbours, each of cost 1; the case of letters and
   * {@code -} against {@code _} cost nothing), the first of them at a tie.
   *
   * @return empty if even the nearest needs more than one change in every three letters (but one
   *     change is always allowed in names of two letters and more)
   */
  public static Optional<String> among(String wrong, Collection<String> allowed) {
    String from = plain(wrong);
    String best = null;
    int smallest = Integer.MAX_VALUE;
    for (String name : allowed) {
      String to = plain(name);
      int longest = Math.max(from.length(), to.length());
      int limit = longest < 2 ? 0 : Math.max(1, longest / 3);
      if (Math.abs(from.length() - to.length()) > limit) {
        continue;
      }
      int d = distance(from, to);
      if (d <= limit && d < smallest) {
        smallest = d;
        best = name;
      }
    }
    return Optional.ofNullable(best);
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** The optimal string alignment distance of two words. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + change, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
