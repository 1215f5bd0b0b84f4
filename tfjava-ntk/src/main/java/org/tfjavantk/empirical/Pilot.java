package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.CostCurve.Sample;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.tile.Block;

/**
 * Computes a little of a kernel, to say what all of it takes.
 *
 * <p>Factors are computed of some examples, contracted with themselves and as if with others, made
 * to a tile and written, in sizes that grow for as long as the time allows; {@link CostCurve}s
 * through what that took are extended to the tiles of the plan. No size is larger than a tile, so
 * that the memory of the plan suffices.
 */
public final class Pilot {
  /** The part of the time of all tiles that may be spent. */
  private static final double SHARE = 0.1;

  /** Seconds that are spent at most, but for the first size. */
  private static final double MOST = 20;

  /** The first size is this part of the examples whose factors the tiles take. */
  private static final int PART = 16;

  /** Seconds after which nothing is repeated. */
  private static final double REPEATED = 0.3;

  private static final int REPETITIONS = 5;

  /** Seconds of all repetitions of short work of one size, about. */
  private static final double SHORT_ONES = 0.5;

  /** The next size is at most so many times the last. */
  private static final int LEAP = 4;

  /** And at least, or it would not tell much more. */
  private static final double STEP = 1.25;

  /** Sizes smaller than the last by more than this say little of larger ones. */
  private static final double FAR = 4;

  private final EmpiricalNtk ntk;
  private final Examples examples;
  private final TilePlan plan;
  private final List<TileJob> jobs;
  private final int round;
  private final List<Sample> factors = new ArrayList<>();
  private final List<Sample> diagonal = new ArrayList<>();
  private final List<Sample> across = new ArrayList<>();
  private final List<Sample> copying = new ArrayList<>();
  private final List<Sample> writing = new ArrayList<>();
  private double setup;

  private Pilot(EmpiricalNtk ntk, Examples examples, TilePlan plan, List<TileJob> jobs) {
    this.ntk = ntk;
    this.examples = examples;
    this.plan = plan;
    this.jobs = jobs;
    this.round = Math.min(plan.tile(), plan.batch() * plan.atOnce());
  }

  /**
   * Says what tiles will take. Spends a tenth of that, 20 seconds at most, beside the preparation
   * of the graphs; a tile is written to the folder for temporary files and deleted.
   *
   * @param examples some of the kernel's
   * @param jobs what is to be computed, with at least one tile
   * @param least seconds that may be spent even if all tiles take less
   */
  public static Forecast of(
      EmpiricalNtk ntk, Examples examples, TilePlan plan, List<TileJob> jobs, double least) {
    try {
      return new Pilot(ntk, examples, plan, jobs).forecast(least);
    } finally {
      ntk.release();
    }
  }

  private Forecast forecast(double least) {
    long start = System.nanoTime();
    long loaded = jobs.stream().mapToLong(job -> PanelOrder.examples(job, plan.panels())).sum();
    int size = (int) Math.max(1, Math.min(round, loaded / PART));
    // Once for what only the first use takes: the preparation of graphs, loops that are compiled.
    double[] x = read(size);
    setup = once(() -> ntk.panel(x, size, plan).close());
    measure(size, true);
    setup = Math.max(0, setup - factors.get(0).seconds());
    return grown(size, start, least);
  }

  /** Measures sizes that are as large as the time allows. */
  private Forecast grown(int first, long start, double least) {
    int size = first;
    while (true) {
      Pace pace = pace(size);
      Forecast forecast = pace.forecast(jobs, plan.panels(), ntk::entries);
      double spent = (System.nanoTime() - start) * 1e-9 - setup;
      double allowed = Math.max(least, Math.min(MOST, SHARE * forecast.prepared())) - spent;
      int next = (int) Math.min(plan.tile(), LEAP * (long) size);
      while (next > size && cost(pace, next) > allowed) {
        next--;
      }
      if (next == size || next < plan.tile() && next < STEP * size) {
        return forecast;
      }
      size = next;
      measure(size, false);
    }
  }

  private boolean needs(boolean alone) {
    return jobs.stream()
        .anyMatch(job -> job.tiles().stream().anyMatch(tile -> job.alone(tile) == alone));
  }

  /** What the measurements of a size take: long ones once, others some time. */
  private double cost(Pace pace, int size) {
    double factors = (size <= round ? 2 : 1) * pace.panel(size);
    double contraction = pace.diagonal().at(size) + pace.across().at(size);
    return factors + contraction + SHORT_ONES;
  }

  private double[] read(int size) {
    double[] x = new double[size * examples.size()];
    for (int k = 0; k < size; k++) {
      examples.read(k % examples.count(), x, k * examples.size());
    }
    return x;
  }

  /**
   * @param first whether nothing was contracted before: half the examples are, then, too
   */
  private void measure(int size, boolean first) {
    if (size <= round) {
      measure(factors, size, () -> ntk.panel(read(size), size, plan).close());
    }
    try (Panel panel = ntk.panel(read(size), size, plan)) {
      if (first && size > 1) {
        contract(panel, panel);
        contractions(panel, size / 2);
      }
      contractions(panel, size);
    }
    // Panels of the next size don't fit in there.
    ntk.release();
    tile(size);
  }

  /** Of the first examples of a panel. */
  private void contractions(Panel panel, int size) {
    // The same factors twice, the second time not seen to be the same.
    Panel rows = new Panel(size, panel.factors(), panel.arrays(), null);
    Panel columns = new Panel(size, panel.factors(), panel.arrays(), null);
    if (needs(true)) {
      measure(diagonal, size, () -> contract(rows, rows));
    }
    if (needs(false)) {
      measure(across, size, () -> contract(rows, columns));
    }
  }

  private void contract(Panel rows, Panel columns) {
    for (int group = 0; group < ntk.groups().size(); group++) {
      ntk.contract(group, rows, columns, plan.memory()).close();
    }
  }

  /** Copies and writes a tile. */
  private void tile(int size) {
    int side = ntk.side(size);
    long entries = ntk.entries(size, size);
    try (NativeArray values = NativeArray.zeros(ntk.model().precision(), (long) side * side);
        ScratchStore store = new ScratchStore(side, jobs.get(0).layout().storage())) {
      Block block = new Block();
      int matrices = Math.toIntExact(entries / ((long) side * side));
      measure(
          copying,
          entries,
          () -> {
            for (int k = 0; k < matrices; k++) {
              block.take(values, 0, side, side, 1);
            }
          });
      measure(
          writing,
          entries,
          () -> {
            for (int k = 0; k < matrices; k++) {
              store.write(block);
            }
          });
    }
  }

  private Pace pace(double last) {
    double lastEntries = ntk.entries((int) last, (int) last);
    return new Pace(
        setup,
        round,
        fit(factors, Math.min(last, round) / FAR, 1),
        fit(diagonal, last / FAR, 2),
        fit(across, last / FAR, 2),
        fit(copying, lastEntries / FAR / FAR, 1),
        fit(writing, lastEntries / FAR / FAR, 1));
  }

  private static CostCurve fit(List<Sample> samples, double from, int degree) {
    return CostCurve.fit(samples.stream().filter(sample -> sample.size() >= from).toList(), degree);
  }

  private static double once(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Adds the least time of some repetitions: whatever disturbs makes it longer. */
  private void measure(List<Sample> samples, double size, Runnable work) {
    double least = once(work);
    double sum = least;
    for (int k = 1; k < REPETITIONS && sum < REPEATED; k++) {
      double again = once(work);
      sum += again;
      least = Math.min(least, again);
    }
    samples.add(new Sample(size, least));
  }
}
