package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.empirical.PairRoute.Span;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.linalg.NativeArray;

/**
 * Contracts the factors of n₁ row examples with those of n₂ column examples to the block of a
 * kernel that {@link Pairing} describes. Of a symmetric block only what is on and above the
 * diagonal is computed.
 *
 * <p>The work is cut into pieces that don't depend on each other: some columns of the gradients,
 * some rows of the weights, some examples. Each {@link Lane} takes a share of them that is settled
 * before, and adds to a block of its own, so that threads never wait for each other, and gradients
 * that are formed for a moment stay in the cache; at the end the lanes' blocks are added.
 */
final class Contraction {
  /** Rows of the weights whose gradients are formed about as fast as all. */
  private static final int FAST_ROWS = 64;

  /** Fewer take much longer. */
  private static final int FEW_ROWS = 16;

  /** Numbers of a gradient that are contracted about as fast as all. */
  private static final int WIDE = 4096;

  /** Fewer take longer, because every product reads and writes the whole block. */
  private static final int NARROW = 704;

  /** Pieces of a part for each lane, at least, so that all lanes end at about the same time. */
  private static final int PIECES = 4;

  /** Multiply-adds that take as long as adding an entry of the block to another. */
  private static final double ENTRY = 16;

  private final Pairing pairing;
  private final int outputs;
  private final Precision precision;
  private final long budget;
  private final List<Lane> lanes;

  /**
   * @param budget bytes that gradients may take which are formed for a moment
   */
  Contraction(Pairing pairing, int outputs, Precision precision, long budget, List<Lane> lanes) {
    this.pairing = pairing;
    this.outputs = outputs;
    this.precision = precision;
    this.budget = budget;
    this.lanes = lanes;
  }

  /** A part with what two panels keep of it. */
  private record Sides(Part part, Factor left, Factor right) {}

  /**
   * @param cost in multiply-adds, roughly
   * @param work adds to a block, in a lane
   */
  private record Piece(double cost, Work work) {}

  private interface Work {
    void add(Lane lane, NativeArray block);
  }

  /** The block of some of the parts. The caller closes it. */
  NativeArray block(List<Part> parts, List<Integer> which, Panel rows, Panel columns) {
    List<Sides> sides = new ArrayList<>();
    for (int k : which) {
      sides.add(new Sides(parts.get(k), rows.factors().get(k), columns.factors().get(k)));
    }
    Cut cut = new Cut(rows.examples(), columns.examples(), rows == columns);
    cut.matrices(sides);
    sides.forEach(cut::part);
    return cut.run();
  }

  /** The pieces of a block. */
  private final class Cut {
    private final int n1;
    private final int n2;
    private final boolean symmetric;
    private final double pairs;
    private final List<Piece> pieces = new ArrayList<>();

    Cut(int n1, int n2, boolean symmetric) {
      this.n1 = n1;
      this.n2 = n2;
      this.symmetric = symmetric;
      pairs = symmetric ? n1 * (n1 + 1.0) / 2 : (double) n1 * n2;
    }

    /** Matrices of gradients side by side count as one. */
    void matrices(List<Sides> sides) {
      Rows left = null;
      Rows right = null;
      for (Sides side : sides) {
        if (side.left() instanceof Rows rows && side.right() instanceof Rows columns) {
          if (left != null && left.goesOn(rows) && right.goesOn(columns)) {
            left = left.columns(0, left.width() + rows.width());
            right = right.columns(0, right.width() + columns.width());
          } else {
            products(left, right);
            left = rows;
            right = columns;
          }
        }
      }
      products(left, right);
    }

    private void products(Rows left, Rows right) {
      if (left == null) {
        return;
      }
      int most = Math.max(NARROW, Math.min(WIDE, left.width() / (PIECES * lanes.size())));
      int even = even(left.width(), most, lanes.size());
      for (int first = 0; first < left.width(); first += even) {
        int width = Math.min(even, left.width() - first);
        Rows some = left.columns(first, width);
        Rows other = right.columns(first, width);
        pieces.add(
            new Piece(
                pairs * pairing.products(outputs) * (width + ENTRY),
                (lane, block) -> pairing.add(n1, some, n2, other, symmetric, outputs, block)));
      }
    }

    void part(Sides sides) {
      if (sides.left() instanceof Rows) {
        return;
      }
      Ingredients left = (Ingredients) sides.left();
      Ingredients right = (Ingredients) sides.right();
      LinearLayer layer = sides.part().layer().orElseThrow();
      if (sides.part().route() == Route.JACOBIAN) {
        formed(layer, left, right);
      } else {
        pairs(PairRoute.of(sides.part().route(), layer, pairing, outputs), left, right);
      }
    }

    /** Gradients are formed, some rows of the weights after the others, and contracted. */
    private void formed(LinearLayer layer, Ingredients left, Ingredients right) {
      int most = rows(layer, (symmetric ? 1 : 2) * n1, outputs, precision, budget, lanes.size());
      int count = even(layer.patch(), most, 1);
      double examples = symmetric ? n1 : n1 + n2;
      double row =
          layer.channels()
              * (pairs * pairing.products(outputs) + examples * outputs * layer.positions() * 1.5);
      for (int first = 0; first < layer.patch(); first += count) {
        int from = first;
        int now = Math.min(count, layer.patch() - first);
        pieces.add(
            new Piece(
                row * now,
                (lane, block) -> {
                  Rows g = form(lane, Slot.GRADIENTS, layer, left, n1, from, now);
                  Rows other =
                      symmetric ? g : form(lane, Slot.OTHER_GRADIENTS, layer, right, n2, from, now);
                  pairing.add(n1, g, n2, other, symmetric, outputs, block);
                }));
      }
    }

