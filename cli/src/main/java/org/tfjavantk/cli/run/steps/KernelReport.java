package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.empirical.ParameterGroup;
import org.tfjavantk.empirical.SampledError;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.store.KernelLayout;

/** What a kernel step says in the report: sizes, stores and pictures. */
final class KernelReport {
  static final List<String> STORES = List.of("store", "block", "entries", "tiles", "on disk");
  private static final List<String> GROUPS = List.of("group", "parameters", "scalars");

  private final StepContext context;
  private final Dataset data;
  private final KernelSets sets;
  private final List<StoredBlock> stores;

  KernelReport(StepContext context, Dataset data, KernelSets sets, List<StoredBlock> stores) {
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
      Optional<SampledError> error,
      List<String> notes)
      throws IOException {
    KernelLayout layout = stores.get(0).layout();
    String size = String.format(Locale.ROOT, "%,d x %,d", layout.rows(), layout.columns());
    ReportSection section =
        ReportSection.titled("Empirical tangent kernel")
            .figure("size", layout.rows(), size)
            .figure("examples", layout.rowExamples(), Integer.toString(layout.rowExamples()))
            .figure(
                "outputs",
                sets.empirical().which().size(),
                Integer.toString(sets.empirical().which().size()))
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "The %s of %s, computed in %s and stored"
                        + " as %s in tiles of %d x %d examples; planned memory %s.%s",
                    sets.empirical().words(model.parameterCount()),
                    model.name(),
                    model.precision().name().toLowerCase(Locale.ROOT),
                    layout.storage().name().toLowerCase(Locale.ROOT),
                    plan.tile(),
                    plan.tile(),
                    Bytes.format(plan.bytes()),
                    entries(layout, model)))
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
    section = section.table("Stores", STORES, stores(stores));
    if (!sets.empirical().groups().isEmpty()) {
      section = section.table("Groups of parameters", GROUPS, groups(model));
    }
    if (performance.isPresent()) {
      section = performance.get().addTo(section);
    }
    if (error.isPresent()) {
      section = KernelArithmetic.add(section, error.get());
    }
    for (ReportSection.Picture picture :
        new KernelPictures(context, data, sets, stores.get(0)).draw()) {
      section = section.picture(picture);
    }
    int matrices = sets.empirical().matrices().size();
    if (matrices > KernelPictures.MOST) {
      section =
          section.paragraph(
              "The first " + KernelPictures.MOST + " of the " + matrices + " matrices are drawn.");
    }
    context.report(section);
  }

  /** How the entries are ordered and scaled. */
  private String entries(KernelLayout layout, GraphModel model) {
    EmpiricalKernel kernel = context.step().getEmpiricalKernel();
    double divisor = sets.empirical().divisor(kernel, model);
    return (layout.outputs() == 1 ? "" : " Rows and columns are example-major, then output.")
        + (divisor == 1
            ? ""
            : String.format(Locale.ROOT, " Entries are divided by %.6g.", divisor));
  }

  /** A line for each store. */
  static List<List<String>> stores(List<StoredBlock> stores) {
    List<List<String>> rows = new ArrayList<>();
    for (StoredBlock stored : stores) {
      KernelLayout l = stored.layout();
      for (int k = 0; k < stored.stores().size(); k++) {
        rows.add(
            List.of(
                stored.block().files().get(k),
                stored.block().part() + " x train",
                String.format(Locale.ROOT, "%,d x %,d", l.rows(), l.columns()),
                Integer.toString(l.neededTiles().size()),
                Bytes.format(stored.stores().get(k).bytesOnDisk())));
      }
    }
    return rows;
  }

  private List<List<String>> groups(GraphModel model) {
    Map<String, Integer> sizes = new HashMap<>();
    model.parameters().forEach(parameter -> sizes.put(parameter.name(), parameter.spec().size()));
    List<List<String>> rows = new ArrayList<>();
    for (ParameterGroup group : sets.empirical().groups()) {
      long count = group.parameters().stream().mapToLong(sizes::get).sum();
      rows.add(
          List.of(
              group.name(),
              String.join(", ", group.parameters()),
              String.format(Locale.ROOT, "%,d", count)));
    }
    return rows;
  }
}
