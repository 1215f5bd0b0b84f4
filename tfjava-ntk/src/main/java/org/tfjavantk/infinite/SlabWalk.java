package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabMath.Angles;
import org.tfjavantk.infinite.SlabMath.Pair;
import org.tfjavantk.infinite.SlabPlan.Level;
import org.tfjavantk.infinite.SlabStack.Conv;

/**
 * Computes K and Θ of some images x with one image z, level by level. Between two pools every
 * offset d = q - p evolves by itself: a slab of K[p, p+d] and Θ[p, p+d] over all p, small enough to
 * stay in the first-level cache through all layers of the level. Offsets are cyclic in an image
 * that is padded at one end as far as the convolutions reach; the padding, which is zero, parts the
 * pairs with offset d from those with d - period, and one slab holds both.
 *
 * <p>Works with memory of its own: one for each thread.
 */
final class SlabWalk<A> {
  private final SlabPlan plan;
  private final SlabMath<A> math;
  private final List<Stage> stages = new ArrayList<>();
  private List<Image<A>> rows;
  private SlabSide<A> column;
  private double[] k;
  private double[] theta;

  SlabWalk(SlabPlan plan, SlabMath<A> math) {
    this.plan = plan;
    this.math = math;
    for (Level level : plan.levels()) {
      stages.add(new Stage(level));
    }
  }

  /**
   * An image x.
   *
   * @param same whether it is the image z, whose angles with itself are 0
   */
  record Image<A>(SlabSide<A> side, boolean same) {}

  /** K and Θ of the images x, one after the other, as sums over the slabs of the top. */
  record Totals(double[] k, double[] theta) {}

  Totals run(List<Image<A>> rows, SlabSide<A> column) {
    begin(rows, column);
    for (int s = 0; s < stages.size(); s++) {
      level(s);
    }
    return new Totals(k, theta);
  }

  void begin(List<Image<A>> rows, SlabSide<A> column) {
    this.rows = rows;
    this.column = column;
    k = new double[rows.size()];
    theta = new double[rows.size()];
    for (int s = 1; s < stages.size(); s++) {
      stages.get(s).begin(rows.size());
    }
  }

  /** Takes the images through a level and the pool after it. */
  void level(int s) {
    Stage stage = stages.get(s);
    Level level = stage.level;
    for (int x = 0; x < level.dx().length; x++) {
      stage.columns(x, column.pixels(), column.deviations().get(s));
      for (int b = 0; b < rows.size(); b++) {
        for (int y = 0; y < level.dy().length; y++) {
          slab(s, b, y, x);
        }
        if (stage.pool != null) {
          stage.pool.flush(x, stages.get(s + 1).inputs.get(b));
        }
      }
    }
  }

  /** K[p, p] of the first image as it enters a level above the first, in the level's grid. */
  A input(int s) {
    return stages.get(s).inputs.get(0).k();
  }

  private void slab(int s, int b, int y, int x) {
    Stage stage = stages.get(s);
    SlabSide<A> left = rows.get(b).side();
    int dy = stage.level.dy()[y];
    Pair<A> slab = stage.slab;
    int first = stage.grid.border();
    if (s == 0) {
      stage.products(left.pixels(), dy);
    } else {
      int at = stage.level.slab(y, x);
      int length = stage.grid.length();
      System.arraycopy(stage.inputs.get(b).k(), at, slab.k(), 0, length);
      System.arraycopy(stage.inputs.get(b).theta(), at, slab.theta(), 0, length);
    }
    Angles angles = Angles.ACUTE;
    if (rows.get(b).same() && dy == 0 && stage.level.dx()[x] == 0) {
      angles = Angles.ZERO;
    } else if (stage.raw && (left.negative() || column.negative())) {
      angles = Angles.ANY;
    }
    stage.convolve(dy, left.deviations().get(s), angles);
    if (stage.pool != null) {
      stage.pool.add(y, slab);
    } else {
      k[b] += math.sum(slab.k(), first, stage.grid.values());
      theta[b] += math.sum(slab.theta(), first, stage.grid.values());
    }
  }

  /** What a level works with. */
  private final class Stage {
    final Level level;
    final Grid grid;

    /** Whether no ReLU is below: K may be negative, and Θ is zero. */
    final boolean raw;

    final RolledSide<A> rolled;
    final SlabMask<A> mask;
    final SlabFilter<A> filter;
    final Pair<A> slab;

    /** Null at the top. */
    final SlabPool<A> pool;

    /** Of every image the slabs that the pool below has added up; none at the bottom. */
    final List<Pair<A>> inputs = new ArrayList<>();

    Stage(Level level) {
      int s = stages.size();
      this.level = level;
      raw = plan.levels().stream().limit(s).allMatch(below -> below.convs().isEmpty());
      grid = level.grid();
      rolled = new RolledSide<>(level, s == 0 ? plan.channels() : 0, math);
      mask = new SlabMask<>(grid, math);
      filter = new SlabFilter<>(grid, math);
      slab = zeros(grid.length());
      pool = level.poolY() == null ? null : new SlabPool<>(level, plan.levels().get(s + 1), math);
    }

    private Pair<A> zeros(int length) {
      return new Pair<>(math.zeros(length), math.zeros(length));
    }

    /** Inputs of zero for so many images. */
    void begin(int images) {
      for (Pair<A> input : inputs) {
        math.clear(input.k(), 0, level.length());
        math.clear(input.theta(), 0, level.length());
      }
      while (inputs.size() < images) {
        inputs.add(zeros(level.length()));
      }
    }

    void columns(int x, A pixels, List<A> deviations) {
      rolled.roll(pixels, deviations, level.dx()[x]);
      mask.columns(level.dx()[x]);
    }

    /** K of the pixels, and Θ = 0. */
    void products(A left, int dy) {
      math.products(
          plan.channels(),
          left,
          grid.length(),
          rolled.pixels(),
          rolled.shift(dy),
          rolled.channel(),
          slab.k(),
          grid.border(),
          grid.values());
      if (level.convs().isEmpty()) {
        math.clear(slab.theta(), 0, grid.length());
      }
    }

    /** Takes the slab through the convolutions, the angles of the first of which are these. */
    void convolve(int dy, List<A> left, Angles angles) {
      mask.rows(dy);
      Angles now = angles;
      for (int i = 0; i < level.convs().size(); i++) {
        Conv conv = level.convs().get(i);
        math.relu(
            filter.sums(conv, slab, raw && i == 0),
            filter.step(conv),
            mask.values(),
            conv.biasVariance(),
            left.get(i),
            rolled.deviation(i),
            rolled.shift(dy),
            now,
            slab,
            grid.border(),
            grid.values());
        now = angles == Angles.ZERO ? Angles.ZERO : Angles.ACUTE;
      }
    }
  }
}
