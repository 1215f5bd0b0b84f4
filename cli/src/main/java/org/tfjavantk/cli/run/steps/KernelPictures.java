package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tfjavantk.cli.report.BlockMeans;
import org.tfjavantk.cli.report.Plots;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;

/**
 * The pictures of a kernel: of one matrix the whole and the examples sorted by class, of several
 * the latter for the first {@value #MOST}.
 */
final class KernelPictures {
  /** How many matrices are drawn. */
  static final int MOST = 6;

  private static final int PIXELS = 240;

  private final StepContext context;
  private final Dataset data;
  private final KernelSets sets;
  private final StoredBlock train;

  KernelPictures(StepContext context, Dataset data, KernelSets sets, StoredBlock train) {
    this.context = context;
    this.data = data;
    this.sets = sets;
    this.train = train;
  }

  /** Draws them; none where the config says so. */
  List<ReportSection.Picture> draw() throws IOException {
    List<ReportSection.Picture> pictures = new ArrayList<>();
    int drawn = Math.min(MOST, train.stores().size());
    for (int k = 0; k < drawn; k++) {
      for (Optional<ReportSection.Picture> picture : pictures(k)) {
        picture.ifPresent(pictures::add);
      }
    }
    return pictures;
  }

  private List<Optional<ReportSection.Picture>> pictures(int k) throws IOException {
    KernelStore store = train.stores().get(k);
    KernelLayout layout = store.layout();
    int n = layout.rowExamples();
    BlockMeans whole = new BlockMeans(layout.rows(), layout.columns(), PIXELS);
    BlockMeans sorted = new BlockMeans(n, n, PIXELS);
    average(store, whole, sorted);
    String file = context.label() + "-" + train.block().files().get(k).replace(".zarr", "");
    String name =
        sets.kinds().single() ? "Kernel" : "Kernel " + sets.kinds().matrices().get(k).name();
    boolean several = layout.outputs() > 1;
    Optional<ReportSection.Picture> byClass =
        context
            .plots()
            .write(
                file + "-by-class",
                Plots.heatMap(
                    name + ", examples sorted by class",
                    sorted.means(),
                    n,
                    n,
                    several ? "mean Θ" : "Θ"),
                (several
                        ? "Mean over outputs c of Θ[(x, c), (x', c)]"
                        : "The entries of " + store.directory().getFileName())
                    + ", the examples sorted by their class ("
                    + String.join(", ", data.classNames())
                    + ").");
    if (!sets.kinds().single()) {
      return List.of(byClass);
    }
    Optional<ReportSection.Picture> inOrder =
        context
            .plots()
            .write(
                file,
                Plots.heatMap(
                    several ? name + ", all outputs" : name,
                    whole.means(),
                    layout.rows(),
                    layout.columns(),
                    "Θ"),
                "The whole matrix, in the order of the training set; each pixel is the mean of a"
                    + " block.");
    return List.of(inOrder, byClass);
  }

  private void average(KernelStore store, BlockMeans whole, BlockMeans sorted) {
    int o = store.layout().outputs();
    int[] place = placesByLabel(sets.train());
    store.readRows(
        (row, values) -> {
          int c = (int) (row % o);
          long to = place[(int) (row / o)];
          for (int column = 0; column < values.length; column++) {
            whole.add(row, column, values[column]);
            if (column % o == c) {
              sorted.add(to, place[column / o], values[column]);
            }
          }
        });
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
