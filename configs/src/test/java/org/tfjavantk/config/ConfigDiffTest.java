package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.config.ConfigDiff.Change;
import org.tfjavantk.config.proto.Run;

class ConfigDiffTest {
  private static final Run BASE = Configs.parse(Configs.VALID);

  private static List<Change> against(String... overrides) {
    return ConfigDiff.between(BASE, Configs.parse(Configs.VALID, overrides));
  }

  @Test
  void findsWhatChanged() {
    assertEquals(
        List.of(
            new Change("seed", "7", "8"),
            new Change("dataset.classes", "[3, 5]", "[3]"),
            new Change("network.mlp.activation", "ERF", "RELU"),
            new Change("step[0].train.sgd.learning_rate", "0.1", "1e-6"),
            new Change("step[1].empirical_kernel.examples", "0", "50")),
        against(
            "seed=8",
            "dataset.classes=3",
            "network.mlp.activation=RELU",
            "step[0].train.sgd.learning_rate=1e-6",
            "step[1].empirical_kernel.examples=50"));
  }

  @Test
  void saysWhatCameAndWent() {
    Run fewer = BASE.toBuilder().removeStep(2).clearSweep().build();
    List<Change> changes = ConfigDiff.between(BASE, fewer);
    assertEquals(List.of("step[2]", "sweep"), changes.stream().map(Change::path).toList());
    assertEquals(
        "{ kernel_regression { ridge { from: 1e-6 to: 10 count: 15 } choose_by: VALIDATION validation_fraction: 0.2 kernel: \"\" folds: 5 convention: LAMBDA solver { kind: AUTO memory: \"8GiB\" preconditioner: NYSTROM rank: 500 tolerance: 1e-6 iterations: 1000 } } }",
        changes.get(0).before());
    assertEquals(ConfigDiff.ABSENT, changes.get(0).after());
    assertEquals(
        "sweep: { axis { field: \"seed\" values: [\"1\", \"2\"] } } -> (none)",
        changes.get(1).toString());
    assertEquals(ConfigDiff.ABSENT, ConfigDiff.between(fewer, BASE).get(0).before());
    assertEquals(
        List.of(
            new Change("network.mlp", "{ hidden: [16, 8] activation: ERF }", "(none)"),
            new Change("network.lenet", "(none)", "{}")),
        against("network.lenet={}"));
  }

  @Test
  void neutralFieldsAndDefaultsWrittenOutAreNoChange() {
    assertEquals(List.of(), against());
    assertEquals(List.of(), against("name=other", "output.dir=/elsewhere", "output.plots=true"));
    assertEquals(
        List.of(), against("step[0].train.batch_size=64", "dataset.preprocess.scale=true"));
    assertEquals(List.of(), ConfigDiff.between(BASE, Defaults.resolve(BASE)));
  }
}
