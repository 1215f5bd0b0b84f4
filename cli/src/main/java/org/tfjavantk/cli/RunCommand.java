package org.tfjavantk.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tfjavantk.cli.run.Shard;
import org.tfjavantk.config.Sweeps;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = {
      "Runs a config: its steps in order, in a run directory.",
      "",
      "The same command again goes on where the last one stopped: finished steps, epochs and tiles"
          + " are not computed twice. A config that changed so that old results would be wrong is"
          + " refused, with the difference. The last line on stdout is the path of the report.",
      "",
      "Several processes, on machines that share a file system, compute the kernel of one config"
          + " together: each is given --shard i/N and does its share of the tiles. The first one"
          + " trains while the others wait. The same command without --shard computes what is"
          + " missing, does the other steps and writes the report; the results are the same bytes.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk run quickstart",
      "  ntk run fashion-mnist-lenet --set dataset.dir=/data/fashion-mnist",
      "  ntk run my.textproto --set step[0].train.epochs=20 --out runs/longer",
      "  ntk run my.textproto --shard 2/8"
    })
final class RunCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  private final Workshop workshop;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArgument config;
  @Mixin private OutputOptions output;
  @Mixin private CommonOptions common;

  @Option(
      names = "--shard",
      paramLabel = "i/N",
      description =
          "Computes the i-th of N shares of the tiles of every empirical_kernel step, and no later"
              + " step. The last line on stdout says what is missing.")
  private String shard;

  RunCommand(Workshop workshop) {
    this.workshop = workshop;
  }

  @Override
  public Integer call() throws IOException {
    Shard share = shard == null ? null : Shard.parse(shard);
    if (share != null && output.fresh()) {
      throw new UserException(
          "--fresh with --shard would delete what other shards have done; delete the run directory,"
              + " then start the shards");
    }
    Run run = config.resolved();
    Path directory = output.directory(run);
    Thread goodbye = new Thread(this::stopped, "goodbye");
    Runtime.getRuntime().addShutdownHook(goodbye);
    Object last;
    try {
      if (share != null) {
        last = workshop.shards().execute(run, directory, share);
      } else if (Sweeps.many(run)) {
        last = workshop.sweeps().execute(run, directory, output.fresh());
      } else {
        last = workshop.runs().execute(run, directory, output.fresh());
      }
    } finally {
      Runtime.getRuntime().removeShutdownHook(goodbye);
    }
    spec.commandLine().getOut().println(last);
    return Failures.DONE;
  }

  /** After Ctrl-C or a polite kill. Ends at once: native threads are not waited for. */
  private void stopped() {
    workshop.display().erase();
    workshop.display().message("Stopped. The same command goes on from here.");
    Runtime.getRuntime().halt(INTERRUPTED);
  }
}
