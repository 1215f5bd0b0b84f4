package org.tfjavantk.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tfjavantk.config.proto.Dataset;
import org.tfjavantk.config.proto.DeepNarrowConvergence;
import org.tfjavantk.config.proto.DeepNarrowInit;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.GradientFlow;
import org.tfjavantk.config.proto.KernelRegression;
import org.tfjavantk.config.proto.Network;
import org.tfjavantk.config.proto.NpyFiles;
import org.tfjavantk.config.proto.Preprocess;
import org.tfjavantk.config.proto.RidgeGrid;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Solver;
import org.tfjavantk.config.proto.Step;

/** Rules that concern more than one field. Each field alone is known to keep its own rule. */
final class Consistency {
  /** What names of files say of the examples, which no group's name may. */
  private static final List<String> PARTS = List.of("validation", "test");

  private final Run run;
  private final Origins origins;
  private final Problems problems;

  Consistency(Run run, Origins origins, Problems problems) {
    this.run = run;
    this.origins = origins;
    this.problems = problems;
  }

  void check() {
    name();
    repeats();
    source();
    counts(run.getDataset());
    npy(run.getDataset().getNpy());
    eachOnce("dataset.classes", "class", run.getDataset().getClassesList());
    eachOnce("device.index", "device", run.getDevice().getIndexList());
    preprocess(run.getDataset().getPreprocess());
    steps();
  }

  private void name() {
    String name = run.getName();
    boolean isFolder = !name.matches(".*[/\\\\\\p{Cntrl}].*") && !Set.of(".", "..").contains(name);
    if (!isFolder && run.getOutput().getDir().isEmpty()) {
      report(
          "name",
          "found "
              + ConfigText.quote(name)
              + ", which names the run directory; allowed: no /, no \\, not . or ..; or give output.dir");
    }
  }

  private void repeats() {
    if (run.getRepeats() > 1 && run.getRepeat() > 1) {
      report(
          "repeat",
          "found "
              + run.getRepeat()
              + " beside repeats, which makes runs 1 to "
              + run.getRepeats()
              + "; allowed: one of the two");
    }
  }

  private void source() {
    boolean swept = run.getSweep().getAxisList().stream().anyMatch(a -> a.getDatasetCount() > 0);
    boolean needed =
        run.getStepCount() == 0
            || run.getStepList().stream().anyMatch(step -> !step.hasDeepNarrowConvergence());
    if (needed && !run.hasDataset() && !swept) {
      report("dataset", "missing; Run needs it (a block { ... })");
    }
  }

  private void counts(Dataset dataset) {
    boolean generated =
        switch (dataset.getSourceCase()) {
          case STROKE_DIGITS, GAUSSIAN_MIXTURE, CIRCLE -> true;
          default -> false;
        };
    if (!generated) {
      return;
    }
    String source = dataset.getSourceCase().name().toLowerCase(java.util.Locale.ROOT);
    String expected = "; allowed: an integer of at least 1, for " + source + " has no end";
    if (dataset.getTrain() == 0) {
      report("dataset.train", "found 0" + expected);
    }
    if (dataset.getTest() == 0) {
      report("dataset.test", "found 0" + expected);
    }
  }

  private void npy(NpyFiles npy) {
    boolean labels = !npy.getTrainLabels().isEmpty();
    boolean testLabels = !npy.getTestLabels().isEmpty();
    if (npy.getTestInputsCount() == 0) {
      if (testLabels) {
        report("dataset.npy.test_inputs", "missing; test_labels are given");
      }
      return;
    }
    if (labels != testLabels) {
      report(
          "dataset.npy." + (labels ? "test_labels" : "train_labels"),
          "missing; allowed: both train_labels and test_labels, or neither");
    }
    if (npy.getTestInputsCount() != npy.getTrainInputsCount()) {
      report(
          "dataset.npy.test_inputs",
          "found "
              + npy.getTestInputsCount()
              + " files; allowed: as many as train_inputs, "
              + npy.getTrainInputsCount());
    }
  }

