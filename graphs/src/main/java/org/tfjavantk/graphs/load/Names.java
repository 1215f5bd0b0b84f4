package org.tfjavantk.graphs.load;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tfjavantk.graphs.UserException;

/** Chooses among names, with errors that list the nearest first. */
public final class Names {
  private static final int LISTED = 40;

  private Names() {}

  /**
   * The names that match at least one pattern, in the order of the patterns, then of the names.
   *
   * @param patterns names with * for any characters and ? for one
   * @param what the names are of, in the singular, for the message
   * @throws UserException for a pattern that matches nothing
   */
  public static Set<String> match(List<String> patterns, Collection<String> names, String what) {
    Set<String> matched = new LinkedHashSet<>();
    for (String pattern : patterns) {
      Pattern regex = regex(pattern);
      List<String> found = names.stream().filter(n -> regex.matcher(n).matches()).toList();
      if (found.isEmpty()) {
        throw new UserException(
            "no " + what + " matches \"" + pattern + "\"; there are " + list(pattern, names));
      }
      matched.addAll(found);
    }
    return matched;
  }

  /** The names that were asked for; all when none was. */
  static List<String> choose(List<String> wanted, Collection<String> names, String what) {
    for (String name : wanted) {
      if (!names.contains(name)) {
        throw unknown(name, names, what);
      }
    }
    return List.copyOf(wanted.isEmpty() ? names : new LinkedHashSet<>(wanted));
  }

  static UserException unknown(String name, Collection<String> names, String what) {
    return new UserException(
        "there is no " + what + " \"" + name + "\"; there are " + list(name, names));
  }

  /** Whether a pattern stands for more than the one name it spells. */
  static boolean isGlob(String pattern) {
    return pattern.contains("*") || pattern.contains("?");
  }

  /** All names, those that resemble {@code name} most first. */
  static String list(String name, Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String listed =
        names.stream()
            .sorted(Comparator.comparingInt(other -> distance(name, other)))
            .limit(LISTED)
            .collect(Collectors.joining(", "));
    return names.size() <= LISTED ? listed : listed + ", and " + (names.size() - LISTED) + " more";
  }

  private static Pattern regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (char c : glob.toCharArray()) {
      regex.append(
          switch (c) {
            case '*' -> ".*";
            case '?' -> ".";
            default -> Pattern.quote(String.valueOf(c));
          });
    }
    return Pattern.compile(regex.toString());
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
