package org.tfjavantk.empirical;

/**
 * Where the examples of a batch are in a tensor.
 *
 * @param kind what is known
 * @param axis for {@link Kind#AXIS}, the axis along which there is one slice for every example, or
 *     {@code rows} slices that follow each other
 * @param rows slices of one example
 * @param why for {@link Kind#MIXED} and {@link Kind#UNKNOWN}, the operation that made it so
 */
record Extent(Kind kind, int axis, long rows, String why) {
  enum Kind {
    /** The tensor does not depend on the values of the examples, only perhaps on their number. */
    NONE,
    /** Slices along one axis belong to the examples in turn, each a function of its own example. */
    AXIS,
    /** An operation was met whose effect is not known here. */
    UNKNOWN,
    /** Some entry depends on several examples, or on its place in the batch. */
    MIXED
  }

  static final Extent NONE = new Extent(Kind.NONE, 0, 0, "");

  static Extent axis(int axis) {
    return new Extent(Kind.AXIS, axis, 1, "");
  }

  static Extent axis(int axis, long rows) {
    return new Extent(Kind.AXIS, axis, rows, "");
  }

  static Extent mixed(String why) {
    return new Extent(Kind.MIXED, 0, 0, why);
  }

  static Extent unknown(String why) {
    return new Extent(Kind.UNKNOWN, 0, 0, why);
  }

  /** Whether axis 0 counts the examples, one slice for each. */
  boolean leads() {
    return kind == Kind.AXIS && axis == 0 && rows == 1;
  }

  boolean known() {
    return kind == Kind.AXIS;
  }

  Extent along(int other) {
    return new Extent(kind, other, rows, why);
  }
}
