package org.tfjavantk.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The root of the command line. */
@Command(
    name = "ntk",
    versionProvider = VersionLine.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Neural tangent kernels from a config file: trains a network, computes its empirical kernel,"
          + " solves kernel regression on it, and leaves a report.",
      ""
    },
    commandListHeading = "%nCommands:%n",
    optionListHeading = "Options:%n",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:anything else went wrong; --verbose shows the stack trace",
      "2:the input is wrong: config, data, arguments or output directory",
      "130:stopped by Ctrl-C; the same command goes on where it stopped"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk run quickstart                     the main job on generated data, in minutes",
      "  ntk run my.textproto --set seed=2 --out runs/two",
      "  ntk check my.textproto                 would it run? nothing is written",
      "  ntk plan my.textproto                  how, how long, in how much memory and disk?",
      "  ntk list experiments                   the configs that come with the program",
      "  ntk kernel export runs/quickstart      the kernel as one .npy file",
      "  ntk model inspect exported/            what a TensorFlow model file holds",
      "  source <(ntk completion)               completion in bash and zsh",
      "",
      "'ntk COMMAND --help' explains a command, 'ntk schema' the config."
    })
final class Ntk extends Group {
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the version and exit.")
  private boolean version;

  private Ntk() {}

  /** The command line, ready to execute. */
  static CommandLine commandLine(Workshop workshop, PrintWriter out, PrintWriter err) {
    CommandLine ntk =
        new CommandLine(new Ntk())
            .addSubcommand(new RunCommand(workshop))
            .addSubcommand(new CheckCommand(workshop))
            .addSubcommand(new PlanCommand(workshop))
            .addSubcommand(new ShowCommand())
            .addSubcommand(new ListCommand())
            .addSubcommand(new InfoCommand())
            .addSubcommand(new DataCommand(workshop))
            .addSubcommand(new KernelCommand())
            .addSubcommand(new ModelCommand())
            .addSubcommand(new BenchCommand())
            .addSubcommand(new SchemaCommand())
            .addSubcommand(new CompletionCommand());
    return ntk.setOut(out)
        .setErr(err)
        .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.AUTO))
        .setUsageHelpWidth(96)
        .setUsageHelpAutoWidth(false)
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Failures::ofArguments)
        .setExecutionExceptionHandler(Failures::ofExecution);
  }

  /** Executes a command line; the exit status comes back. */
  static int execute(Workshop workshop, PrintWriter out, PrintWriter err, String... arguments) {
    CommandLine ntk = commandLine(workshop, out, err);
    try {
      return ntk.execute(arguments);
    } catch (Error e) {
      return Failures.ofError(e, err, arguments);
    } finally {
      out.flush();
      err.flush();
    }
  }
}
