package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.infinite.SlabStack.Conv;
import org.tfjavantk.infinite.SlabStack.Stage;
import org.tfjavantk.infinite.SlabStack.Top;

/**
 * The stages of a stack with the offsets q - p that each of them needs. Walking down from the top:
 * the mean over all positions needs all, flattening the offset 0 only; a convolution needs of the
 * stage below what it is needed of, a pool the offsets within its windows.
 *
 * @param levels one for each stage, and a last one that no pool follows
 */
record SlabPlan(int channels, List<Level> levels) {

  /**
   * A stage between two pools, where every offset evolves by itself.
   *
   * @param dy offsets needed along the height, cyclic in the grid's rows, in order
   * @param dx along the width
   * @param poolY of the pool that follows; null at the top
   */
  record Level(Grid grid, List<Conv> convs, int[] dy, int[] dx, AxisPool poolY, AxisPool poolX) {

    /** Values of a pair of images: the slabs of all offsets needed, one after the other. */
    int length() {
      return Math.multiplyExact(dy.length * dx.length, grid.length());
    }

    /** Where the slab of the offset (dy[y], dx[x]) begins. */
    int slab(int y, int x) {
      return (y * dx.length + x) * grid.length();
    }
  }

  static SlabPlan of(SlabStack stack) {
    List<Stage> stages = new ArrayList<>(stack.stages());
    if (stages.isEmpty() || stages.get(stages.size() - 1).pool() > 1) {
      stages.add(new Stage(List.of(), 1));
    }
    return of(stack, joined(stages), stack.top() == Top.AVERAGE);
  }

  /**
   * What a kernel of an image with itself takes up to the last level whose variances are wanted:
   * there the offset 0.
   */
  static SlabPlan ofVariances(SlabStack stack) {
    List<Stage> stages = joined(stack.stages());
    int last = stages.size() - 1;
    while (last > 0 && stages.get(last).convs().isEmpty()) {
      last--;
    }
    return of(stack, stages.subList(0, last + 1), false);
  }

  /** Stages that no pool parts are one. */
  private static List<Stage> joined(List<Stage> stages) {
    List<Stage> joined = new ArrayList<>();
    List<Conv> convs = new ArrayList<>();
    for (int s = 0; s < stages.size(); s++) {
      convs.addAll(stages.get(s).convs());
      if (stages.get(s).pool() > 1 || s == stages.size() - 1) {
        joined.add(new Stage(convs, stages.get(s).pool()));
        convs.clear();
      }
    }
    return joined;
  }

  private static SlabPlan of(SlabStack stack, List<Stage> stages, boolean all) {
    List<Grid> grids = new ArrayList<>();
    int h = stack.height();
    int w = stack.width();
    for (Stage stage : stages) {
      grids.add(new Grid(h, w, stage.pad()));
      h /= stage.pool();
      w /= stage.pool();
    }
    Level[] levels = new Level[stages.size()];
    for (int s = levels.length - 1; s >= 0; s--) {
      Grid grid = grids.get(s);
      List<Conv> convs = stages.get(s).convs();
      if (s == levels.length - 1) {
        int[] dy = IntStream.range(0, all ? grid.rows() : 1).toArray();
        int[] dx = IntStream.range(0, all ? grid.columns() : 1).toArray();
        levels[s] = new Level(grid, convs, dy, dx, null, null);
      } else {
        Grid next = grids.get(s + 1);
        int window = stages.get(s).pool();
        AxisPool y = AxisPool.of(grid.height(), grid.pad(), window, next.pad());
        AxisPool x = AxisPool.of(grid.width(), grid.pad(), window, next.pad());
        levels[s] =
            new Level(grid, convs, y.below(levels[s + 1].dy()), x.below(levels[s + 1].dx()), y, x);
      }
    }
    return new SlabPlan(stack.channels(), Arrays.asList(levels));
  }

  /** Whether something mixes positions, so that more than p = q counts. */
  boolean mixes() {
    Level bottom = levels.get(0);
    return bottom.dy().length * bottom.dx().length > 1;
  }

  /** How many pairs of positions the last layer takes the mean of. */
  double pairs(Top top) {
    Grid grid = top().grid();
    double positions = (double) grid.height() * grid.width();
    return top == Top.AVERAGE ? positions * positions : positions;
  }

  Level top() {
    return levels.get(levels.size() - 1);
  }
}
