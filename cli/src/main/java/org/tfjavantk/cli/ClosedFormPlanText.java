package org.tfjavantk.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.report.Numbers;
import org.tfjavantk.cli.run.steps.ClosedFormPlan;
import org.tfjavantk.config.Bytes;

/** The plan of a kernel in closed form. */
record ClosedFormPlanText(ClosedFormPlan plan) implements PlanText {
  private static final double MILLI = 1e3;

  @Override
  public String runner() {
    return plan.runner();
  }

  @Override
  public List<List<String>> facts() {
    List<List<String>> rows = new ArrayList<>(matrices());
    rows.add(
        PlanText.row(
            "tiles", "%d, of up to %d x %d examples", plan.tiles(), plan.tile(), plan.tile()));
    rows.add(
        PlanText.row(
            "memory",
            "about %s of %s allowed, for %d thread%s",
            Bytes.format(plan.cut().bytes()),
            Bytes.format(plan.memory()),
            plan.cut().threads(),
            plan.cut().threads() == 1 ? "" : "s"));
    rows.add(disk());
    rows.add(PlanText.row("pairs", "%,d", plan.pairs()));
    plan.seconds()
        .ifPresent(
            seconds ->
                rows.add(
                    PlanText.row(
                        "time",
                        "about %s, %s ms a pair",
                        Numbers.duration(seconds),
                        Numbers.brief(MILLI * plan.pairSeconds().getAsDouble()))));
    return rows;
  }

  @Override
  public List<List<String>> routes() {
    return List.of();
  }

  @Override
  public Map<String, Object> fields(String variant) {
    Map<String, Object> fields = begun(variant);
    fields.put("threads", plan.cut().threads());
    fields.put("planned_bytes", plan.cut().bytes());
    fields.put("pairs", plan.pairs());
    plan.seconds()
        .ifPresent(
            seconds -> {
              fields.put("ms_per_pair", MILLI * plan.pairSeconds().getAsDouble());
              fields.put("seconds", seconds);
              fields.put("predicted_by", "pilot");
            });
    return fields;
  }
}
