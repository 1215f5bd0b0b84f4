package org.tfjavantk.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.tfjavantk.cli.run.Progress;
import org.tfjavantk.cli.run.ProgressDisplay;
import org.tfjavantk.data.DataFiles;
import org.tfjavantk.data.FileVerdict;
import org.tfjavantk.data.KnownSet;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

@Command(
    name = "data",
    synopsisSubcommandLabel = "COMMAND",
    description = {"Lists, checks and downloads public data sets.", ""},
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk data list",
      "  ntk data fetch mnist                              into ~/.cache/tfjava-ntk/mnist",
      "  ntk data verify cifar10 --dir /data/cifar10"
    })
final class DataCommand extends Group {
  private static final long UNIT = 1024;

  private final Workshop workshop;

  @Spec private CommandSpec group;

  DataCommand(Workshop workshop) {
    this.workshop = workshop;
  }

  @Command(name = "list", description = "Lists the public data sets, and which of them are here.")
  int list(@Mixin CommonOptions common) {
    PrintWriter out = group.commandLine().getOut();
    List<List<String>> rows =
        Arrays.stream(KnownSet.values())
            .map(set -> List.of(set.id(), here(set), Catalogue.describe(set)))
            .toList();
    TextTable.print(out, rows);
    return Failures.DONE;
  }

  private static String here(KnownSet set) {
    Path folder = DataFiles.defaultDir(set);
    return set.files().stream().allMatch(file -> file.find(folder).isPresent()) ? "here" : "-";
  }

  @Command(
      name = "verify",
      description = "Compares the files of a data set with the published checksums.")
  int verify(@Mixin SetArgument argument, @Mixin CommonOptions common) {
    PrintWriter out = group.commandLine().getOut();
    boolean good = true;
    for (FileVerdict verdict : DataFiles.verify(argument.set(), argument.dir())) {
      out.println(verdict.message());
      good &=
          verdict.status() == FileVerdict.Status.OK
              || verdict.status() == FileVerdict.Status.NO_CHECKSUM;
    }
    if (!good) {
      group
          .commandLine()
          .getErr()
          .println(
              "Some files are missing or not as published. 'ntk data fetch "
                  + argument.set().id()
                  + "' downloads what is missing; delete a wrong file first.");
    }
    return good ? Failures.DONE : Failures.WRONG_INPUT;
  }

  @Command(
      name = "fetch",
      description = "Downloads the files of a data set that are missing, and checks them.")
  int fetch(@Mixin SetArgument argument, @Mixin CommonOptions common) {
    PrintWriter out = group.commandLine().getOut();
    ProgressDisplay display = workshop.display();
    DataFiles.fetch(argument.set(), argument.dir(), new Download(display))
        .forEach(
            file -> {
              display.erase();
              out.println(file);
            });
    return Failures.DONE;
  }

  /** Which set, and where. */
  static final class SetArgument {
    @Parameters(
        paramLabel = "SET",
        completionCandidates = SetNames.class,
        description = "One of: ${COMPLETION-CANDIDATES}.")
    private String name;

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        scope = ScopeType.LOCAL,
        description = "The folder of the files. Default: ~/.cache/tfjava-ntk/SET.")
    private Path dir;

    KnownSet set() {
      return Arrays.stream(KnownSet.values())
          .filter(set -> set.id().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new UserException(
                      "there is no public data set '"
                          + name
                          + "'"
                          + Failures.nearest(name, SetNames.all())
                          + "; there are: "
                          + String.join(", ", SetNames.all())));
    }

    Path dir() {
      return dir;
    }
  }

  /** The names of the sets, for completion. */
  static final class SetNames implements Iterable<String> {
    static List<String> all() {
      return Arrays.stream(KnownSet.values()).map(KnownSet::id).toList();
    }

    @Override
    public Iterator<String> iterator() {
      return all().iterator();
    }
  }

  /** Shows a download. */
  private static final class Download implements DataFiles.Progress {
    private final Progress progress;
    private String current = "";
    private long shown;

    Download(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void update(String file, long done, long total) {
      if (!file.equals(current)) {
        current = file;
        shown = done / UNIT;
        progress.start(Math.max(total, 0) / UNIT, "KiB");
        progress.note(file);
        progress.resumed(shown);
      } else if (done / UNIT > shown) {
        progress.advance(done / UNIT - shown);
        shown = done / UNIT;
      }
    }
  }
}
