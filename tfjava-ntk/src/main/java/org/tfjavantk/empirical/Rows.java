package org.tfjavantk.empirical;

import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Per-example gradients, one row for every example and output, in an order of their numbers that is
 * the same for all rows: that of output c at example e begins at offset + (e o + c) lead.
 *
 * @param width numbers of a row
 * @param lead numbers from one row to the next
 */
record Rows(NativeArray array, long offset, int width, int lead) implements Factor {
  /** Where a row begins. */
  long at(long row) {
    return offset + row * lead;
  }

  /** The rows from one on. */
  View from(long row) {
    return new View(array, at(row), lead);
  }

  /** Some columns. */
  Rows columns(int first, int count) {
    return new Rows(array, offset + first, count, lead);
  }

  /** Whether the other goes on where this one ends. */
  boolean goesOn(Rows other) {
    return array == other.array && lead == other.lead && offset + width == other.offset;
  }
}
