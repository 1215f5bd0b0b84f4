package org.tfjavantk.cli;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only groups others; alone it shows its help. */
abstract class Group implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private CommonOptions common;

  @Override
  public void run() {
    throw new MissingCommand(spec.commandLine());
  }

  /** The name of a group was given and none of its commands. */
  static final class MissingCommand extends ParameterException {
    private static final long serialVersionUID = 1L;

    MissingCommand(CommandLine group) {
      super(group, "a command is missing");
    }
  }
}
