package org.tfjavantk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.run.MachineRate;
import org.tfjavantk.cli.run.steps.EmpiricalPlan;
import org.tfjavantk.config.Bytes;
import org.tfjavantk.empirical.ParameterRoute;

/** The plan of an empirical kernel. */
record EmpiricalPlanText(EmpiricalPlan plan, MachineRate rate) implements PlanText {
  private static final double GIGA = 1e-9;

  @Override
  public String runner() {
    return "empirical_kernel";
  }

  @Override
  public List<List<String>> facts() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        PlanText.row(
            "network",
            "%s, %,d parameters, %d outputs",
            plan.network(),
            plan.parameterCount(),
            plan.outputs()));
    rows.addAll(matrices());
    rows.add(
        PlanText.row(
            "tiles",
            "%d, of up to %d x %d examples, factors of %d at a time",
            plan.tiles(),
            plan.cut().tile(),
            plan.cut().tile(),
            plan.cut().batch()));
    rows.add(
        PlanText.row(
            "memory",
            "about %s of %s allowed, for %d device%s",
            Bytes.format(plan.cut().bytes()),
            Bytes.format(plan.memory()),
            plan.cut().atOnce(),
            plan.cut().atOnce() == 1 ? "" : "s"));
    rows.add(disk());
    rows.add(
        PlanText.row(
            "operations",
            "%s: forward %s, cotangents %s, gradients %s, contraction %s; recomputed %s",
            Numbers.brief(plan.operations()),
            Numbers.brief(plan.work().forward()),
            Numbers.brief(plan.work().cotangents()),
            Numbers.brief(plan.work().gradients()),
            Numbers.brief(plan.work().contraction()),
            Numbers.brief(plan.operations() - plan.work().total())));
    rows.add(
        PlanText.row(
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
                    PlanText.row(
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

  @Override
  public List<List<String>> routes() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("parameter", "shape", "use", "route"));
    for (ParameterRoute route : plan.routes()) {
      String shape = route.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
      rows.add(List.of(route.parameter(), shape, route.use(), route.route()));
    }
    return rows;
  }

  @Override
  public Map<String, Object> fields(String variant) {
    Map<String, Object> fields = begun(variant);
    fields.put("network", plan.network());
    fields.put("parameters", plan.parameterCount());
    fields.put("outputs", plan.outputs());
    fields.put("batch", plan.cut().batch());
    fields.put("devices", plan.cut().atOnce());
    fields.put("planned_bytes", plan.cut().bytes());
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
}
