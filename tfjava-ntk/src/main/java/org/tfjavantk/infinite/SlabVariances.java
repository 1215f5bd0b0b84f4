package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabPlan.Level;
import org.tfjavantk.infinite.SlabStack.Conv;

/**
 * The variances K_xx[p, p] before every ReLU. Within a level they are linear: ReLU halves them, a
 * convolution takes their mean. Above a pool they depend on the pairs of positions that the windows
 * join, so an image is walked through with itself, at the few offsets that this takes.
 */
final class SlabVariances {
  private final SlabPlan plan;
  private final int levels;
  private final SlabWalk<double[]> walk;
  private final SlabMath<double[]> math;

  /**
   * @param levels of the plan of the whole stack
   */
  SlabVariances(SlabStack stack, int levels, SlabMath<double[]> math) {
    plan = SlabPlan.ofVariances(stack);
    this.levels = levels;
    this.math = math;
    walk = new SlabWalk<>(plan, math);
  }

  /** The example of an image that lies in the first level's grid. */
  SlabExample example(double[] pixels) {
    List<List<double[]>> deviations = new ArrayList<>();
    var side = new SlabSide<>(true, pixels, deviations);
    walk.begin(List.of(new SlabWalk.Image<>(side, true)), side);
    for (int s = 0; s < plan.levels().size(); s++) {
      Level level = plan.levels().get(s);
      deviations.add(deviations(level, s == 0 ? squares(pixels, level.grid()) : walk.input(s)));
      if (s + 1 < plan.levels().size()) {
        walk.level(s);
      }
    }
    while (deviations.size() < levels) {
      deviations.add(List.of());
    }
    return new SlabExample(pixels, deviations);
  }

  private double[] squares(double[] pixels, Grid grid) {
    double[] squares = new double[grid.length()];
    for (int i = 0; i < pixels.length; i++) {
      squares[i % grid.length()] += pixels[i] * pixels[i];
    }
    return squares;
  }

  private List<double[]> deviations(Level level, double[] input) {
    Grid grid = level.grid();
    List<double[]> deviations = new ArrayList<>();
    double[] v = input.clone();
    double[] sums = new double[grid.length()];
    for (Conv conv : level.convs()) {
      double scale = conv.weightVariance() / (conv.size() * conv.size());
      int n = grid.values();
      int at = grid.border();
      math.box(v, sums, 1, conv.radius(), 1, at, n);
      math.box(sums, v, grid.columns(), conv.radius(), scale, at, n);
      double[] deviation = new double[grid.length()];
      for (int i = 0; i < grid.positions(); i++) {
        boolean inside = i / grid.columns() < grid.height() && i % grid.columns() < grid.width();
        double variance = inside ? v[at + i] + conv.biasVariance() : 0;
        deviation[at + i] = Math.sqrt(variance);
        v[at + i] = variance / 2;
      }
      deviations.add(deviation);
    }
    return deviations;
  }
}
