package org.tfjavantk.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.run.MachineRate;
import org.tfjavantk.cli.run.steps.KernelPlan;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.empirical.ParameterRoute;
import org.tfjavantk.store.KernelLayout;

/** A kernel's plan in words and as JSON's fields. */
record PlanText(KernelPlan plan, MachineRate rate) {
  private static final double GIGA = 1e-9;

  /** How many matrices of a block are listed. */
  private static final int MOST = 12;

  /** What the kernel is and what it takes. */
  List<List<String>> facts() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        row(
            "network",
            "%s, %,d parameters, %d outputs",
            plan.network(),
            plan.parameterCount(),
            plan.outputs()));
    rows.add(row("kernel", "%s", plan.kind()));
    for (KernelPlan.Block block : plan.blocks()) {
      KernelLayout layout = block.layout();
      for (String file : block.files().subList(0, Math.min(MOST, block.files().size()))) {
        rows.add(
            row(
                file,
                "%,d x %,d examples, %,d x %,d values%s",
                layout.rowExamples(),
                layout.columnExamples(),
                layout.rows(),
                layout.columns(),
                layout.symmetric() ? ", symmetric" : ""));
      }
      if (block.files().size() > MOST) {
        rows.add(row("", "and %d more, %s x train", block.files().size() - MOST, block.rows()));
      }
    }
    rows.add(row("precision", "%s", precision()));
    rows.add(
        row(
            "tiles",
            "%d, of up to %d x %d examples, factors of %d at a time",
            plan.tiles(),
            plan.cut().tile(),
            plan.cut().tile(),
            plan.cut().batch()));
    rows.add(
        row(
            "memory",
            "about %s of %s allowed, for %d device%s",
            Bytes.format(plan.cut().bytes()),
            Bytes.format(plan.memory()),
            plan.cut().atOnce(),
            plan.cut().atOnce() == 1 ? "" : "s"));
    rows.add(row("disk", "%s", Bytes.format(plan.diskBytes())));
    rows.add(
        row(
            "operations",
            "%s: forward %s, cotangents %s, gradients %s, contraction %s; recomputed %s",
            Numbers.brief(plan.operations()),
            Numbers.brief(plan.work().forward()),
            Numbers.brief(plan.work().cotangents()),
            Numbers.brief(plan.work().gradients()),
            Numbers.brief(plan.work().contraction()),
            Numbers.brief(plan.operations() - plan.work().total())));
    rows.add(
        row(
            "time",
            "about %s on %s, at %s of %s GFLOP/s of a matrix product",
            Numbers.duration(seconds()),
            rate.device(),
            Numbers.percent(shareOfPeak(), 0),
            Numbers.brief(GIGA * rate.peak())));
    plan.forecast()
        .ifPresent(
            forecast ->
                rows.add(
                    row(
                        "of which",
                        "preparation of graphs %s, factors %s, contraction %s, tiles %s",
                        Numbers.duration(forecast.setup()),
                        Numbers.duration(forecast.factors()),
                        Numbers.duration(forecast.contraction()),
                        Numbers.duration(forecast.copying() + forecast.writing()))));
    return rows;
  }

  private double seconds() {
    return plan.seconds(rate.peak());
  }

  /** At which the time is that of the operations. */
  private double shareOfPeak() {
    return plan.operations() / rate.peak() / seconds();
  }

  /** How the part of each parameter is computed. */
  List<List<String>> routes() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("parameter", "shape", "use", "route"));
    for (ParameterRoute route : plan.routes()) {
      String shape = route.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
      rows.add(List.of(route.parameter(), shape, route.use(), route.route()));
    }
    return rows;
  }

  /**
   * @param variant which run of a sweep; empty where there is none
   */
  Map<String, Object> fields(String variant) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (!variant.isEmpty()) {
      fields.put("run", variant);
    }
    fields.put("step", plan.step());
    fields.put("network", plan.network());
    fields.put("parameters", plan.parameterCount());
    fields.put("n", plan.blocks().get(0).layout().rowExamples());
    fields.put("outputs", plan.outputs());
    fields.put("kernel", plan.kind());
    fields.put("precision", precision());
    fields.put("kernels", plan.blocks().stream().flatMap(PlanText::kernels).toList());
    fields.put("tile", plan.cut().tile());
    fields.put("batch", plan.cut().batch());
    fields.put("tiles", plan.tiles());
    fields.put("devices", plan.cut().atOnce());
    fields.put("memory", plan.memory());
    fields.put("planned_bytes", plan.cut().bytes());
    fields.put("disk_bytes", plan.diskBytes());
    fields.put("flops", plan.work().total());
    fields.put("flops_forward", plan.work().forward());
    fields.put("flops_cotangents", plan.work().cotangents());
    fields.put("flops_gradients", plan.work().gradients());
    fields.put("flops_contraction", plan.work().contraction());
    fields.put("flops_with_recomputation", plan.operations());
    fields.put("device", rate.device());
    fields.put("gemm_peak_gflops", GIGA * rate.peak());
    fields.put("share_of_peak", shareOfPeak());
    fields.put("seconds", seconds());
    fields.put("predicted_by", plan.forecast().isPresent() ? "pilot" : "peak");
    plan.forecast()
        .ifPresent(
            forecast -> {
              fields.put("setup_seconds", forecast.setup());
              fields.put("factor_seconds", forecast.factors());
              fields.put("contraction_seconds", forecast.contraction());
              fields.put("tile_seconds", forecast.copying() + forecast.writing());
            });
    fields.put("routes", plan.routes());
    return fields;
  }

  private static Stream<Map<String, Object>> kernels(KernelPlan.Block block) {
    return block.files().stream()
        .map(
            file -> {
              Map<String, Object> fields = new LinkedHashMap<>();
              fields.put("file", file);
              fields.put("rows", block.layout().rowExamples());
              fields.put("columns", block.layout().columnExamples());
              fields.put("disk_bytes", block.layout().bytesWhenComplete());
              return fields;
            });
  }

  private String precision() {
    return plan.precision().name().toLowerCase(Locale.ROOT);
  }

  private static List<String> row(String name, String format, Object... values) {
    return List.of(name, String.format(Locale.ROOT, format, values));
  }
}
