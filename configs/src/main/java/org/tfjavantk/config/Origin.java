package org.tfjavantk.config;

/**
 * Where a value was written, as the user reads it: {@code run.textproto:3:5} or {@code --set x=1}.
 */
record Origin(String place) {
  /** Line and column count from 1. */
  static Origin in(String file, int line, int column) {
    return new Origin(file + ":" + line + ":" + column);
  }

  @Override
  public String toString() {
    return place;
  }
}
