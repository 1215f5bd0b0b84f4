package org.tfjavantk.empirical;

import java.util.Optional;
import java.util.function.Supplier;
import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * The part of a layer by way of ż^{c'}_p = Σ_q ⟨patch_p(a), patch_q(a')⟩ δ'^{c'}_q, which tells how
 * z_p moves at an example x when the weights move along the gradient of f_c' at x': Σ_p ⟨δ^c_p,
 * ż^{c'}_p⟩.
 */
final class TangentRoute implements PairRoute {
  /** Numbers of the cotangents of the examples that are taken at a time: a share of the cache. */
  private static final long COTANGENTS = 1L << 21;

  /** Rows of a product of pixels or patches, likewise. */
  private static final int ROWS = 1280;

  /** How much longer the multiply-adds take than those of a large product. */
  private static final double SLOWER = 1.4;

  /** What a pair costs however small the layer is, in multiply-adds of a large product. */
  private static final double PAIR = 1e5;

  private final LinearLayer layer;
  private final Pairing pairing;
  private final int outputs;
  private final PatchGram gram;
  private final Optional<Supplier<TangentSums>> fast;

  TangentRoute(LinearLayer layer, Pairing pairing, int outputs) {
    this(layer, pairing, outputs, TangentSums.FAST);
  }

  /**
   * @param fast for float32, if there is something that is faster than products of matrices
   */
  TangentRoute(
      LinearLayer layer, Pairing pairing, int outputs, Optional<Supplier<TangentSums>> fast) {
    this.layer = layer;
    this.pairing = pairing;
    this.outputs = outputs;
    this.gram = new PatchGram(layer);
    this.fast = fast;
  }

  @Override
  public int examples() {
    return (int) Math.max(1, Math.min(COTANGENTS / layer.cotangents(outputs), ROWS / gram.rows()));
  }

  /** Multiply-adds of a pair without those of the patches: D² o C for ż, D o² C for the sums. */
  static double products(double positions, double outputs, double channels) {
    return positions * outputs * channels * (positions + outputs);
  }

  @Override
  public double cost() {
    return PAIR + gram.cost() + SLOWER * products(layer.positions(), outputs, layer.channels());
  }

  @Override
  public long memory(int n) {
    long count = Math.min(n, examples());
    long size = layer.cotangents(outputs);
    if (fast.isPresent()) {
      int arranged = fast.get().get().size(layer.positions(), outputs, layer.channels());
      size = Math.max(size, arranged);
    }
    long strip = count * count * outputs * outputs;
    long patches = count * layer.positions() * layer.positions();
    return gram.memory(count) + 2 * (count + 1) * size + strip + patches;
  }

  @Override
  public void add(Lane lane, Span rows, Span columns, NativeArray block) {
    boolean single = block.precision() == Precision.FLOAT32;
    Sums sums =
        single && fast.isPresent()
            ? new Arranged(fast.get().get(), lane, rows)
            : new Multiplied(lane, rows, block.precision());
    int end = columns.first() + columns.count();
    for (int c = columns.first(); c < end; c += examples()) {
      int n2 = Math.min(examples(), end - c);
      PatchGram.Products patches =
          gram.of(lane, rows.of(), rows.first(), rows.count(), columns.of(), c, n2);
      NativeArray strip = lane.memory(Slot.STRIP, (long) rows.count() * n2 * outputs * outputs);
      View to = new View(strip, 0, n2 * outputs);
      for (int y = 0; y < n2; y++) {
        // Of examples with themselves, what is below the diagonal is not wanted.
        boolean symmetric = rows.of() == columns.of();
        int count = symmetric ? Math.min(rows.count(), c + y - rows.first() + 1) : rows.count();
        sums.column(patches, y, count, columns.of(), c + y, to);
      }
      add(strip, rows, c, n2, columns.all(), block);
    }
  }

  /** Adds the strip (n₁ o, n₂ o) to the block, as {@link Pairing} describes it. */
  private void add(NativeArray strip, Span rows, int c, int n2, int all, NativeArray block) {
    int line = n2 * outputs;
    for (int x = 0; x < rows.count(); x++) {
      int r = rows.first() + x;
      for (int k = 0; k < outputs; k++) {
        long from = (long) (x * outputs + k) * line;
        if (pairing == Pairing.FULL) {
          long to = ((long) r * outputs + k) * all * outputs + (long) c * outputs;
          block.add(to, strip, from, line);
          continue;
        }
        long matrix = pairing == Pairing.TRACE ? 0 : (long) k * rows.all() * all;
        for (int y = 0; y < n2; y++) {
          block.add(matrix + (long) r * all + c + y, strip, from + (long) y * outputs + k, 1);
        }
      }
    }
  }

  /** The sums of some rows with one column at a time. */
  private interface Sums {
    /**
     * Writes the sums (o, o) of the first rows with the column y; those of the others are zero.
     *
     * @param other the column's example
     */
    void column(
        PatchGram.Products patches, int y, int count, Ingredients of, int other, View strip);
  }

  /** With products of matrices. */
  private final class Multiplied implements Sums {
    private final Lane lane;
    private final Precision precision;
    private final int n1;
    private final NativeArray left;
    private final int d = layer.positions();
    private final int channels = layer.channels();
    private final long each = layer.cotangents(outputs);

    Multiplied(Lane lane, Span rows, Precision precision) {
      this.lane = lane;
      this.precision = precision;
      this.n1 = rows.count();
      // (o, D, C), so that what is summed lies side by side.
      left = lane.memory(Slot.GRADIENTS, n1 * each);
      NativeArray from = rows.of().cotangents();
      for (int x = 0; x < n1; x++) {
        for (int p = 0; p < d; p++) {
          for (int k = 0; k < outputs; k++) {
            left.copy(
                x * each + ((long) k * d + p) * channels,
                from,
                (rows.first() + x) * each + ((long) p * outputs + k) * channels,
                channels);
          }
        }
      }
    }

    @Override
    public void column(
        PatchGram.Products patches, int y, int count, Ingredients of, int other, View strip) {
      NativeArray moved = lane.memory(Slot.PRODUCTS, n1 * each);
      NativeArray g = gram(patches, y, count);
      for (int k = 0; k < outputs; k++) {
        long from = other * each + (long) k * channels;
        NativeArray.times(
            count * d,
            channels,
            d,
            new View(g, 0, d),
            new View(of.cotangents(), from, outputs * channels),
            0,
            new View(moved, (long) k * n1 * d * channels, channels));
      }
      int line = d * channels;
      for (int x = 0; x < n1; x++) {
        View to = sums(strip, x, y);
        if (x < count) {
          NativeArray.timesTransposed(
              outputs,
              outputs,
              line,
              new View(left, x * each, line),
              new View(moved, (long) x * line, n1 * line),
              0,
              to);
        } else {
          clear(to);
        }
      }
    }

    /** G of the first rows and a column, (count D, D). */
    private NativeArray gram(PatchGram.Products patches, int y, int count) {
      NativeArray g = lane.memory(Slot.PAIR, (long) n1 * d * d);
      for (int x = 0; x < count; x++) {
        if (precision == Precision.FLOAT32) {
          float[] pair = lane.floats(Slot.PAIR, d * d);
          patches.get(x, y, pair, 0, d);
          g.put((long) x * d * d, pair, 0, d * d);
        } else {
          double[] pair = lane.doubles(Slot.PAIR, d * d);
          patches.get(x, y, pair, 0, d);
          g.put((long) x * d * d, pair, 0, d * d);
        }
      }
      return g;
    }
  }

  private View sums(View strip, int x, int y) {
    long at = (long) x * outputs * strip.stride() + (long) y * outputs;
    return new View(strip.array(), at, strip.stride());
  }

  private void clear(View sums) {
    for (int k = 0; k < outputs; k++) {
      sums.array().clear(sums.offset() + (long) k * sums.stride(), outputs);
    }
  }

  /** With {@link TangentSums}. */
  private final class Arranged implements Sums {
    private final TangentSums math;
    private final Lane lane;
    private final int n1;
    private final int size;
    private final float[] left;

    Arranged(TangentSums math, Lane lane, Span rows) {
      this.math = math;
      this.lane = lane;
      this.n1 = rows.count();
      this.size = math.size(layer.positions(), outputs, layer.channels());
      this.left = lane.floats(Slot.GRADIENTS, n1 * size);
      for (int x = 0; x < n1; x++) {
        float[] cotangents = cotangents(rows.of(), rows.first() + x);
        math.arrangeLeft(cotangents, layer.positions(), outputs, layer.channels(), left, x * size);
      }
    }

    private float[] cotangents(Ingredients of, int example) {
      int count = (int) layer.cotangents(outputs);
      float[] cotangents = lane.floats(Slot.PRODUCTS, count);
      of.cotangents().get((long) example * count, cotangents, count);
      return cotangents;
    }

    @Override
    public void column(
        PatchGram.Products patches, int y, int count, Ingredients of, int other, View strip) {
      int d = layer.positions();
      float[] right = lane.floats(Slot.OTHER_GRADIENTS, size);
      math.arrangeRight(cotangents(of, other), d, outputs, layer.channels(), right);
      float[] pair = lane.floats(Slot.PAIR, d * d);
      float[] sums = lane.floats(Slot.SUM, outputs * outputs);
      for (int x = 0; x < n1; x++) {
        View to = sums(strip, x, y);
        if (x >= count) {
          clear(to);
          continue;
        }
        patches.get(x, y, pair, 0, d);
        math.sums(pair, d, outputs, layer.channels(), left, x * size, right, sums);
        for (int k = 0; k < outputs; k++) {
          to.array().put(to.offset() + (long) k * to.stride(), sums, k * outputs, outputs);
        }
      }
    }
  }
}
