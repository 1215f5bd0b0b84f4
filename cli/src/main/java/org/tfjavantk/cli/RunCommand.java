package org.tfjavantk.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tfjavantk.config.proto.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "run",
    description = {
      "Runs a config: its steps in order, in a run directory.",
      "",
      "The same command again goes on where the last one stopped: finished steps, epochs and tiles"
          + " are not computed twice. A config that changed so that old results would be wrong is"
          + " refused, with the difference. The last line on stdout is the path of the report.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk run quickstart",
      "  ntk run fashion-mnist-lenet --set dataset.dir=/data/fashion-mnist",
      "  ntk run my.textproto --set step[0].train.epochs=20 --out runs/longer"
    })
final class RunCommand implements Callable<Integer> {
  private static final int INTERRUPTED = 130;

  private final Workshop workshop;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArgument config;
  @Mixin private OutputOptions output;
  @Mixin private CommonOptions common;

  RunCommand(Workshop workshop) {
    this.workshop = workshop;
  }

  @Override
  public Integer call() throws IOException {
    Run run = config.resolved();
    Path directory = output.directory(run);
    Thread goodbye = new Thread(this::stopped, "goodbye");
    Runtime.getRuntime().addShutdownHook(goodbye);
    Path report;
    try {
      report =
          run.hasSweep()
              ? workshop.sweeps().execute(run, directory, output.fresh())
              : workshop.runs().execute(run, directory, output.fresh());
    } finally {
      Runtime.getRuntime().removeShutdownHook(goodbye);
    }
    spec.commandLine().getOut().println(report);
    return Failures.DONE;
  }

  /** After Ctrl-C or a polite kill. Ends at once: native threads are not waited for. */
  private void stopped() {
    workshop.display().erase();
    workshop.display().message("Stopped. The same command goes on from here.");
    Runtime.getRuntime().halt(INTERRUPTED);
  }
}
