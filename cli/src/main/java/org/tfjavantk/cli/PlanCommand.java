package org.tfjavantk.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.cli.run.MachineRate;
import org.tfjavantk.cli.run.StepContext;
import org.tfjavantk.cli.run.steps.ClosedFormPlan;
import org.tfjavantk.cli.run.steps.EmpiricalPlan;
import org.tfjavantk.cli.run.steps.KernelPlan;
import org.tfjavantk.cli.run.steps.StepRunners;
import org.tfjavantk.config.Build;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.Sweeps;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "plan",
    description = {
      "Says of every kernel of a config how it will be computed, and what that takes: routes,"
          + " tiles, memory, disk, operations, time on this machine.",
      "",
      "All is checked that a run checks before it starts; what does not fit into memory or on the"
          + " disk is refused. Nothing is written. For the time a little of the kernel is computed, in"
          + " five seconds or a tenth of the time, 20 seconds at most.",
      ""
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  ntk plan quickstart",
      "  ntk plan my.textproto --set step[1].empirical_kernel.memory=8GiB",
      "  ntk plan my.textproto --json"
    })
final class PlanCommand implements Callable<Integer> {
  private final Workshop workshop;
  private boolean first = true;

  @Spec private CommandSpec spec;
  @Mixin private ConfigArgument config;
  @Mixin private OutputOptions output;

  @Option(names = "--json", description = "Prints one line of JSON for each kernel.")
  private boolean json;

  @Option(
      names = "--quick",
      description =
          "Computes nothing: the time is a rough estimate from the rate of a matrix product.")
  private boolean quick;

  @Mixin private CommonOptions common;

  PlanCommand(Workshop workshop) {
    this.workshop = workshop;
  }

  @Override
  public Integer call() throws IOException {
    Run run = config.resolved();
    Path directory = output.directory(run);
    if (Sweeps.many(run)) {
      workshop.sweeps().check(run, directory, output.fresh());
      for (Sweeps.Variant variant : Sweeps.expand(run)) {
        print(variant.label(), Defaults.resolve(variant.run()), directory.resolve(variant.label()));
      }
    } else {
      workshop.runs().check(run, directory, output.fresh());
      print("", run, directory);
    }
    return Failures.DONE;
  }

  private void print(String label, Run run, Path directory) {
    List<StepContext> steps = workshop.runs().steps(run, directory);
    List<KernelPlan> plans = StepRunners.kernelPlans(steps, !quick);
    if (plans.isEmpty()) {
      throw new UserException(
          run.getName() + ": none of its steps computes a kernel, so there is nothing to plan");
    }
    PrintWriter out = spec.commandLine().getOut();
    for (KernelPlan plan : plans) {
      if (!json && !first) {
        out.println();
      }
      first = false;
      PlanText text = text(plan, run);
      if (json) {
        out.println(Json.line(text.fields(label)));
      } else {
        List<String> title = new ArrayList<>();
        if (!label.isEmpty()) {
          title.add(label);
        }
        title.add("step[" + plan.step() + "]." + text.runner());
        out.println(String.join(", ", title));
        TextTable.print(out, text.facts());
        if (!text.routes().isEmpty()) {
          out.println();
          TextTable.print(out, text.routes());
        }
      }
    }
  }

  private static PlanText text(KernelPlan plan, Run run) {
    if (plan instanceof EmpiricalPlan empirical) {
      return new EmpiricalPlanText(
          empirical, MachineRate.known(plan.precision(), Build.device(run)));
    }
    return new ClosedFormPlanText((ClosedFormPlan) plan);
  }
}
