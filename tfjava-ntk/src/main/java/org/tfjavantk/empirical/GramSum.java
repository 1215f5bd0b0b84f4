package org.tfjavantk.empirical;

import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * The sum over positions of the Gram route: block[(x, c), (x', c')] += Σ_{p,q} G[(x, p), (x', q)]
 * E[(x, p, c), (x', q, c')] for n₁ x n₂ examples.
 */
final class GramSum {
  private final Lane lane;
  private final int n1;
  private final int n2;
  private final int positions;
  private final int outputs;
  private final float[] gram;
  private final double[] gramDouble;

  GramSum(
      Lane lane,
      PatchGram.Products patches,
      Precision precision,
      int n1,
      int n2,
      int positions,
      int outputs) {
    this.lane = lane;
    this.n1 = n1;
    this.n2 = n2;
    this.positions = positions;
    this.outputs = outputs;
    int line = n2 * positions;
    boolean single = precision == Precision.FLOAT32;
    gram = single ? lane.floats(Slot.PATCHES, n1 * positions * line) : null;
    gramDouble = single ? null : lane.doubles(Slot.PATCHES, n1 * positions * line);
    for (int x = 0; x < n1; x++) {
      for (int y = 0; y < n2; y++) {
        int at = x * positions * line + y * positions;
        if (single) {
          patches.get(x, y, gram, at, line);
        } else {
          patches.get(x, y, gramDouble, at, line);
        }
      }
    }
  }

  /** Adds the sums with E to a part of the block. */
  void add(NativeArray e, View to) {
    int width = n2 * outputs;
    int line = width * positions;
    for (int row = 0; row < n1 * outputs; row++) {
      int x = row / outputs;
      int c = row % outputs;
      long at = to.offset() + (long) row * to.stride();
      if (gram != null) {
        float[] sums = lane.floats(Slot.SUM, width);
        float[] products = lane.floats(Slot.PRODUCTS, line);
        to.array().get(at, sums, width);
        for (int p = 0; p < positions; p++) {
          int position = x * positions + p;
          e.get(((long) position * outputs + c) * line, products, line);
          add(gram, position * n2 * positions, products, sums);
        }
        to.array().put(at, sums, 0, width);
      } else {
        double[] sums = lane.doubles(Slot.SUM, width);
        double[] products = lane.doubles(Slot.PRODUCTS, line);
        to.array().get(at, sums, width);
        for (int p = 0; p < positions; p++) {
          int position = x * positions + p;
          e.get(((long) position * outputs + c) * line, products, line);
          add(gramDouble, position * n2 * positions, products, sums);
        }
        to.array().put(at, sums, 0, width);
      }
    }
  }

  /** sums[(x', c')] += Σ_q g[(x', q)] e[(x', q, c')]. */
  private void add(float[] g, int at, float[] e, float[] sums) {
    for (int x = 0; x < n2; x++) {
      for (int q = 0; q < positions; q++) {
        float weight = g[at + x * positions + q];
        int from = (x * positions + q) * outputs;
        for (int c = 0; c < outputs; c++) {
          sums[x * outputs + c] += weight * e[from + c];
        }
      }
    }
  }

  private void add(double[] g, int at, double[] e, double[] sums) {
    for (int x = 0; x < n2; x++) {
      for (int q = 0; q < positions; q++) {
        double weight = g[at + x * positions + q];
        int from = (x * positions + q) * outputs;
        for (int c = 0; c < outputs; c++) {
          sums[x * outputs + c] += weight * e[from + c];
        }
      }
    }
  }
}
