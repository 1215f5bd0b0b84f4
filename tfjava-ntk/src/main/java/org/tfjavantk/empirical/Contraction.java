package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * Contracts the factors of n₁ row examples with those of n₂ column examples to a block (n₁·o, n₂·o)
 * of the kernel, part after part, by matrix products that add to the block where it is. Of a
 * symmetric block only what is on and above the diagonal is computed.
 */
final class Contraction {
  /** Rows of a gradient that are formed about as fast as all. */
  private static final int FAST_ROWS = 128;

  /** Gradients formed at once are not made larger than need be: new memory costs time. */
  private static final long PIECE_BYTES = 64L << 20;

  private final List<Part> parts;
  private final int outputs;
  private final Precision precision;
  private final long budget;
  private final Scratch scratch;

  /**
   * @param budget bytes that gradients may take which are formed for a moment
   */
  Contraction(List<Part> parts, int outputs, Precision precision, long budget, Scratch scratch) {
    this.parts = parts;
    this.outputs = outputs;
    this.precision = precision;
    this.budget = budget;
    this.scratch = scratch;
  }

  /** The block of all parts. The caller closes it. */
  NativeArray block(Panel rows, Panel columns) {
    NativeArray block = zeros(rows, columns);
    for (int part = 0; part < parts.size(); part++) {
      add(part, rows, columns, block);
    }
    return block;
  }

  /** The block of one part. The caller closes it. */
  NativeArray block(int part, Panel rows, Panel columns) {
    NativeArray block = zeros(rows, columns);
    add(part, rows, columns, block);
    return block;
  }

  private NativeArray zeros(Panel rows, Panel columns) {
    long size = (long) rows.examples() * outputs * columns.examples() * outputs;
    return NativeArray.zeros(precision, size);
  }

  private void add(int k, Panel rows, Panel columns, NativeArray block) {
    Part part = parts.get(k);
    List<NativeArray> left = rows.factors().get(k);
    List<NativeArray> right = columns.factors().get(k);
    if (part.keepsGradients(outputs)) {
      products(left.get(0), right.get(0), part.parameter().spec().size(), rows, columns, block);
    } else if (part.convolution().isEmpty()) {
      int[] shape = part.parameter().spec().shape();
      gram(left, right, rows, columns, shape[0], shape[1], 1, block);
    } else if (part.route() == Route.JACOBIAN) {
      formed(part.convolution().get(), left, right, rows, columns, block);
    } else {
      gram(part.convolution().get(), left, right, rows, columns, block);
    }
  }

  /** block += G G'ᵀ for G (n₁·o, size), G' (n₂·o, size). */
  private void products(
      NativeArray g, NativeArray other, int size, Panel rows, Panel columns, NativeArray block) {
    int height = rows.examples() * outputs;
    int width = columns.examples() * outputs;
    View a = new View(g, 0, size);
    View into = new View(block, 0, width);
    if (rows == columns) {
      NativeArray.addSquare(height, size, a, into);
    } else {
      NativeArray.timesTransposed(height, width, size, a, new View(other, 0, size), 1, into);
    }
  }

  /** Forms the gradients of some rows of the kernel after the other, and contracts them. */
  private void formed(
      Use.Conv conv,
      List<NativeArray> left,
      List<NativeArray> right,
      Panel rows,
      Panel columns,
      NativeArray block) {
    boolean symmetric = rows == columns;
    try (Gradients form = new Gradients(conv, outputs, precision)) {
      int examples = rows.examples() + (symmetric ? 0 : columns.examples());
      long perRow = (long) examples * outputs * form.channels() * precision.bytes();
      long wanted = Math.max(FAST_ROWS, PIECE_BYTES / perRow);
      int most = (int) Math.max(1, Math.min(form.rows(), Math.min(wanted, budget / perRow)));
      int pieces = (form.rows() + most - 1) / most;
      int count = (form.rows() + pieces - 1) / pieces;
      int size = count * form.channels();
      NativeArray g = scratch.of(0, (long) rows.examples() * outputs * size);
      NativeArray other = symmetric ? g : scratch.of(1, (long) columns.examples() * outputs * size);
      for (int first = 0; first < form.rows(); first += count) {
        int now = Math.min(count, form.rows() - first);
        form(form, left, rows, first, now, g);
        if (!symmetric) {
          form(form, right, columns, first, now, other);
        }
        products(g, other, now * form.channels(), rows, columns, block);
      }
    }
  }

