package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tfjavantk.infinite.AxisPool.Run;
import org.tfjavantk.infinite.SlabMath.Pair;
import org.tfjavantk.infinite.SlabPlan.Level;

/**
 * An average pool after a level: adds the slabs of one level to those of the next. For one offset
 * along the width, the slabs of all offsets along the height are first added up row by row, and the
 * sums then go column by column to where they belong.
 */
final class SlabPool<A> {
  private final Level next;
  private final Grid grid;
  private final SlabMath<A> math;
  private final int window;
  private final double scale;

  /** Of every offset along the height: the rows and where they go, an index into dy of the next. */
  private final List<List<Run>> rows = new ArrayList<>();

  /** Of every offset along the width: the columns and where they go, an index into dx. */
  private final List<List<Run>> columns = new ArrayList<>();

  private final Pair<A> sums;

  SlabPool(Level level, Level next, SlabMath<A> math) {
    this.next = next;
    this.math = math;
    grid = level.grid();
    window = level.poolY().window();
    scale = 1.0 / ((long) window * window * window * window);
    for (int dy : level.dy()) {
      rows.add(indexed(level.poolY().runs(dy, next.dy()), next.dy()));
    }
    for (int dx : level.dx()) {
      columns.add(indexed(level.poolX().runs(dx, next.dx()), next.dx()));
    }
    int length = next.dy().length * block();
    sums = new Pair<>(math.zeros(length), math.zeros(length));
  }

  private static List<Run> indexed(List<Run> runs, int[] offsets) {
    return runs.stream()
        .map(run -> new Run(run.first(), run.count(), Arrays.binarySearch(offsets, run.offset())))
        .toList();
  }

  /** The sums for one pooled offset along the height. */
  private int block() {
    return next.grid().height() * grid.row();
  }

  /** Adds the slab of the offset with index y along the height. */
  void add(int y, Pair<A> slab) {
    for (Run run : rows.get(y)) {
      int in = grid.border() + run.first() * grid.columns();
      int out = run.offset() * block() + run.first() / window * grid.row();
      add(slab.k(), in, sums.k(), out, run.count());
      add(slab.theta(), in, sums.theta(), out, run.count());
    }
  }

  private void add(A slab, int in, A sums, int out, int count) {
    int stride = window * grid.columns();
    math.add(slab, in, stride, 1, 1, sums, out, grid.row(), grid.row(), count);
  }

  /** Hands on what was added for the offset with index x along the width. */
  void flush(int x, Pair<A> inputs) {
    for (Run run : columns.get(x)) {
      for (int y = 0; y < next.dy().length; y++) {
        int in = y * block() + run.first();
        int out = next.slab(y, run.offset()) + next.grid().border() + run.first() / window;
        hand(sums.k(), in, inputs.k(), out, run.count());
        hand(sums.theta(), in, inputs.theta(), out, run.count());
      }
    }
    math.clear(sums.k(), 0, next.dy().length * block());
    math.clear(sums.theta(), 0, next.dy().length * block());
  }

  private void hand(A sums, int in, A input, int out, int count) {
    Grid to = next.grid();
    math.add(sums, in, grid.row(), window, scale, input, out, to.columns(), count, to.height());
  }
}
