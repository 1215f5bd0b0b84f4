package org.tfjavantk.empirical;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Forms the gradients ∂f_c(x)/∂W = Σ_p patch_p(a) ⊗ δ^c_p of a convolution, (K, C), for all outputs
 * of many examples: products of patches (D, K), transposed, with cotangents (D, C). Some of the K
 * rows can be formed alone. The examples are shared out among the threads, each of which works
 * alone: the products are small.
 */
final class Gradients implements AutoCloseable {
  private final Geometry geometry;
  private final int channels;
  private final int outputs;
  private final Precision precision;
  private final Queue<NativeArray> patches = new ConcurrentLinkedQueue<>();

  /** Where the cotangents (D, C) of an output of an example are. */
  interface Cotangents {
    View of(int example, int output);
  }

  Gradients(Use.Conv conv, int outputs, Precision precision) {
    this.geometry = Geometry.of(conv);
    this.channels = Math.toIntExact(Part.channels(conv));
    this.outputs = outputs;
    this.precision = precision;
  }

  /** C. */
  int channels() {
    return channels;
  }

  /** K. */
  int rows() {
    return geometry.patch();
  }

  /** The numbers of one cotangent, D C. */
  int cotangent() {
    return geometry.positions() * channels;
  }

  /**
   * Writes the rows first to first + count of the gradients of n examples, whose inputs lie in a
   * one after the other, as (n·o, count·C) from an offset on.
   */
  void form(
      int n, NativeArray a, Cotangents deltas, int first, int count, NativeArray into, long to) {
    Blas.eachAlone(
        n,
        e -> {
          NativeArray own = patches.poll();
          NativeArray scratch =
              own != null
                  ? own
                  : NativeArray.allocate(
                      precision, geometry.pointwise() ? 0 : (long) geometry.positions() * rows());
          View rows = rows(a, (long) e * geometry.inputs(), first, count, scratch);
          for (int c = 0; c < outputs; c++) {
            long row = (long) e * outputs + c;
            NativeArray.transposedTimes(
                count,
                channels,
                geometry.positions(),
                rows,
                deltas.of(e, c),
                0,
                new View(into, to + row * count * channels, channels));
          }
          patches.add(scratch);
        });
  }

  /** Some columns of the patches of one example. */
  private View rows(NativeArray a, long from, int first, int count, NativeArray scratch) {
    if (geometry.pointwise()) {
      return new View(a, from + first, geometry.channels());
    }
    geometry.patches(a, from, first, count, scratch, 0);
    return new View(scratch, 0, count);
  }

  @Override
  public void close() {
    patches.forEach(NativeArray::close);
  }
}
