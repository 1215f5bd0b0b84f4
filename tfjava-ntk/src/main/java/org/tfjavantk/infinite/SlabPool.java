package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.infinite.AxisPool.Run;
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

  /** Of every offset along the width: columns, and where they go from the first slab's row. */
  private final List<int[]> from = new ArrayList<>();

  private final List<int[]> to = new ArrayList<>();
  private final A k;
  private final A theta;

  SlabPool(Level level, Level next, SlabMath<A> math) {
    this.next = next;
    this.math = math;
    grid = level.grid();
    window = level.poolY().window();
    scale = 1.0 / ((long) window * window * window * window);
    for (int dy : level.dy()) {
      rows.add(level.poolY().runs(dy, next.dy()).stream().map(run -> indexed(run)).toList());
    }
    for (int dx : level.dx()) {
      List<Run> runs = level.poolX().runs(dx, next.dx());
      from.add(runs.stream().flatMapToInt(this::positions).toArray());
      to.add(runs.stream().flatMapToInt(this::targets).toArray());
    }
    k = math.zeros(next.dy().length * block());
    theta = math.zeros(next.dy().length * block());
  }

  private Run indexed(Run run) {
    return new Run(run.first(), run.count(), index(next.dy(), run.offset()));
  }

  private IntStream positions(Run run) {
    return IntStream.range(0, run.count()).map(i -> run.first() + i * window);
  }

  private IntStream targets(Run run) {
    int slab = next.slab(0, index(next.dx(), run.offset()));
    return IntStream.range(0, run.count()).map(i -> slab + run.first() / window + i);
  }

  private static int index(int[] sorted, int value) {
    return java.util.Arrays.binarySearch(sorted, value);
  }

  /** The sums for one pooled offset along the height. */
  private int block() {
    return next.grid().height() * grid.row();
  }

  /** Adds the slab of the offset with index y along the height. */
  void add(int y, A slabK, A slabTheta, int first) {
    for (Run run : rows.get(y)) {
      int in = first + run.first() * grid.columns();
      int out = run.offset() * block() + run.first() / window * grid.row();
      int step = window * grid.columns();
      math.addRows(slabK, in, step, k, out, grid.row(), grid.row(), run.count());
      math.addRows(slabTheta, in, step, theta, out, grid.row(), grid.row(), run.count());
    }
  }

  /** Hands on what was added for the offset with index x along the width. */
  void flush(int x, A nextK, A nextTheta) {
    int columns = next.grid().columns();
    for (int y = 0; y < next.dy().length; y++) {
      for (int p = 0; p < next.grid().height(); p++) {
        int in = y * block() + p * grid.row();
        int out = next.slab(y, 0) + next.grid().border() + p * columns;
        math.scatter(k, in, from.get(x), nextK, out, to.get(x), scale);
        math.scatter(theta, in, from.get(x), nextTheta, out, to.get(x), scale);
      }
    }
    math.clear(k, 0, next.dy().length * block());
    math.clear(theta, 0, next.dy().length * block());
  }
}
