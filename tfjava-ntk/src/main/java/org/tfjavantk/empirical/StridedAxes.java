package org.tfjavantk.empirical;

import java.util.Optional;
import org.tensorflow.GraphOperation;

/** Reads the masks of a StridedSlice: what happens to each axis. */
final class StridedAxes {
  private final long begin;
  private final long end;
  private final long ellipsis;
  private final long added;
  private final long removed;

  private StridedAxes(GraphOperation op) {
    begin = op.attributes().getAttrInt("begin_mask");
    end = op.attributes().getAttrInt("end_mask");
    ellipsis = op.attributes().getAttrInt("ellipsis_mask");
    added = op.attributes().getAttrInt("new_axis_mask");
    removed = op.attributes().getAttrInt("shrink_axis_mask");
  }

  static StridedAxes of(GraphOperation op) {
    return new StridedAxes(op);
  }

  /** Where the examples are in the result; the slice must leave their axis whole. */
  Extent axis(GraphOperation op, Extent extent) {
    Optional<long[]> strides = AxisRules.constant(op, 3);
    int specified = (int) op.input(3).shape().get(0);
    if (strides.isEmpty() || specified < 0) {
      return AxisRules.unknown(op);
    }
    int rank = AxisRules.rank(op, 0);
    int consumed = specified - Long.bitCount(added & ((1L << specified) - 1));
    int hidden = rank - consumed + (ellipsis == 0 ? 0 : 1);
    int from = 0;
    int to = 0;
    for (int s = 0; s < specified; s++) {
      if (bit(ellipsis, s)) {
        if (extent.axis() < from + hidden) {
          return extent.along(to + extent.axis() - from);
        }
        from += hidden;
        to += hidden;
      } else if (bit(added, s)) {
        to++;
      } else {
        if (from == extent.axis()) {
          boolean whole = bit(begin, s) && bit(end, s) && strides.get()[s] == 1 && !bit(removed, s);
          return whole ? extent.along(to) : AxisRules.mixed(op);
        }
        from++;
        to += bit(removed, s) ? 0 : 1;
      }
    }
    return extent.along(to + extent.axis() - from);
  }

  private static boolean bit(long mask, int place) {
    return (mask >> place & 1) != 0;
  }
}
