package org.tfjavantk.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.tfjavantk.config.NearestName;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns what went wrong into words and an exit status. */
final class Failures {
  /** Done. */
  static final int DONE = 0;

  /** Anything that is not the user's doing. */
  static final int FAILED = 1;

  /** The user's input is wrong. */
  static final int WRONG_INPUT = 2;

  /** Shows stack traces. */
  static final String VERBOSE = "--verbose";

  /** As Linux says it, by way of Java. */
  private static final String DISK_FULL = "No space left on device";

  private Failures() {}

  static int ofExecution(Exception e, CommandLine command, ParseResult parsed) {
    boolean verbose = parsed.expandedArgs().contains(VERBOSE);
    PrintWriter err = command.getErr();
    if (e instanceof UserException) {
      err.println(e.getMessage());
    } else {
      err.println("ntk: " + describe(e) + (verbose ? "" : " (--verbose shows where)"));
    }
    if (verbose) {
      e.printStackTrace(err);
    }
    return e instanceof UserException ? WRONG_INPUT : FAILED;
  }

  static int ofError(Error e, PrintWriter err, String... arguments) {
    boolean verbose = Arrays.asList(arguments).contains(VERBOSE);
    err.println("ntk: " + describe(e) + (verbose ? "" : " (--verbose shows where)"));
    if (verbose) {
      e.printStackTrace(err);
    }
    return FAILED;
  }

  static int ofArguments(ParameterException e, String... arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof Group.MissingCommand) {
      command.usage(err, command.getColorScheme());
      return WRONG_INPUT;
    }
    err.println(name + ": " + message(e, command));
    err.println("'" + name + " --help' explains it.");
    return WRONG_INPUT;
  }

  private static String message(ParameterException e, CommandLine command) {
    if (!(e instanceof UnmatchedArgumentException unmatched)) {
      return e.getMessage();
    }
    String wrong = unmatched.getUnmatched().get(0);
    if (wrong.startsWith("-")) {
      List<String> options =
          command.getCommandSpec().options().stream()
              .flatMap(option -> Arrays.stream(option.names()))
              .toList();
      return "there is no option " + wrong + nearest(wrong, options);
    }
    Collection<String> commands = command.getSubcommands().keySet();
    if (commands.isEmpty()) {
      return "the argument '" + wrong + "' is one too many";
    }
    return "there is no command '"
        + wrong
        + "'"
        + nearest(wrong, commands)
        + "; there are: "
        + String.join(", ", commands);
  }

  /** Asks whether the nearest allowed name was meant; empty if none is near. */
  static String nearest(String wrong, Collection<String> allowed) {
    return NearestName.among(wrong, allowed)
        .map(name -> "; did you mean '" + name + "'?")
        .orElse("");
  }

  static String describe(Throwable e) {
    if (e instanceof UncheckedIOException && e.getCause() != null) {
      return describe(e.getCause());
    }
    if (e instanceof OutOfMemoryError) {
      return "Java is out of memory ("
          + e.getMessage()
          + "). Give it more, as in NTK_JAVA_OPTS=-Xmx8g, or make the job smaller";
    }
    if (e instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (e instanceof NoSuchFileException missing) {
      return missing.getFile() + ": there is no such file";
    }
    if (e instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    if (e instanceof IOException && DISK_FULL.equals(e.getMessage())) {
      return "the disk is full; free some space and give the same command again, which goes on where"
          + " this one stopped";
    }
    boolean says = e.getMessage() != null && !e.getMessage().isBlank();
    if (e instanceof IOException && says) {
      return e.getMessage();
    }
    return e.getClass().getSimpleName() + (says ? ": " + e.getMessage() : "");
  }
}
