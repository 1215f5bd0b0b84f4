package org.tfjavantk.empirical;

import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * The part Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ^c_p, δ'^{c'}_q⟩ of a layer, for some examples and some others:
 * the Gram matrices of the patches and of the cotangents, then a Hadamard product and sums over
 * positions.
 */
record GramRoute(LinearLayer layer, Pairing pairing, int outputs) {
  /** Rows of a Gram matrix: enough for fast products, and few enough for the cache. */
  private static final int ROWS = 1280;

  /** What an entry of the Hadamard product costs, in multiply-adds. */
  private static final double HADAMARD = 10;

  /** How many examples to take at a time. */
  int examples() {
    return Math.max(1, ROWS / (layer.positions() * pairing.rows(outputs)));
  }

  /** Multiply-adds of a pair. */
  double cost() {
    double positions = layer.positions();
    double products = pairing.products(outputs);
    return positions * positions * (layer.patch() + products * (layer.channels() + HADAMARD));
  }

  /** Numbers that exist while n examples are contracted with as many. */
  long memory(int n) {
    long count = Math.min(n, examples());
    long positions = count * layer.positions();
    long rows = positions * pairing.rows(outputs);
    long patches = layer.geometry().pointwise() ? 0 : 2 * positions * layer.patch();
    return 2 * (positions * positions + rows * rows) + patches;
  }

  /**
   * Adds the part of the examples r to r + n₁ with c to c + n₂ to the block of all.
   *
   * @param allRows the block's examples
   * @param allColumns the block's other examples
   */
  void add(
      Lane lane,
      Ingredients left,
      int r,
      int n1,
      int allRows,
      Ingredients right,
      int c,
      int n2,
      int allColumns,
      NativeArray block) {
    int d = layer.positions();
    int patch = layer.patch();
    NativeArray gram = lane.memory(Slot.GRAM, (long) n1 * d * n2 * d);
    View rows = patches(lane, Slot.PATCHES, left, r, n1);
    View columns = left == right && r == c ? rows : patches(lane, Slot.OTHER_PATCHES, right, c, n2);
    NativeArray.timesTransposed(n1 * d, n2 * d, patch, rows, columns, 0, new View(gram, 0, n2 * d));
    int each = pairing.rows(outputs);
    GramSum sum = new GramSum(lane, gram, n1, n2, d, each);
    NativeArray products = lane.memory(Slot.PRODUCTS, (long) n1 * d * each * n2 * d * each);
    int channels = layer.channels();
    // All outputs of a position lie side by side: for the trace they are summed in one product.
    int width = pairing == Pairing.TRACE ? outputs * channels : channels;
    int stride = pairing == Pairing.FULL ? channels : outputs * channels;
    for (int k = 0; k < pairing.matrices(outputs); k++) {
      NativeArray.timesTransposed(
          n1 * d * each,
          n2 * d * each,
          width,
          new View(left.cotangents(), r * layer.cotangents(outputs) + (long) k * channels, stride),
          new View(right.cotangents(), c * layer.cotangents(outputs) + (long) k * channels, stride),
          0,
          new View(products, 0, n2 * d * each));
      int line = allColumns * each;
      long at = (long) k * allRows * allColumns + (long) r * each * line + (long) c * each;
      sum.add(products, new View(block, at, line));
    }
  }

  /** The patches of some examples, one after the other. */
  private View patches(Lane lane, Slot slot, Ingredients of, int first, int count) {
    Geometry geometry = layer.geometry();
    if (geometry.pointwise()) {
      return new View(of.inputs(), (long) first * layer.inputs(), layer.patch());
    }
    long size = (long) layer.positions() * layer.patch();
    NativeArray patches = lane.memory(slot, count * size);
    for (int e = 0; e < count; e++) {
      long from = (long) (first + e) * layer.inputs();
      geometry.patches(of.inputs(), from, 0, layer.patch(), patches, e * size);
    }
    return new View(patches, 0, layer.patch());
  }
}
