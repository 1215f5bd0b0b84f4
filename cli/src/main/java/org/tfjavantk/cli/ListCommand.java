package org.tfjavantk.cli;

import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = {"Lists the networks or data sets that a config can name, or ready configs.", ""})
final class ListCommand implements Callable<Integer> {
  private static final Map<String, Supplier<Map<String, String>>> LISTS =
      new TreeMap<>(
          Map.of(
              "networks", Catalogue::networks,
              "datasets", Catalogue::datasets,
              "experiments", Catalogue::experiments));

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WHAT",
      completionCandidates = Names.class,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private String what;

  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Supplier<Map<String, String>> list = LISTS.get(what);
    if (list == null) {
      throw new UserException(
          "there is no list of '"
              + what
              + "'"
              + Failures.nearest(what, LISTS.keySet())
              + "; there are: "
              + String.join(", ", LISTS.keySet()));
    }
    TextTable.print(spec.commandLine().getOut(), Catalogue.rows(list.get()));
    return Failures.DONE;
  }

  /** What can be listed, for completion. */
  static final class Names implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LISTS.keySet().iterator();
    }
  }
}
