package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Optional;
import org.tfjavantk.cli.run.MachineRate;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.Forecast;
import org.tfjavantk.empirical.Operations;
import org.tfjavantk.empirical.Pilot;
import org.tfjavantk.empirical.TileJob;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.DeviceChoice;

/** Predicts what the tiles of a step take, and times them. */
final class KernelTiming {
  /** Seconds at a good rate; what takes less is not worth a pilot. */
  private static final double SHORT = 10;

  /** So few operations take less than {@link #SHORT} at any rate, which need not be known then. */
  private static final double FEW = 5e11;

  private final EmpiricalNtk ntk;
  private final DeviceChoice device;
  private final Operations operations;
  private final Forecast forecast;
  private final double pilotSeconds;
  private final double factorsBefore;
  private final double contractionBefore;
  private final long start;

  private KernelTiming(
      EmpiricalNtk ntk,
      DeviceChoice device,
      Operations operations,
      Forecast forecast,
      double pilotSeconds) {
    this.ntk = ntk;
    this.device = device;
    this.operations = operations;
    this.forecast = forecast;
    this.pilotSeconds = pilotSeconds;
    this.factorsBefore = ntk.factorSeconds();
    this.contractionBefore = ntk.contractionSeconds();
    this.start = System.nanoTime();
  }

  /**
   * Begins, with a pilot where the work is long.
   *
   * @param jobs the tiles that are going to be computed
   */
  static KernelTiming begin(
      EmpiricalNtk ntk, DeviceChoice device, Examples examples, TilePlan plan, List<TileJob> jobs) {
    Operations operations =
        jobs.stream()
            .map(job -> ntk.operations(job, plan))
            .reduce(new Operations(0, 0), Operations::plus);
    long start = System.nanoTime();
    Forecast forecast =
        isLong(ntk, device, operations) ? Pilot.of(ntk, examples, plan, jobs, 0) : null;
    double pilotSeconds = forecast == null ? 0 : (System.nanoTime() - start) * 1e-9;
    return new KernelTiming(ntk, device, operations, forecast, pilotSeconds);
  }

  private static boolean isLong(EmpiricalNtk ntk, DeviceChoice device, Operations operations) {
    if (operations.total() < FEW || ntk.onDevice()) {
      return false;
    }
    double peak = MachineRate.known(ntk.model().precision(), device).peak();
    return EmpiricalPlan.seconds(operations.total(), peak) > SHORT;
  }

  /** Seconds since the tiles were begun. */
  double seconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** What was achieved, now that all tiles are done; empty if there were none. */
  Optional<KernelPerformance> end(double seconds) {
    if (operations.total() == 0) {
      return Optional.empty();
    }
    double factors = ntk.factorSeconds() - factorsBefore;
    double contraction = ntk.contractionSeconds() - contractionBefore;
    MachineRate rate = MachineRate.known(ntk.model().precision(), device);
    double predicted =
        forecast == null
            ? EmpiricalPlan.seconds(operations.total(), rate.peak())
            : forecast.prepared();
    return Optional.of(
        new KernelPerformance(
            predicted, pilotSeconds, seconds, factors, contraction, operations, rate.peak()));
  }
}
