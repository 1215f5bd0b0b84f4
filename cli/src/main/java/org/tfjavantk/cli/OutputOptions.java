package org.tfjavantk.cli;

import java.nio.file.Path;
import org.tfjavantk.config.proto.Run;
import picocli.CommandLine.Option;

/** Where a run works, and whether it may delete what is there. */
final class OutputOptions {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The run directory. Default: output.dir of the config, or runs/<name> in the current"
              + " directory.")
  private Path out;

  @Option(
      names = "--fresh",
      description =
          "Deletes what an earlier run left in the run directory and starts from nothing. Files that"
              + " no run made are not touched.")
  private boolean fresh;

  boolean fresh() {
    return fresh;
  }

  Path directory(Run run) {
    if (out != null) {
      return out;
    }
    String dir = run.getOutput().getDir();
    return dir.isEmpty() ? Path.of("runs", run.getName()) : Path.of(dir);
  }
}
