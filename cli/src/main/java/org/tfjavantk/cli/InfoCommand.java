package org.tfjavantk.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.tfjavantk.cli.report.EnvironmentFacts;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.graphs.DeviceChoice;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "info",
    description = {
      "Prints versions, devices, threads, memory, and the switches that can lower the precision.",
      ""
    })
final class InfoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    List<List<String>> facts = EnvironmentFacts.of(Machine.describe(DeviceChoice.AUTO));
    TextTable.print(out, facts);
    return Failures.DONE;
  }
}
