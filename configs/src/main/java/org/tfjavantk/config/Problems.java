package org.tfjavantk.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.graphs.UserException;

/**
 * What is wrong with a config, one line each: {@code where: path: what was found; allowed: ...; did
 * you mean ...?}
 */
final class Problems {
  private static final int MOST_SHOWN = 10;

  private final List<String> lines = new ArrayList<>();

  void add(Origin origin, String path, String message) {
    lines.add(line(origin, path, message));
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  void throwIfAny() {
    if (lines.isEmpty()) {
      return;
    }
    List<String> shown = new ArrayList<>(lines.subList(0, Math.min(lines.size(), MOST_SHOWN)));
    if (lines.size() > MOST_SHOWN) {
      shown.add("and " + (lines.size() - MOST_SHOWN) + " more");
    }
    throw new UserException(String.join("\n", shown));
  }

  static UserException error(Origin origin, String path, String message) {
    return new UserException(line(origin, path, message));
  }

  static String wrongName(String found, Collection<String> allowed) {
    return wrongName(found, allowed, name -> name);
  }

  /** As {@link #wrongName(String, Collection)}; {@code written} is how a name is to be written. */
  static String wrongName(
      String found, Collection<String> allowed, java.util.function.UnaryOperator<String> written) {
    String list =
        allowed.isEmpty() ? "nothing" : String.join(", ", allowed.stream().map(written).toList());
    Optional<String> nearest = NearestName.among(found, allowed);
    return "allowed: "
        + list
        + nearest.map(name -> "; did you mean " + written.apply(name) + "?").orElse("");
  }

  private static String line(Origin origin, String path, String message) {
    return origin + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
