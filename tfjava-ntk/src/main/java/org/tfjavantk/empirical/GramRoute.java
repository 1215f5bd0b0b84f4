package org.tfjavantk.empirical;

import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * The part Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ^c_p, δ'^{c'}_q⟩ of a layer: the Gram matrices of the patches and
 * of the cotangents, then a Hadamard product and sums over positions.
 */
final class GramRoute implements PairRoute {
  /** Rows of a Gram matrix: enough for fast products, and few enough for the cache. */
  private static final int ROWS = 1280;

  /** What an entry of the Hadamard product costs, in multiply-adds. */
  private static final double HADAMARD = 10;

  private final LinearLayer layer;
  private final Pairing pairing;
  private final int outputs;
  private final PatchGram gram;

  GramRoute(LinearLayer layer, Pairing pairing, int outputs) {
    this.layer = layer;
    this.pairing = pairing;
    this.outputs = outputs;
    this.gram = new PatchGram(layer);
  }

  @Override
  public int examples() {
    int rows = Math.max(layer.positions() * pairing.rows(outputs), gram.rows());
    return Math.max(1, ROWS / rows);
  }

  @Override
  public double cost() {
    double positions = layer.positions();
    double products = pairing.products(outputs);
    double hadamard = HADAMARD * (pairing == Pairing.TRACE ? 1 : products);
    return gram.cost() + positions * positions * (products * layer.channels() + hadamard);
  }

  @Override
  public long memory(int n) {
    long count = Math.min(n, examples());
    long positions = count * layer.positions();
    long rows = positions * pairing.rows(outputs);
    return gram.memory(count) + 2 * (positions * positions + rows * rows);
  }

  @Override
  public void add(Lane lane, Span rows, Span columns, NativeArray block) {
    int end = columns.first() + columns.count();
    for (int c = columns.first(); c < end; c += examples()) {
      int width = Math.min(examples(), end - c);
      add(lane, rows, new Span(columns.of(), c, width, columns.all()), block, width);
    }
  }

  private void add(Lane lane, Span rows, Span columns, NativeArray block, int n2) {
    int n1 = rows.count();
    int r = rows.first();
    int c = columns.first();
    int d = layer.positions();
    PatchGram.Products patches = gram.of(lane, rows.of(), r, n1, columns.of(), c, n2);
    int each = pairing.rows(outputs);
    GramSum sum = new GramSum(lane, patches, block.precision(), n1, n2, d, each);
    NativeArray products = lane.memory(Slot.PRODUCTS, (long) n1 * d * each * n2 * d * each);
    int channels = layer.channels();
    // All outputs of a position lie side by side: for the trace they are summed in one product.
    int width = pairing == Pairing.TRACE ? outputs * channels : channels;
    int stride = pairing == Pairing.FULL ? channels : outputs * channels;
    for (int k = 0; k < pairing.matrices(outputs); k++) {
      long from = (long) k * channels;
      NativeArray.timesTransposed(
          n1 * d * each,
          n2 * d * each,
          width,
          new View(rows.of().cotangents(), r * layer.cotangents(outputs) + from, stride),
          new View(columns.of().cotangents(), c * layer.cotangents(outputs) + from, stride),
          0,
          new View(products, 0, n2 * d * each));
      int line = columns.all() * each;
      long at = (long) k * rows.all() * columns.all() + (long) r * each * line + (long) c * each;
      sum.add(products, new View(block, at, line));
    }
  }
}
