package org.tfjavantk.cli;

import java.util.concurrent.Callable;
import org.tfjavantk.config.ConfigReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "schema",
    description = {
      "Prints the reference of the config language in Markdown: every field, its type, default and"
          + " meaning.",
      ""
    })
final class SchemaCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(ConfigReference.markdown());
    return Failures.DONE;
  }
}
