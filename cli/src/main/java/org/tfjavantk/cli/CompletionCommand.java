package org.tfjavantk.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "completion",
    description = {
      "Prints a script that teaches the shell, bash or zsh, to complete the commands and options of"
          + " ntk.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(ntk completion)",
      "  ntk completion > ~/.local/share/bash-completion/completions/ntk"
    })
final class CompletionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    CommandLine ntk = spec.root().commandLine();
    spec.commandLine().getOut().print(AutoComplete.bash("ntk", ntk));
    return Failures.DONE;
  }
}
