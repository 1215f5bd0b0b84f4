package org.tfjavantk.cli;

import java.util.concurrent.Callable;
import org.tfjavantk.config.ConfigText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "show",
    description = {"Prints a config as a run would see it, with every default written out.", ""},
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk show quickstart > my.textproto     a start for a config of one's own",
      "  ntk show my.textproto --set seed=3"
    })
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConfigArgument config;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(ConfigText.print(config.resolved()));
    return Failures.DONE;
  }
}
