package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Optional;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.Forecast;
import org.tfjavantk.empirical.ParameterRoute;
import org.tfjavantk.empirical.Pilot;
import org.tfjavantk.empirical.TileJob;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.empirical.Work;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.store.KernelLayout;

/**
 * What an {@code empirical_kernel} step is going to do.
 *
 * @param step its place in the config
 * @param network what its network is called
 * @param parameterCount p
 * @param outputs of the network
 * @param kind what the kernel is, in a few words
 * @param precision the arithmetic
 * @param blocks of the kernel, that of the training examples first
 * @param routes how the part of each parameter is computed
 * @param cut tiles and batches, and the memory for them
 * @param memory what the config allows, in bytes
 * @param work at least: every example's factors once, every pair once
 * @param operations with factors and gradients that are computed again for other tiles
 * @param forecast what a pilot said of the time, where there was one
 */
public record EmpiricalPlan(
    int step,
    String network,
    long parameterCount,
    int outputs,
    String kind,
    Precision precision,
    List<Block> blocks,
    List<ParameterRoute> routes,
    TilePlan cut,
    long memory,
    Work work,
    double operations,
    Optional<Forecast> forecast)
    implements KernelPlan {

  /**
   * The part of the rate of a matrix product that the kernel of a large network is expected to
   * reach; small ones reach less.
   */
  public static final double SHARE_OF_PEAK = 0.6;

  /** Seconds that a pilot may take, however short the job is. */
  private static final double PILOT = 5;

  public EmpiricalPlan {
    blocks = List.copyOf(blocks);
    routes = List.copyOf(routes);
  }

  static EmpiricalPlan of(
      int step, EmpiricalNtk ntk, String kind, List<Block> blocks, TilePlan cut, long memory) {
    Work work = new Work(0, 0, 0, 0);
    double operations = 0;
    for (Block block : blocks) {
      KernelLayout layout = block.layout();
      int n1 = layout.rowExamples();
      int n2 = layout.columnExamples();
      Work least = ntk.work(n1, n2, layout.symmetric());
      work = work.plus(least);
      operations += ntk.operations(TileJob.all(layout), cut).total();
    }
    return new EmpiricalPlan(
        step,
        ntk.model().name(),
        ntk.model().parameterCount(),
        ntk.model().outputs(),
        kind,
        ntk.model().precision(),
        blocks,
        ntk.routes(),
        cut,
        memory,
        work,
        operations,
        Optional.empty());
  }

  /** This plan with what a pilot says of its time; the pilot may take some seconds. */
  EmpiricalPlan tried(EmpiricalNtk ntk, Examples examples) {
    List<TileJob> jobs = blocks.stream().map(block -> TileJob.all(block.layout())).toList();
    return new EmpiricalPlan(
        step,
        network,
        parameterCount,
        outputs,
        kind,
        precision,
        blocks,
        routes,
        cut,
        memory,
        work,
        operations,
        Optional.of(Pilot.of(ntk, examples, cut, jobs, PILOT)));
  }

  @Override
  public int tile() {
    return cut.tile();
  }

  /**
   * What the step is expected to take: what the pilot says, or else operations at {@link
   * #SHARE_OF_PEAK} of the peak.
   *
   * @param peak operations per second of a matrix product on this machine
   */
  public double seconds(double peak) {
    return forecast.map(Forecast::total).orElse(seconds(operations, peak));
  }

  static double seconds(double operations, double peak) {
    return operations / (SHARE_OF_PEAK * peak);
  }
}