    private void pairs(PairRoute route, Ingredients left, Ingredients right) {
      int most = Math.min(route.examples(), (n1 + 2 * lanes.size() - 1) / (2 * lanes.size()));
      for (int r = 0; r < n1; r += most) {
        int first = symmetric ? r : 0;
        Span rows = new Span(left, r, Math.min(most, n1 - r), n1);
        Span columns = new Span(right, first, n2 - first, n2);
        pieces.add(
            new Piece(
                (double) rows.count() * columns.count() * route.cost(),
                (lane, block) -> route.add(lane, rows, columns, block)));
      }
    }

    /** Shares the pieces out, the costly ones first, and adds what the lanes found. */
    NativeArray run() {
      pieces.sort(Comparator.comparingDouble((Piece piece) -> -piece.cost()));
      int used = Math.max(1, Math.min(lanes.size(), pieces.size()));
      double[] load = new double[used];
      List<List<Piece>> shares = new ArrayList<>();
      IntStream.range(0, used).forEach(k -> shares.add(new ArrayList<>()));
      for (Piece piece : pieces) {
        int least = 0;
        for (int k = 1; k < used; k++) {
          least = load[k] < load[least] ? k : least;
        }
        load[least] += piece.cost();
        shares.get(least).add(piece);
      }
      long entries = pairing.entries(n1, n2, outputs);
      NativeArray sum = NativeArray.zeros(precision, entries);
      Consumer<Integer> share =
          k -> {
            NativeArray own = sum;
            if (k > 0) {
              own = lanes.get(k).memory(Slot.SUM, entries);
              own.clear(0, entries);
            }
            for (Piece piece : shares.get(k)) {
              piece.work().add(lanes.get(k), own);
            }
          };
      try {
        Blas.alone(
            () -> {
              IntStream.range(0, used).parallel().forEach(share::accept);
              IntStream.range(0, used).parallel().forEach(k -> addLanes(sum, entries, k, used));
            });
        return sum;
      } catch (RuntimeException | Error e) {
        sum.close();
        throw e;
      }
    }
  }

  /** Adds a share of what the lanes found to the first one's. */
  private void addLanes(NativeArray sum, long entries, int share, int used) {
    long from = entries * share / used;
    int count = Math.toIntExact(entries * (share + 1) / used - from);
    for (Lane lane : lanes.subList(1, used)) {
      sum.add(from, lane.memory(Slot.SUM, entries), from, count);
    }
  }

  private Rows form(
      Lane lane, Slot slot, LinearLayer layer, Ingredients of, int examples, int first, int count) {
    int width = layer.channels() * count;
    NativeArray memory = lane.memory(slot, (long) examples * outputs * width);
    Gradients form = new Gradients(layer, outputs);
    for (int e = 0; e < examples; e++) {
      form.form(of, e, first, count, lane, memory, (long) e * outputs * width);
    }
    return new Rows(memory, 0, width, width);
  }

  /** Rows of the weights whose gradients are formed at once. */
  private static int rows(
      LinearLayer layer, int examples, int outputs, Precision precision, long budget, int lanes) {
    long perRow = (long) examples * outputs * layer.channels() * precision.bytes();
    int wide = (NARROW + layer.channels() - 1) / layer.channels();
    int few = Math.max(FEW_ROWS, Math.min(layer.patch(), wide));
    int fast = Math.max(few, Math.min(FAST_ROWS, layer.patch() / (PIECES * lanes)));
    return (int) Math.max(1, Math.min(budget / lanes / perRow, fast));
  }

  /**
   * The size of equal parts of a whole, none larger than {@code most}. Of more than one, there are
   * a multiple of {@code unit}.
   */
  private static int even(int whole, int most, int unit) {
    int parts = (whole + most - 1) / most;
    int count = parts == 1 ? 1 : (parts + unit - 1) / unit * unit;
    return (whole + count - 1) / count;
  }

  /**
   * Bytes that the lanes take while a tile of n x n examples is contracted, beside the panels and
   * the block.
   */
  static long temporary(
      List<Part> parts,
      Pairing pairing,
      int outputs,
      Precision precision,
      int n,
      boolean alone,
      long budget,
      int lanes) {
    long most = 0;
    int examples = (alone ? 1 : 2) * n;
    for (Part part : parts) {
      if (part.keepsGradients(outputs)) {
        continue;
      }
      LinearLayer layer = part.layer().orElseThrow();
      long values;
      if (part.route() != Route.JACOBIAN) {
        values = PairRoute.of(part.route(), layer, pairing, outputs).memory(n);
      } else {
        int rows = rows(layer, examples, outputs, precision, budget, lanes);
        values =
            (long) rows * ((long) (examples + 1) * outputs * layer.channels() + layer.positions());
      }
      most = Math.max(most, values);
    }
    long sums = (lanes - 1) * pairing.entries(n, n, outputs);
    return precision.bytes() * (lanes * most + sums);
  }
}
