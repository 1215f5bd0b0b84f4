package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.store.KernelLayout;

/** What a step that computes a kernel in closed form says in the report. */
record ClosedFormReport(
    StepContext context, RunInputs inputs, KernelSets sets, List<StoredBlock> stores) {
  void write(ClosedForm form, int computed, double seconds) throws IOException {
    KernelLayout layout = stores.get(0).layout();
    String size = String.format(Locale.ROOT, "%,d x %,d", layout.rows(), layout.columns());
    InfinitePlan plan = form.plan();
    ReportSection section =
        ReportSection.titled(form.title())
            .figure("size", layout.rows(), size)
            .figure("examples", layout.rowExamples(), Integer.toString(layout.rowExamples()))
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "%s in closed form, in %s, stored as %s in tiles of %d x %d examples;"
                        + " planned memory %s.",
                    form.words(),
                    form.arithmetic().name().toLowerCase(Locale.ROOT),
                    layout.storage().name().toLowerCase(Locale.ROOT),
                    plan.tile(),
                    plan.tile(),
                    Bytes.format(plan.bytes())))
            .paragraph(
                "The examples are "
                    + DrawnExamples.words(context.run(), inputs.dataset(context))
                    + ".");
    if (computed > 0) {
      section =
          section.paragraph(
              String.format(
                  Locale.ROOT, "%,d tiles took %s.", computed, Numbers.duration(seconds)));
    }
    section = section.table("Stores", KernelReport.STORES, KernelReport.stores(stores));
    for (ReportSection.Picture picture :
        new KernelPictures(context, inputs.dataset(context), sets, stores.get(0)).draw()) {
      section = section.picture(picture);
    }
    context.report(section);
  }
}
