package org.tfjavantk.cli;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.ProgressDisplay;
import org.tfjavantk.cli.run.RunCheck;
import org.tfjavantk.cli.run.RunExecutor;
import org.tfjavantk.cli.run.ShardExecutor;
import org.tfjavantk.cli.run.StepRunner;
import org.tfjavantk.cli.run.SweepExecutor;
import org.tfjavantk.cli.run.steps.StepRunners;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Step;

/**
 * What the commands work with.
 *
 * @param runners what carries out each kind of step
 * @param checks what must hold before a run starts
 * @param environment describes this machine for a run
 * @param display shows how far a run is
 */
record Workshop(
    Map<Step.KindCase, StepRunner> runners,
    List<RunCheck> checks,
    Function<Run, Environment> environment,
    ProgressDisplay display) {

  /** All that there is. */
  static Workshop standard(ProgressDisplay display) {
    return new Workshop(StepRunners.all(), StepRunners.checks(), Machine::forRun, display);
  }

  RunExecutor runs() {
    return new RunExecutor(runners, checks, environment, display);
  }

  ShardExecutor shards() {
    return new ShardExecutor(runs(), display);
  }

  SweepExecutor sweeps() {
    return new SweepExecutor(runs(), environment, display);
  }
}
