package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.cli.report.RunPlots;
import org.tfjavantk.cli.report.RunPlots.Curve;
import org.tfjavantk.cli.run.Metrics;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.config.proto.Step;

/** What a {@code monte_carlo} step leaves behind: its table, and what it says in the report. */
record MonteCarloReport(StepContext context, RunInputs inputs, int examples) {
  private static final List<String> WHOLE = List.of("width", "parameters", "draws");
  private static final List<String> COLUMNS =
      List.of(
          "width",
          "parameters",
          "draws",
          "nngp_distance",
          "nngp_distance_of_one",
          "nngp_standard_error",
          "nngp_max_z",
          "ntk_distance",
          "ntk_distance_of_one",
          "ntk_standard_error",
          "ntk_max_z",
          "seconds");

  void write(List<Metrics.Row> measured) throws IOException {
    List<Metrics.Row> rows =
        measured.stream().sorted(Comparator.comparingDouble(row -> number(row, "width"))).toList();
    String number =
        context.earlier(Step.KindCase.MONTE_CARLO).isPresent() ? "-" + (context.index() + 1) : "";
    AtomicFiles.write(context.makes("monte-carlo" + number + ".csv"), csv(rows));
    Metrics.Row widest = rows.get(rows.size() - 1);
    ReportSection section =
        ReportSection.titled("Finite networks against infinite width")
            .figure("ntk_distance", number(widest, "ntk_distance"))
            .figure("nngp_distance", number(widest, "nngp_distance"))
            .figure("ntk_max_z", number(widest, "ntk_max_z"))
            .figure("nngp_max_z", number(widest, "nngp_max_z"))
            .paragraph(
                String.format(
                    Locale.ROOT,
                    "Networks %s whose hidden layers all have the same width, with random parameters,"
                        + " and their kernels of %d examples, against the closed forms: Frobenius norm"
                        + " of the difference over that of the closed form, of the mean of the draws"
                        + " and of one draw on average. The figures are those of width %.0f.",
                    inputs.network(context).name(),
                    examples,
                    number(widest, "width")))
            .paragraph(
                "z counts standard errors, of the entry where it is largest. The mean over infinitely"
                    + " many networks of finite width differs from the closed form by O(1/width), which"
                    + " z shows once the standard error is smaller than that.")
            .table(
                "Widths",
                COLUMNS.stream().map(name -> name.replace('_', ' ')).toList(),
                rows.stream().map(row -> cells(row, true)).toList());
    var picture =
        context
            .plots()
            .write(
                context.label(),
                RunPlots.convergence(
                    column(rows, "width"),
                    List.of(
                        new Curve("NTK, one network", column(rows, "ntk_distance_of_one")),
                        new Curve("NTK, mean", column(rows, "ntk_distance")),
                        new Curve("NNGP, one network", column(rows, "nngp_distance_of_one")),
                        new Curve("NNGP, mean", column(rows, "nngp_distance")))),
                "Relative distance of finite networks' kernels from those of infinite width.");
    context.report(picture.isPresent() ? section.picture(picture.get()) : section);
  }

  private static String csv(List<Metrics.Row> rows) {
    return String.join(",", COLUMNS)
        + "\n"
        + rows.stream()
            .map(row -> String.join(",", cells(row, false)) + "\n")
            .collect(Collectors.joining());
  }

  /**
   * @param brief whether for people
   */
  private static List<String> cells(Metrics.Row row, boolean brief) {
    return COLUMNS.stream()
        .map(
            name -> {
              double value = number(row, name);
              return WHOLE.contains(name)
                  ? String.format(Locale.ROOT, "%.0f", value)
                  : brief ? Numbers.brief(value) : Double.toString(value);
            })
        .toList();
  }

  private static double[] column(List<Metrics.Row> rows, String name) {
    return rows.stream().mapToDouble(row -> number(row, name)).toArray();
  }

  private static double number(Metrics.Row row, String name) {
    return row.number(name).orElse(Double.NaN);
  }
}
