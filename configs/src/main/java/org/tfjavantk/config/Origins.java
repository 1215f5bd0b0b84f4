package org.tfjavantk.config;

import java.util.HashMap;
import java.util.Map;

/**
 * Where every field of a config was written, by path ({@code step[0].train.epochs}; the empty path
 * is the whole config). What was not written has the origin of the nearest block around it.
 */
final class Origins {
  private final Map<String, Origin> byPath = new HashMap<>();

  Origins(Origin root) {
    byPath.put("", root);
  }

  Origins(Origins other) {
    byPath.putAll(other.byPath);
  }

  void put(String path, Origin origin) {
    byPath.put(path, origin);
  }

  Origin of(String path) {
    for (String p = path; ; p = Paths.parent(p)) {
      Origin origin = byPath.get(p);
      if (origin != null) {
        return origin;
      }
    }
  }

  /** The origin of a field itself, or of the block around it where the field was not written. */
  boolean knows(String path) {
    return byPath.containsKey(path);
  }

  /** Gives everything at or below {@code to} the origin of the same at or below {@code from}. */
  void copy(String from, String to) {
    remove(to);
    Map<String, Origin> copies = new HashMap<>();
    byPath.forEach(
        (path, origin) -> {
          if (path.equals(from) || path.startsWith(from + ".")) {
            copies.put(to + path.substring(from.length()), origin);
          }
        });
    byPath.putAll(copies);
  }

  /** Forgets a field and everything below it. */
  void remove(String path) {
    byPath
        .keySet()
        .removeIf(p -> p.equals(path) || p.startsWith(path + ".") || p.startsWith(path + "["));
  }
}
