package org.tfjavantk.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.tfjavantk.config.Sweeps;
import org.tfjavantk.config.proto.Run;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = {
      "Checks all that a run checks before it starts: the config, the data, shapes, memory, and the"
          + " run directory. Nothing is written.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {"  ntk check my.textproto", "  ntk check quickstart --set network.lenet.outputs=10"})
final class CheckCommand implements Callable<Integer> {
  private final Workshop workshop;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArgument config;
  @Mixin private OutputOptions output;
  @Mixin private CommonOptions common;

  CheckCommand(Workshop workshop) {
    this.workshop = workshop;
  }

  @Override
  public Integer call() throws IOException {
    Run run = config.resolved();
    Path directory = output.directory(run);
    String steps = run.getStepCount() + (run.getStepCount() == 1 ? " step" : " steps");
    if (Sweeps.many(run)) {
      workshop.sweeps().check(run, directory, output.fresh());
      steps = Sweeps.expand(run).size() + " runs of " + steps;
    } else {
      workshop.runs().check(run, directory, output.fresh());
    }
    spec.commandLine()
        .getOut()
        .println(run.getName() + ": ready to run, " + steps + ", in " + directory);
    return Failures.DONE;
  }
}
