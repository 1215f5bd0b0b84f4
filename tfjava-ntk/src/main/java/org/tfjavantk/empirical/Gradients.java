package org.tfjavantk.empirical;

import org.tfjavantk.empirical.Lane.Slot;
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
   * @param of inputs and cotangents
   * @param example its number there
   * @param lane memory
   * @param to one slice for each row, or a matrix of all rows
   * @param place the example's number there
   */
  void form(Ingredients of, int example, int first, int count, Lane lane, Rows to, int place) {
    int channels = layer.channels();
    int all = outputs * channels;
    View rows = patches(of.inputs(), (long) example * layer.inputs(), first, count, lane);
    View deltas = new View(of.cotangents(), example * layer.cotangents(outputs), all);
    View slices =
        to.stride() > 0
            ? new View(
                to.array(),
                to.view(0, (long) place * outputs).offset(),
                Math.toIntExact(to.stride()))
            : new View(lane.memory(Slot.SLICES, (long) count * all), 0, all);
    NativeArray.transposedTimes(count, all, layer.positions(), rows, deltas, 0, slices);
    if (to.stride() == 0) {
      for (int c = 0; c < outputs; c++) {
        long row = to.view(0, (long) place * outputs + c).offset();
        NativeArray.copyColumns(
            count,
            channels,
            new View(slices.array(), (long) c * channels, all),
            new View(to.array(), row, channels));
      }
    }
  }

  /** Some columns of the patches of one example. */
  private View patches(NativeArray a, long from, int first, int count, Lane lane) {
    Geometry geometry = layer.geometry();
    if (geometry.pointwise()) {
      return new View(a, from + first, geometry.channels());
    }
    NativeArray patches = lane.memory(Slot.PATCHES, (long) layer.positions() * count);
    geometry.patches(a, from, first, count, patches, 0);
    return new View(patches, 0, count);
  }
}
