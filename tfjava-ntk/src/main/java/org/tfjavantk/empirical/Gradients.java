package org.tfjavantk.empirical;

import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Forms the gradients ∂f_c(x)/∂W = Σ_p patch_p(a) ⊗ δ^c_p of a {@link LinearLayer}, (K, C), for all
 * outputs of an example: products of patches (D, K), transposed, with cotangents (D, o, C). Some of
 * the K rows can be formed alone.
 */
record Gradients(LinearLayer layer, int outputs) {

  /**
   * Writes the rows first to first + count of the gradients of an example.
   *
   * @param a inputs, the example's at an offset
   * @param deltas cotangents, the example's at an offset
   * @param scratch memory of {@link #scratch} numbers
   * @param to where: one slice for each row, or a matrix of all rows
   * @param example its number there
   */
  void form(
      NativeArray a,
      long input,
      NativeArray deltas,
      long cotangent,
      int first,
      int count,
      NativeArray scratch,
      Rows to,
      int example) {
    int channels = layer.channels();
    int all = outputs * channels;
    View rows = rows(a, input, first, count, scratch);
    long row = (long) example * outputs;
    if (to.stride() > 0) {
      NativeArray.transposedTimes(
          count,
          all,
          layer.positions(),
          rows,
          new View(deltas, cotangent, all),
          0,
          new View(to.array(), to.view(0, row).offset(), Math.toIntExact(to.stride())));
      return;
    }
    for (int c = 0; c < outputs; c++) {
      NativeArray.transposedTimes(
          count,
          channels,
          layer.positions(),
          rows,
          new View(deltas, cotangent + (long) c * channels, all),
          0,
          new View(to.array(), to.view(0, row + c).offset(), channels));
    }
  }

  /** Some columns of the patches of one example. */
  private View rows(NativeArray a, long from, int first, int count, NativeArray scratch) {
    Geometry geometry = layer.geometry();
    if (geometry.pointwise()) {
      return new View(a, from + first, geometry.channels());
    }
    geometry.patches(a, from, first, count, scratch, 0);
    return new View(scratch, 0, count);
  }

  /** The numbers of memory for {@code count} rows. */
  long scratch(int count) {
    return layer.geometry().pointwise() ? 0 : (long) layer.positions() * count;
  }
}
