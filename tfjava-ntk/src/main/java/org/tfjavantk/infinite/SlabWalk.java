package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabMath.Spread;
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
      stages.add(new Stage(level, stages.isEmpty() ? plan.channels() : 0));
    }
  }

  /**
   * An image x.
   *
   * @param same whether it is the image z, whose angles with itself are 0
   */
  record Image<A>(SlabSide<A> side, boolean same) {}

  /** K and Θ of the images x, one after the other, as sums over the slabs of the top. */
  record Sums(double[] k, double[] theta) {}

  Sums run(List<Image<A>> rows, SlabSide<A> column) {
    begin(rows, column);
    for (int s = 0; s < stages.size(); s++) {
      level(s);
    }
    return new Sums(k, theta);
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
      stage.columns(x, column.pixels(), column.spreads().get(s));
      for (int b = 0; b < rows.size(); b++) {
        for (int y = 0; y < level.dy().length; y++) {
          slab(s, b, y, x);
        }
        if (stage.pool != null) {
          stage.pool.flush(x, stages.get(s + 1).k.get(b), stages.get(s + 1).theta.get(b));
        }
      }
    }
  }

  /** K[p, p] of the first image as it enters a level above the first, in the level's grid. */
  A input(int s) {
    return stages.get(s).k.get(0);
  }

  private void slab(int s, int b, int y, int x) {
    Stage stage = stages.get(s);
    SlabSide<A> left = rows.get(b).side();
    int dy = stage.level.dy()[y];
    boolean exact = rows.get(b).same() && dy == 0 && stage.level.dx()[x] == 0;
    A slabK = s == 0 ? stage.k.get(0) : stage.k.get(b);
    A slabTheta = s == 0 ? stage.theta.get(0) : stage.theta.get(b);
    int at = s == 0 ? 0 : stage.level.slab(y, x);
    if (s == 0) {
      stage.products(left.pixels(), dy, slabK);
      math.clear(slabTheta, 0, stage.grid.length());
    }
    stage.convolve(slabK, slabTheta, at, dy, left.spreads().get(s), exact);
    int first = at + stage.grid.border();
    if (stage.pool != null) {
      stage.pool.add(y, slabK, slabTheta, first);
    } else {
      k[b] += math.sum(slabK, first, stage.grid.values());
      theta[b] += math.sum(slabTheta, first, stage.grid.values());
    }
  }

  /** What a level works with. */
  private final class Stage {
    final Level level;
    final Grid grid;
    final RolledSide<A> rolled;
    final SlabMask<A> mask;
    final SlabPool<A> pool;
    final A sums;
    final A zeros;

    /** Of the first level one slab, of the others those of every image. */
    final List<A> k = new ArrayList<>();

    final List<A> theta = new ArrayList<>();

    Stage(Level level, int channels) {
      this.level = level;
      grid = level.grid();
      rolled = new RolledSide<>(level, channels, math);
      mask = new SlabMask<>(grid, math);
      int s = stages.size();
      pool = level.poolY() == null ? null : new SlabPool<>(level, plan.levels().get(s + 1), math);
      sums = math.zeros(grid.length());
      zeros = math.zeros(grid.length());
      if (s == 0) {
        k.add(math.zeros(grid.length()));
        theta.add(math.zeros(grid.length()));
      }
    }

    /** Zeros for so many images. */
    void begin(int images) {
      k.forEach(array -> math.clear(array, 0, level.length()));
      theta.forEach(array -> math.clear(array, 0, level.length()));
      while (k.size() < images) {
        k.add(math.zeros(level.length()));
        theta.add(math.zeros(level.length()));
      }
    }

    void columns(int x, A pixels, List<Spread<A>> spreads) {
      rolled.roll(pixels, spreads, level.dx()[x]);
      mask.columns(level.dx()[x]);
    }

    void products(A left, int dy, A slab) {
      math.products(
          plan.channels(),
          left,
          grid.border(),
          grid.length(),
          rolled.pixels(),
          rolled.at(dy),
          rolled.channel(),
          slab,
          grid.border(),
          grid.values());
    }

    void convolve(A slabK, A slabTheta, int at, int dy, List<Spread<A>> left, boolean exact) {
      mask.rows(dy);
      int first = at + grid.border();
      for (int i = 0; i < level.convs().size(); i++) {
        Conv conv = level.convs().get(i);
        box(conv, slabK, first);
        box(conv, slabTheta, first);
        math.relu(
            slabK,
            slabTheta,
            first,
            grid.values(),
            mask.values(),
            conv.biasVariance(),
            exact ? new Spread<>(left.get(i).deviation(), zeros) : left.get(i),
            grid.border(),
            rolled.spread(i),
            rolled.at(dy));
      }
    }

    private void box(Conv conv, A slab, int first) {
      double scale = conv.weightVariance() / (conv.size() * conv.size());
      int n = grid.values();
      math.box(slab, first, sums, grid.border(), n, 1, conv.radius(), 1);
      math.box(sums, grid.border(), slab, first, n, grid.columns(), conv.radius(), scale);
    }
  }
}
