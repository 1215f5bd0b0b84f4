package org.tfjavantk.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.config.ConfigReader;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.Experiments;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The config that a command works on. */
final class ConfigArgument {
  @Parameters(
      paramLabel = "CONFIG",
      completionCandidates = ExperimentNames.class,
      description =
          "A config file (.textproto or .json), or the name of a config that comes with the program"
              + " (ntk list experiments).")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "path=value",
      description = {
        "Sets a field of the config, as in",
        "  --set seed=3 --set step[0].train.epochs=20",
        "May be given again and again."
      })
  private List<String> overrides = new ArrayList<>();

  /**
   * Reads the config and writes its defaults out.
   *
   * @throws UserException when it isn't there or is wrong
   */
  Run resolved() {
    return Defaults.resolve(read());
  }

  private Run read() {
    Path file = Path.of(config);
    if (Files.exists(file)) {
      return ConfigReader.read(file, overrides);
    }
    Optional<Experiments.Experiment> experiment = Experiments.find(config);
    if (experiment.isPresent()) {
      return ConfigReader.parse(
          experiment.get().name() + ".textproto", experiment.get().text(), overrides);
    }
    throw new UserException(
        config
            + ": there is no such file, and no config of this name comes with the program"
            + Failures.nearest(config, ExperimentNames.all())
            + "; 'ntk list experiments' lists them");
  }

  /** The names of the packaged configs, for completion. */
  static final class ExperimentNames implements Iterable<String> {
    static List<String> all() {
      return Experiments.list().stream().map(Experiments.Experiment::name).toList();
    }

    @Override
    public Iterator<String> iterator() {
      return all().iterator();
    }
  }
}
