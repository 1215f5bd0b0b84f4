package org.tfjavantk.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = Failures.VERBOSE,
      description = "Log what is done, and show stack traces of failures.")
  private boolean verbose;
}