  private void form(
      Gradients form,
      List<NativeArray> factors,
      Panel panel,
      int first,
      int count,
      NativeArray into) {
    Gradients.Cotangents deltas =
        (e, c) ->
            new View(factors.get(1), ((long) e * outputs + c) * form.cotangent(), form.channels());
    form.form(panel.examples(), factors.get(0), deltas, first, count, into, 0);
  }

  /**
   * The Gram route of a convolution: patches are taken of all examples, then as for dense layers.
   */
  private void gram(
      Use.Conv conv,
      List<NativeArray> left,
      List<NativeArray> right,
      Panel rows,
      Panel columns,
      NativeArray block) {
    Geometry geometry = Geometry.of(conv);
    int channels = Math.toIntExact(Part.channels(conv));
    int d = geometry.positions();
    if (geometry.pointwise()) {
      gram(left, right, rows, columns, geometry.patch(), channels, d, block);
      return;
    }
    NativeArray a = patches(geometry, left.get(0), rows.examples(), 0);
    NativeArray b = rows == columns ? a : patches(geometry, right.get(0), columns.examples(), 1);
    gram(
        List.of(a, left.get(1)),
        List.of(b, right.get(1)),
        rows,
        columns,
        geometry.patch(),
        channels,
        d,
        block);
  }

  private NativeArray patches(Geometry geometry, NativeArray a, int examples, int slot) {
    long size = (long) geometry.positions() * geometry.patch();
    NativeArray patches = scratch.of(slot, examples * size);
    for (int e = 0; e < examples; e++) {
      geometry.patches(a, (long) e * geometry.inputs(), 0, geometry.patch(), patches, e * size);
    }
    return patches;
  }

  /**
   * block += Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ_p, δ'_q⟩ for inputs (n·D, K) and cotangents (n·o·D, C), some
   * examples with some others at a time.
   */
  private void gram(
      List<NativeArray> left,
      List<NativeArray> right,
      Panel rows,
      Panel columns,
      int inputs,
      int channels,
      int positions,
      NativeArray block) {
    int piece = GramSum.examples(outputs, positions);
    int width = columns.examples() * outputs;
    int per = outputs * positions;
    int most = Math.min(piece, Math.max(rows.examples(), columns.examples()));
    NativeArray g = scratch.of(2, (long) most * most * positions * positions);
    NativeArray e = scratch.of(3, (long) most * most * per * per);
    GramSum sum = new GramSum(outputs, positions, precision);
    for (int r = 0; r < rows.examples(); r += piece) {
      int n1 = Math.min(piece, rows.examples() - r);
      for (int c = rows == columns ? r : 0; c < columns.examples(); c += piece) {
        int n2 = Math.min(piece, columns.examples() - c);
        product(left.get(0), r, right.get(0), c, n1, n2, positions, inputs, g);
        product(left.get(1), r, right.get(1), c, n1, n2, per, channels, e);
        sum.add(g, e, n1, n2, block, (long) r * outputs * width + (long) c * outputs, width);
      }
    }
  }

  /** into = A A'ᵀ for n₁ and n₂ examples of {@code per} rows of {@code size} numbers each. */
  private static void product(
      NativeArray a,
      int r,
      NativeArray b,
      int c,
      int n1,
      int n2,
      int per,
      int size,
      NativeArray into) {
    NativeArray.timesTransposed(
        n1 * per,
        n2 * per,
        size,
        new View(a, (long) r * per * size, size),
        new View(b, (long) c * per * size, size),
        0,
        new View(into, 0, n2 * per));
  }

  /**
   * Bytes beside the panels and the block that exist while a tile of n x n examples is contracted.
   */
  static long temporary(
      List<Part> parts, int outputs, int bytes, int n, boolean alone, long budget) {
    long most = 0;
    int sides = alone ? 1 : 2;
    for (Part part : parts) {
      if (part.keepsGradients(outputs)) {
        continue;
      }
      long positions = part.convolution().map(Part::positions).orElse(1L);
      long values;
      if (part.route() == Route.GRAM) {
        long piece = Math.min(n, GramSum.examples(outputs, (int) positions));
        long per = outputs * positions;
        values = 2 * piece * piece * (per * per + positions * positions);
        values +=
            part.convolution().map(conv -> sides * n * positions * Part.patch(conv)).orElse(0L);
      } else {
        Use.Conv conv = part.convolution().get();
        long row = (long) sides * n * outputs * Part.channels(conv);
        values = Math.min(Math.max(budget / bytes, row), row * Part.patch(conv));
        values += positions * Part.patch(conv);
      }
      most = Math.max(most, values * bytes);
    }
    return most;
  }
}
