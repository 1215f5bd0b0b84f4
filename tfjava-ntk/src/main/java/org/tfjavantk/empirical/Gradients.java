package org.tfjavantk.empirical;

import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Forms the gradients ∂f_c(x)/∂W = Σ_p patch_p(a) ⊗ δ^c_p of a convolution, (K, C), for one example
 * after the other: the product of patches (D, K), transposed, with cotangents (D, C). Some of the K
 * rows can be formed alone.
 */
final class Gradients implements AutoCloseable {
  private final Geometry geometry;
  private final int channels;
  private final NativeArray patches;
  private View rows;
  private int count;

  Gradients(Geometry geometry, int channels, Precision precision) {
    this.geometry = geometry;
    this.channels = channels;
    long scratch = geometry.pointwise() ? 0 : (long) geometry.positions() * geometry.patch();
    patches = NativeArray.allocate(precision, scratch);
  }

  /** Takes the input at an offset, and of its patches the rows first to first + count. */
  void example(NativeArray a, long from, int first, int count) {
    this.count = count;
    if (geometry.pointwise()) {
      rows = new View(a, from + first, geometry.channels());
    } else {
      geometry.patches(a, from, first, count, patches, 0);
      rows = new View(patches, 0, count);
    }
  }

  /** Writes the rows of the gradient of the cotangents (D, C) at an offset. */
  void gradient(NativeArray deltas, long from, NativeArray into, long to) {
    NativeArray.transposedTimes(
        count,
        channels,
        geometry.positions(),
        rows,
        new View(deltas, from, channels),
        0,
        new View(into, to, channels));
  }

  @Override
  public void close() {
    patches.close();
  }
}
