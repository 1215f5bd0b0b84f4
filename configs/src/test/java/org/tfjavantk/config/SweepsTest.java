package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tfjavantk.config.Sweeps.Variant;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

class SweepsTest {
  private static final String BASE =
      """
      name: "s"
      dataset { circle {} train: 4 test: 4 }
      network { two_layer {} }
      step { empirical_kernel {} }
      step { kernel_regression { ridge { from: 1 to: 2 } } }
      """;

  private static List<Variant> expand(String... axes) {
    return Sweeps.expand(Configs.parse(BASE + "sweep { " + String.join(" ", axes) + " }"));
  }

  @Test
  void aRunWithoutASweepIsItsOnlyVariant() {
    Run run = Configs.parse(BASE);
    assertEquals(List.of(new Variant("", Map.of(), run)), Sweeps.expand(run));
  }

  @Test
  void takesEveryCombinationTheLastAxisFastest() {
    List<Variant> variants =
        expand(
            "axis { field: 'network.two_layer.width' values: ['8', '16'] }",
            "axis { field: 'seed' values: ['1', '2', '3'] }");
    assertEquals(
        List.of(
            "width=8,seed=1",
            "width=8,seed=2",
            "width=8,seed=3",
            "width=16,seed=1",
            "width=16,seed=2",
            "width=16,seed=3"),
        variants.stream().map(Variant::label).toList());
    Variant fifth = variants.get(4);
    assertEquals("{network.two_layer.width=16, seed=2}", fifth.values().toString());
    assertEquals(16, fifth.run().getNetwork().getTwoLayer().getWidth());
    assertEquals(2, fifth.run().getSeed());
    assertTrue(variants.stream().noneMatch(v -> v.run().hasSweep()));
    assertThrows(UnsupportedOperationException.class, () -> fifth.values().clear());
  }

  @Test
  void aWholeBlockCanVary() {
    List<Variant> variants =
        expand("axis { field: 'network' values: ['{logistic {}}', '{lenet {} outputs: 3}'] }");
    assertTrue(variants.get(0).run().getNetwork().hasLogistic());
    assertEquals(3, variants.get(1).run().getNetwork().getOutputs());
  }

  @Test
  void labelsServeAsFileNamesAndAreUnique() {
    List<Variant> variants =
        expand(
            "axis { field: 'dataset.dir' values: ['/a/b', '/a:b', 'c d', '"
                + "x".repeat(300)
                + "'] }");
    List<String> labels = variants.stream().map(Variant::label).toList();
    assertEquals(labels.size(), new HashSet<>(labels).size());
    assertEquals("dir=_a_b", labels.get(0));
    for (String label : labels) {
      assertTrue(label.matches("[A-Za-z0-9._=,+\\[\\]-]{1,120}"), label);
    }
    List<Variant> shared =
        expand(
            "axis { field: 'dataset.circle.classes' values: '2' }",
            "axis { field: 'dataset.classes' values: '1' }");
    assertEquals("dataset.circle.classes=2,dataset.classes=1", shared.get(0).label());
  }

  @Test
  void aCombinationThatBreaksARuleIsToldWithItsValues() {
    // Each alone keeps from <= to; 1.5 and 0.5 .. 1.2 together do not.
    String from = "axis { field: 'step[1].kernel_regression.ridge.from' values: ['0.1', '1.5'] }";
    String to = "axis { field: 'step[1].kernel_regression.ridge.to' values: ['1.2', '3'] }";
    UserException e = assertThrows(UserException.class, () -> expand(from, to));
    assertEquals(
        "sweep at {step[1].kernel_regression.ridge.from=1.5, step[1].kernel_regression.ridge.to=1.2}:"
            + " step[1].kernel_regression.ridge.from: found 1.5; allowed: at most to, which is 1.2",
        e.getMessage());
  }

  @Test
  void refusesAnAbsurdNumberOfCombinations() {
    String[] axes = new String[5];
    List<String> fields =
        List.of(
            "seed", "dataset.train", "dataset.test", "network.two_layer.width", "device.threads");
    for (int i = 0; i < axes.length; i++) {
      axes[i] = "axis { field: '" + fields.get(i) + "' values: ['1','2','3','4','5','6','7','8'] }";
    }
    UserException e = assertThrows(UserException.class, () -> expand(axes));
    assertFalse(e.getMessage().isBlank());
    assertTrue(e.getMessage().contains("10000 combinations"), e.getMessage());
  }
}
