package org.tfjavantk.empirical;

import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Forms the gradients ∂f_c(x)/∂W = Σ_p δ^c_p ⊗ patch_p(a) of a {@link LinearLayer}, (C, K), for all
 * outputs of an example: cotangents (D, o, C), transposed, times patches (D, K). Some of the K
 * columns can be formed alone.
 */
record Gradients(LinearLayer layer, int outputs) {

  /**
   * Writes the columns first to first + count of the gradients of an example, (o, C, count).
   *
   * @param of inputs and cotangents
   * @param example its number there
   * @param lane memory
   * @param to where, at an offset
   */
  void form(Ingredients of, int example, int first, int count, Lane lane, NativeArray to, long at) {
    int all = outputs * layer.channels();
    NativeArray.transposedTimes(
        all,
        count,
        layer.positions(),
        new View(of.cotangents(), example * layer.cotangents(outputs), all),
        patches(of.inputs(), (long) example * layer.inputs(), first, count, lane),
        0,
        new View(to, at, count));
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
