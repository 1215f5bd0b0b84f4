package org.tfjavantk.config;

/** Text of paths such as {@code step[0].train.epochs}. */
final class Paths {
  private Paths() {}

  static String child(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  static String element(String path, int index) {
    return path + "[" + index + "]";
  }

  /**
   * The path without its last field name or index; the parent of a field name is the empty path.
   */
  static String parent(String path) {
    if (path.endsWith("]")) {
      return path.substring(0, path.lastIndexOf('['));
    }
    return path.substring(0, Math.max(0, path.lastIndexOf('.')));
  }
}
