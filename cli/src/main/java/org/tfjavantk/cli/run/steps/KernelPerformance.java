package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.report.ReportSection;
import org.tfjavantk.empirical.Operations;

/**
 * How fast the tiles were computed that a step computed now.
 *
 * @param predicted seconds that were expected for them
 * @param pilot seconds of the pilot that said so; 0 where it was the rate of a matrix product
 * @param seconds what they took
 * @param factors seconds of that in which factors were computed
 * @param contraction seconds of that in which they were contracted
 * @param operations what was computed
 * @param peak operations per second of a matrix product on this machine
 */
record KernelPerformance(
    double predicted,
    double pilot,
    double seconds,
    double factors,
    double contraction,
    Operations operations,
    double peak) {
  private static final double GIGA = 1e-9;

  /** Operations per second. */
  double rate() {
    return operations.total() / seconds;
  }

  double shareOfPeak() {
    return rate() / peak;
  }

  /** Of the contraction alone. */
  double contractionShareOfPeak() {
    return operations.contraction() / contraction / peak;
  }

  /** For metrics.jsonl. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("predicted_seconds", predicted);
    fields.put("predicted_by", pilot > 0 ? "pilot" : "peak");
    fields.put("pilot_seconds", pilot);
    fields.put("factor_seconds", factors);
    fields.put("contraction_seconds", contraction);
    fields.put("flops", operations.total());
    fields.put("gflops", GIGA * rate());
    fields.put("gemm_peak_gflops", GIGA * peak);
    fields.put("percent_of_peak", 100 * shareOfPeak());
    fields.put("contraction_percent_of_peak", 100 * contractionShareOfPeak());
    return fields;
  }

  /** The section with a table of it. */
  ReportSection addTo(ReportSection section) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("time", Numbers.duration(seconds)));
    rows.add(
        List.of(
            "predicted",
            Numbers.duration(predicted)
                + (pilot > 0
                    ? ", by a pilot of " + Numbers.duration(pilot) + " before"
                    : ", at " + Numbers.percent(EmpiricalPlan.SHARE_OF_PEAK, 0) + " of the peak")));
    rows.add(List.of("factors", Numbers.duration(factors)));
    rows.add(List.of("contraction", Numbers.duration(contraction)));
    rows.add(List.of("operations", Numbers.brief(operations.total())));
    rows.add(List.of("rate", gigaflops(rate())));
    rows.add(List.of("peak: a matrix product on this machine", gigaflops(peak)));
    rows.add(List.of("share of the peak", Numbers.percent(shareOfPeak(), 1)));
    rows.add(
        List.of(
            "share of the peak in the contraction", Numbers.percent(contractionShareOfPeak(), 1)));
    return section.table("Performance", List.of("of the tiles computed in this run", ""), rows);
  }

  private static String gigaflops(double rate) {
    return Numbers.brief(GIGA * rate) + " GFLOP/s";
  }
}
