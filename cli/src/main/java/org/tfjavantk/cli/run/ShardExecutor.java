package org.tfjavantk.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.config.Sweeps;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/**
 * Does one share of a run that several processes carry out in one directory.
 *
 * <p>The first to come does what the shares build on, such as training, and opens the files that
 * they go into; it has the directory to itself, and the others wait. The shares themselves are done
 * side by side. The steps after them, and the report, are left to a run without a shard.
 */
public final class ShardExecutor {
  private final RunExecutor executor;
  private final ProgressDisplay display;

  /**
   * @param executor does the steps that come first
   * @param display shows how far the share is
   */
  public ShardExecutor(RunExecutor executor, ProgressDisplay display) {
    this.executor = executor;
    this.display = display;
  }

  /**
   * Does one share, or what is left of it.
   *
   * @param run with every default written out
   * @return one line that says what is done and what is missing
   * @throws UserException when the run has nothing to share, or would be refused without a shard
   * @throws IOException when a file cannot be read or written
   */
  public String execute(Run run, Path directory, Shard shard) throws IOException {
    if (Sweeps.many(run)) {
      throw new UserException(
          "--shard: a sweep with its repeats is not shared; give its values (and repeat, with"
              + " repeats=1) one by one with --set, and --out, and share each of these runs");
    }
    RunState state = executor.state(run, RunDirectory.at(directory));
    if (shared(state).isEmpty()) {
      throw new UserException(
          "--shard: the config has no step empirical_kernel, the only kind that processes share;"
              + " leave --shard out");
    }
    executor.check(state, false);
    Runnable waiting =
        () ->
            display.message(
                directory
                    + ": waiting for the process that works here, which does what the shards build"
                    + " on");
    while (true) {
      Optional<String> done =
          state
              .directory()
              .whenFree(
                  true,
                  waiting,
                  () -> ready(state) ? Optional.of(share(state, shard)) : Optional.empty());
      if (done.isPresent()) {
        return done.get();
      }
      state
          .directory()
          .whenFree(
              false,
              waiting,
              () -> {
                prepare(state);
                return null;
              });
    }
  }

  private static List<Integer> shared(RunState state) {
    return IntStream.range(0, state.steps())
        .filter(i -> state.runner(i) instanceof SharedStepRunner)
        .boxed()
        .toList();
  }

  /** The steps that a shared one may read from. */
  private static List<Integer> first(RunState state) {
    List<Integer> shared = shared(state);
    return IntStream.range(0, shared.get(shared.size() - 1))
        .filter(i -> state.runner(i).precedesShares())
        .boxed()
        .toList();
  }

  private static SharedStepRunner runner(RunState state, int index) {
    return (SharedStepRunner) state.runner(index);
  }

  /** Whether all is there that the shares need, and nothing of it has changed since. */
  private static boolean ready(RunState state) throws IOException {
    RunExecutor.checkResume(state);
    state.look();
    for (int i : first(state)) {
      boolean done = state.progress().step(i).state() == StepProgress.State.DONE;
      if (!done || !RunExecutor.whole(state, i)) {
        return false;
      }
    }
    for (int i : shared(state)) {
      StepContext context = state.context(i);
      if (!state.progress().started(i) || !runner(state, i).opened(context)) {
        return false;
      }
      RunExecutor.checkConsumed(state, i, runner(state, i).consumes(context));
    }
    return true;
  }

  /** Alone in the directory. */
  private void prepare(RunState state) throws IOException {
    RunExecutor.checkResume(state);
    executor.begin(state);
    for (int i : first(state)) {
      executor.step(state, i);
    }
    for (int i : shared(state)) {
      StepContext context = state.context(i);
      String hash = runner(state, i).consumes(context);
      RunExecutor.checkConsumed(state, i, hash);
      if (!state.progress().started(i) || !runner(state, i).opened(context)) {
        state.set(i, state.progress().step(i).started(hash));
        runner(state, i).open(context);
      }
    }
  }

  /** Beside other shares. */
  private String share(RunState state, Shard shard) throws IOException {
    int done = 0;
    int missing = 0;
    int total = 0;
    for (int i : shared(state)) {
      display.stepStarted(executor.label(state, i) + ", shard " + shard);
      SharedStepRunner.Shares shares = runner(state, i).share(state.context(i), shard);
      done += shares.done();
      missing += shares.missing();
      total += shares.total();
    }
    display.erase();
    return "shard %s: its %d tiles are done; of all %d tiles %s"
        .formatted(
            shard,
            done,
            total,
            missing == 0
                ? "none is missing: the same command without --shard ends the run"
                : missing
                    + " are missing: they are other shards', or the same command without --shard"
                    + " computes them");
  }
}
