package org.tfjavantk.empirical;

import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Per-example gradients of n examples and o outputs. Number j of the gradient of output c at
 * example e lies at
 *
 * <p>offset + ⌊j / width⌋ stride + (e o + c) lead + j mod width:
 *
 * <p>one slice is a matrix with a row for every example and output. Products of matrices read
 * slices as they are; a convolution's gradients are formed for all outputs at once where each row
 * of the kernel is a slice.
 *
 * @param width numbers of a row in one slice
 * @param lead numbers from one row to the next
 * @param slices how many
 * @param stride numbers from one slice to the next
 */
record Rows(NativeArray array, long offset, int width, int lead, int slices, long stride)
    implements Factor {
  /** One matrix. */
  static Rows matrix(NativeArray array, long offset, int width, int lead) {
    return new Rows(array, offset, width, lead, 1, 0);
  }

  /** Slices, one after the other, of {@code rows} rows each. */
  static Rows slices(NativeArray array, long offset, int rows, int width, int slices) {
    return new Rows(array, offset, width, width, slices, (long) rows * width);
  }

  /** Row number {@code row} of a slice and those after it. */
  View view(int slice, long row) {
    return new View(array, offset + slice * stride + row * lead, lead);
  }

  /** All numbers of a gradient. */
  long size() {
    return (long) width * slices;
  }

  /** Some of the slices. */
  Rows slices(int first, int count) {
    return new Rows(array, offset + first * stride, width, lead, count, stride);
  }

  /** Some columns of a single slice. */
  Rows columns(int first, int count) {
    return new Rows(array, offset + first, count, lead, slices, stride);
  }

  /** Whether the other is a matrix that goes on where this one ends. */
  boolean goesOn(Rows other) {
    return array == other.array
        && slices == 1
        && other.slices == 1
        && lead == other.lead
        && offset + width == other.offset;
  }
}