  private void eachOnce(String field, String what, List<?> values) {
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < values.size(); i++) {
      if (!seen.add(values.get(i))) {
        report(
            Paths.element(field, i),
            "found " + values.get(i) + " again; allowed: every " + what + " once");
      }
    }
  }

  private void preprocess(Preprocess preprocess) {
    int mean = preprocess.getMeanCount();
    int std = preprocess.getStdCount();
    if (mean > 1 && std > 1 && mean != std) {
      report(
          "dataset.preprocess.std",
          "found "
              + std
              + " values beside "
              + mean
              + " of mean; allowed: one, or as many as channels");
    }
    int channels = preprocess.getChannels();
    perChannel("mean", mean, channels);
    perChannel("std", std, channels);
  }

  private void perChannel(String field, int count, int channels) {
    if (channels > 0 && count > 1 && count != channels) {
      report(
          "dataset.preprocess." + field,
          "found " + count + " values for " + channels + " channels; allowed: one, or " + channels);
    }
  }

  private void steps() {
    boolean kernel = false;
    for (int i = 0; i < run.getStepCount(); i++) {
      Step step = run.getStep(i);
      String kind = step.getKindCase().name().toLowerCase(java.util.Locale.ROOT);
      String path = Paths.element("step", i) + "." + kind;
      switch (step.getKindCase()) {
        case TRAIN -> {
          needsNetwork(path);
          needsLayers(path);
          needsLabels(path);
        }
        case EMPIRICAL_KERNEL -> {
          needsNetwork(path);
          eachOnce(path + ".output", "output", step.getEmpiricalKernel().getOutputList());
          groups(path, step.getEmpiricalKernel());
          kernel = true;
        }
        case INFINITE_KERNEL -> {
          needsNetwork(path);
          needsLayers(path);
          eachOnce(path + ".kind", "kind", step.getInfiniteKernel().getKindList());
          kernel = true;
        }
        case ANALYTIC_KERNEL -> kernel = true;
        case MONTE_CARLO -> {
          needsNetwork(path);
          needsLayers(path);
          eachOnce(path + ".width", "width", step.getMonteCarlo().getWidthList());
        }
        case KERNEL_REGRESSION -> {
          needsKernel(path, kernel || step.getKernelRegression().hasFiles());
          needsLabels(path);
          ridge(path + ".ridge", step.getKernelRegression().getRidge());
          solver(path, step.getKernelRegression());
        }
        case SPECTRUM -> {
          needsKernel(path, kernel || step.getSpectrum().hasFiles());
          probes(path, step.getSpectrum().getProbes());
        }
        case GAUSSIAN_PROCESS -> {
          needsKernel(path, kernel || step.getGaussianProcess().hasFiles());
          needsLabels(path);
        }
        case GRADIENT_FLOW -> {
          needsKernel(path, kernel || step.getGradientFlow().hasFiles());
          needsLabels(path);
          times(path, step.getGradientFlow());
        }
        case DEEP_NARROW_CONVERGENCE -> lists(path, step.getDeepNarrowConvergence());
        case DEEP_NARROW_MNIST -> {
          needsLabels(path);
          List<Integer> initializations =
              step.getDeepNarrowMnist().getInitializationList().stream()
                  .map(DeepNarrowInit::getNumber)
                  .toList();
          eachOnce(path + ".initialization", "initialisation", initializations);
        }
        case KIND_NOT_SET -> throw new IllegalStateException(path);
      }
    }
  }

  private void lists(String path, DeepNarrowConvergence convergence) {
    int depths = Math.max(1, convergence.getDepthCount());
    int scales = Math.max(1, convergence.getScaleCount());
    int rates = Math.max(1, convergence.getLearningRateCount());
    asMany(path + ".scale", scales, depths);
    asMany(path + ".learning_rate", rates, depths);
    double from = convergence.getGrid().getFrom();
    if (from >= convergence.getGrid().getTo()) {
      report(
          path + ".grid.from",
          "found "
              + ConfigText.number(from)
              + "; allowed: less than to, which is "
              + ConfigText.number(convergence.getGrid().getTo()));
    }
  }

  private void asMany(String path, int count, int depths) {
    if (count != depths) {
      report(path, "found " + count + " values; allowed: as many as depths, " + depths);
    }
  }

  private void groups(String path, EmpiricalKernel kernel) {
    if (kernel.getBy() != EmpiricalKernel.By.ALL && kernel.getGroupCount() > 0) {
      report(path + ".by", "found " + kernel.getBy() + " beside group; allowed: one of the two");
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < kernel.getGroupCount(); i++) {
      String field = Paths.element(path + ".group", i) + ".name";
      String name = kernel.getGroup(i).getName();
      if (!name.matches("[A-Za-z0-9_.]+") || PARTS.contains(name)) {
        report(
            field,
            "found "
                + ConfigText.quote(name)
                + ", which names files; allowed: letters, digits, _ and dots, but not "
                + String.join(" or ", PARTS));
      } else if (!seen.add(name)) {
        report(field, "found " + ConfigText.quote(name) + " again; allowed: every name once");
      }
    }
  }

  private void needsNetwork(String path) {
    boolean swept = run.getSweep().getAxisList().stream().anyMatch(a -> a.getNetworkCount() > 0);
    if (!run.hasNetwork() && !swept) {
      report(path, "there is no network in this config; give a block network { ... }");
    }
  }

  private void needsLayers(String path) {
    Network network = run.getNetwork();
    if (network.hasSavedModel() || network.hasFrozenGraph()) {
      report(path, "a network from a file comes trained; take the train step out of the config");
    }
  }

  private void needsLabels(String path) {
    if (run.getDataset().hasNpy() && run.getDataset().getNpy().getTrainLabels().isEmpty()) {
      report(path, "needs labels; give dataset.npy.train_labels");
    }
  }

  private void needsKernel(String path, boolean kernel) {
    if (!kernel) {
      report(path, "no step before this one makes a kernel; put an empirical_kernel before it");
    }
  }

  /** Closed forms come from an eigendecomposition, whatever the solver. */
  private void solver(String path, KernelRegression regression) {
    boolean closedForm =
        switch (regression.getChooseBy()) {
          case K_FOLD, LEAVE_ONE_OUT, GCV -> true;
          case VALIDATION, TEST -> false;
        };
    Solver.Kind kind = regression.getSolver().getKind();
    if (closedForm && kind != Solver.Kind.AUTO) {
      report(
          path + ".solver.kind",
          "found "
              + kind
              + " beside choose_by: "
              + regression.getChooseBy()
              + ", which takes an eigendecomposition in memory; allowed: AUTO, or choose_by:"
              + " VALIDATION or TEST");
    }
  }

  private void probes(String path, int probes) {
    if (probes == 1) {
      report(path + ".probes", "found 1; allowed: 0, or at least 2, of which a spread is known");
    }
  }

  private void times(String path, GradientFlow flow) {
    if (flow.getFrom() >= flow.getTo()) {
      report(
          path + ".from",
          "found "
              + ConfigText.number(flow.getFrom())
              + "; allowed: below to, which is "
              + ConfigText.number(flow.getTo()));
    }
  }

  private void ridge(String path, RidgeGrid ridge) {
    if (ridge.getValuesCount() == 0 && ridge.getFrom() > ridge.getTo()) {
      report(
          path + ".from",
          "found "
              + ConfigText.number(ridge.getFrom())
              + "; allowed: at most to, which is "
              + ConfigText.number(ridge.getTo()));
    }
  }

  private void report(String path, String message) {
    problems.add(origins.of(path), path, message);
  }
}
