package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tfjavantk.cli.report.BlockMeans;
import org.tfjavantk.cli.report.Plots;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;

/** What a kernel step says in the report: sizes, and two pictures of the kernel. */
final class KernelReport {
  private static final int PIXELS = 240;

  private final StepContext context;
  private final Dataset data;
  private final KernelSets sets;
  private final List<KernelStore> stores;

  KernelReport(StepContext context, Dataset data, KernelSets sets, List<KernelStore> stores) {
    this.context = context;
    this.data = data;
    this.sets = sets;
    this.stores = stores;
  }

  void write(
      GraphModel model,
      List<String> unrecognised,
      TilePlan plan,
      Optional<KernelPerformance> performance,
      List<String> notes)
      throws IOException {
    KernelLayout layout = stores.get(0).layout();
    String size = String.format(Locale.ROOT, "%,d x %,d", layout.rows(), layout.columns());
    ReportSection section =
        ReportSection.titled("Empirical tangent kernel")
            .figure("size", layout.rows(), size)
            .figure("examples", layout.rowExamples(), Integer.toString(layout.rowExamples()))
            .figure("outputs", layout.outputs(), Integer.toString(layout.outputs()))
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "The full kernel Θ = J Jᵀ over all %,d parameters of %s, computed in %s and stored"
                        + " as %s in tiles of %d x %d examples; planned memory %s. Rows and columns are"
                        + " example-major, then output.",
                    model.parameterCount(),
                    model.name(),
                    model.precision().name().toLowerCase(Locale.ROOT),
                    layout.storage().name().toLowerCase(Locale.ROOT),
                    plan.tile(),
                    plan.tile(),
                    Bytes.format(plan.bytes())))
            .paragraph("The examples are " + DrawnExamples.words(context.run(), data) + ".");
    for (String note : notes) {
      section = section.paragraph(note);
    }
    if (!unrecognised.isEmpty()) {
      section =
          section.paragraph(
              "These parameters enter the graph in a way that has no short cut; their Jacobians were"
                  + " taken of every example alone, which takes more time and memory: "
                  + String.join(", ", unrecognised)
                  + ".");
    }
    List<List<String>> rows = new ArrayList<>();
    for (int k = 0; k < stores.size(); k++) {
      KernelLayout l = stores.get(k).layout();
      rows.add(
          List.of(
              sets.blocks().get(k).file(),
              sets.blocks().get(k).part() + " x train",
              String.format(Locale.ROOT, "%,d x %,d", l.rows(), l.columns()),
              Integer.toString(l.neededTiles().size()),
              Bytes.format(stores.get(k).bytesOnDisk())));
    }
    section =
        section.table("Stores", List.of("store", "block", "entries", "tiles", "on disk"), rows);
    if (performance.isPresent()) {
      section = performance.get().addTo(section);
    }
    for (Optional<ReportSection.Picture> picture : pictures()) {
      if (picture.isPresent()) {
        section = section.picture(picture.get());
      }
    }
    context.report(section);
  }

  private List<Optional<ReportSection.Picture>> pictures() throws IOException {
    KernelLayout layout = stores.get(0).layout();
    int o = layout.outputs();
    int n = layout.rowExamples();
    int[] place = placesByLabel(sets.train());
    BlockMeans full = new BlockMeans(layout.rows(), layout.columns(), PIXELS);
    BlockMeans mean = new BlockMeans(n, n, PIXELS);
    stores
        .get(0)
        .readRows(
            (row, values) -> {
              int c = (int) (row % o);
              long to = place[(int) (row / o)];
              for (int column = 0; column < values.length; column++) {
                full.add(row, column, values[column]);
                if (column % o == c) {
                  mean.add(to, place[column / o], values[column]);
                }
              }
            });
    String file = sets.blocks().get(0).file().replace(".zarr", "");
    return List.of(
        context
            .plots()
            .write(
                context.label() + "-" + file,
                Plots.heatMap(
                    "Kernel, all outputs", full.means(), layout.rows(), layout.columns(), "Θ"),
                "The whole matrix, in the order of the training set; each pixel is the mean of a"
                    + " block."),
        context
            .plots()
            .write(
                context.label() + "-" + file + "-by-class",
                Plots.heatMap("Kernel, examples sorted by class", mean.means(), n, n, "mean Θ"),
                "Mean over outputs c of Θ[(x, c), (x', c)], the examples sorted by their class ("
                    + String.join(", ", data.classNames())
                    + ")."));
  }

  /** For every example its place when they are sorted by label, those of one label in order. */
  private static int[] placesByLabel(Examples examples) {
    int[] order =
        IntStream.range(0, examples.count())
            .boxed()
            .sorted(Comparator.comparingInt(examples::label))
            .mapToInt(i -> i)
            .toArray();
    int[] place = new int[order.length];
    for (int k = 0; k < order.length; k++) {
      place[order[k]] = k;
    }
    return place;
  }
}
