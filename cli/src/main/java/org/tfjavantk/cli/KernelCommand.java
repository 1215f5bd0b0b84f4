package org.tfjavantk.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelExport;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "kernel",
    synopsisSubcommandLabel = "COMMAND",
    description = {"Looks into a stored kernel matrix, checks it, and exports it.", ""},
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk kernel info runs/quickstart",
      "  ntk kernel verify runs/quickstart/kernel.zarr",
      "  ntk kernel export runs/quickstart/kernel.zarr theta.npy",
      "  ntk kernel export runs/layers"
    })
final class KernelCommand extends Group {
  private static final String STORE_FILE = "zarr.json";
  private static final int MOST_NAMED = 10;

  @Spec private CommandSpec group;

  @Command(
      name = "info",
      description =
          "Prints the shape of a kernel and what it says of itself; of a run directory without a kernel.zarr, of all its kernels.")
  int info(@Mixin StoreArgument argument, @Mixin CommonOptions common) throws IOException {
    PrintWriter out = group.commandLine().getOut();
    List<Path> stores = argument.main();
    for (int k = 0; k < stores.size(); k++) {
      if (k > 0) {
        out.println();
      }
      print(out, KernelStore.open(stores.get(k)));
    }
    return Failures.DONE;
  }

  private static void print(PrintWriter out, KernelStore store) {
    KernelLayout layout = store.layout();
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("kernel", store.directory().toString()));
    rows.add(
        List.of(
            "matrix",
            layout.rows()
                + " x "
                + layout.columns()
                + (layout.symmetric() ? ", symmetric, upper triangle stored" : "")));
    rows.add(
        List.of(
            "examples",
            layout.rowExamples()
                + " x "
                + layout.columnExamples()
                + ", "
                + layout.outputs()
                + (layout.outputs() == 1 ? " output" : " outputs")));
    rows.add(
        List.of(
            "tiles",
            layout.neededTiles().size()
                + " of up to "
                + layout.chunkSide()
                + " x "
                + layout.chunkSide()
                + " values"));
    rows.add(List.of("values", layout.storage().zarrName()));
    rows.add(
        List.of(
            "on disk",
            Bytes.format(store.bytesOnDisk())
                + " of about "
                + Bytes.format(layout.bytesWhenComplete())));
    TextTable.print(out, rows);
    out.println("attributes");
    Json.pretty(store.attributes()).lines().forEach(line -> out.println("  " + line));
  }

  @Command(
      name = "verify",
      description =
          "Reads every tile and compares its checksum; of a run directory, those of all its kernels. Exit status 1 if one is missing or damaged;"
              + " 'ntk run' with the run's config repairs it.")
  int verify(@Mixin StoreArgument argument, @Mixin CommonOptions common) throws IOException {
    boolean complete = true;
    for (Path path : argument.stores()) {
      complete &= verify(KernelStore.open(path));
    }
    if (!complete) {
      group.commandLine().getErr().println("Run the config again to compute what is lacking.");
    }
    return complete ? Failures.DONE : Failures.FAILED;
  }

  private boolean verify(KernelStore store) {
    PrintWriter out = group.commandLine().getOut();
    KernelStore.Verification found = store.verify();
    out.println(
        store.directory()
            + ": "
            + found.good().size()
            + " tiles good, "
            + found.missing().size()
            + " missing, "
            + found.corrupt().size()
            + " damaged");
    found.corrupt().forEach(tile -> out.println("damaged: " + tile));
    found.missing().stream().limit(MOST_NAMED).forEach(tile -> out.println("missing: " + tile));
    if (found.missing().size() > MOST_NAMED) {
      out.println("missing: " + (found.missing().size() - MOST_NAMED) + " more");
    }
    return found.complete();
  }

  @Command(
      name = "export",
      description =
          "Writes the whole matrix, both triangles, to one .npy file for NumPy; of a run directory without a kernel.zarr, each of its kernels to a file of its own.")
  int export(
      @Mixin StoreArgument argument,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "FILE",
              description = "The file. Default: the store's name with .npy, beside it.")
          Path file,
      @Option(names = "--force", description = "Replaces a file that is there.") boolean force,
      @Mixin CommonOptions common)
      throws IOException {
    List<Path> sources = argument.main();
    if (file != null && sources.size() > 1) {
      throw new UserException(
          argument.path
              + ": holds "
              + sources.size()
              + " kernels, which do not go into one file; leave "
              + file
              + " out, or name one: "
              + String.join(", ", sources.stream().map(Path::toString).toList()));
    }
    List<Path> targets =
        sources.stream().map(source -> file == null ? beside(source) : file).toList();
    for (Path target : targets) {
      if (Files.exists(target) && !force) {
        throw new UserException(
            target + ": is there already; give another name, or --force to replace it");
      }
    }
    for (int k = 0; k < sources.size(); k++) {
      KernelExport.toNpy(KernelStore.open(sources.get(k)), targets.get(k));
      group.commandLine().getOut().println(targets.get(k));
    }
    return Failures.DONE;
  }

  private static Path beside(Path store) {
    String name = store.toAbsolutePath().normalize().getFileName().toString();
    return store.resolveSibling(name.replaceFirst("\\.zarr$", "") + ".npy");
  }

  /** Where a kernel is stored. */
  static final class StoreArgument {
    @Parameters(
        index = "0",
        paramLabel = "PATH",
        description =
            "The folder of the kernel, or a run directory: then its kernel.zarr, or where it has none, all kernels in it.")
    private Path path;

    /** All kernels of a run directory, or the one kernel. */
    List<Path> stores() throws IOException {
      if (!Files.isDirectory(path) || Files.exists(path.resolve(STORE_FILE))) {
        return List.of(path);
      }
      List<Path> stores;
      try (Stream<Path> entries = Files.list(path)) {
        stores = entries.filter(entry -> Files.exists(entry.resolve(STORE_FILE))).sorted().toList();
      }
      return stores.isEmpty() ? List.of(path) : stores;
    }

    /** The one kernel, the kernel.zarr of a run directory, or all its kernels. */
    List<Path> main() throws IOException {
      Path usual = path.resolve("kernel.zarr");
      boolean store = !Files.isDirectory(path) || Files.exists(path.resolve(STORE_FILE));
      return !store && Files.exists(usual.resolve(STORE_FILE)) ? List.of(usual) : stores();
    }
  }
}
