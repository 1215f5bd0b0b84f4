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

  private static final String NETWORKS =
      "axis { network { lenet {} } network { resnet9 { width: 16 } } network { resnet9 {} } }";

  @Test
  void wholeNetworksAreNamedByWhatTheyAre() {
    List<Variant> variants = expand("axis { field: 'seed' values: ['3', '4'] }", NETWORKS);
    assertEquals(6, variants.size());
    Variant second = variants.get(1);
    assertEquals("seed=3,network=resnet9_width=16", second.label());
    assertEquals("{seed=3, network=resnet9 width=16}", second.values().toString());
    assertEquals(16, second.run().getNetwork().getResnet9().getWidth());
    assertEquals("seed=3,network=resnet9", variants.get(2).label());
    assertEquals(4, variants.get(3).run().getSeed());
  }

  /** A resolved run names them in the same way, so its directories are found again. */
  @Test
  void namesDoNotDependOnDefaultsBeingWrittenOut() {
    String text =
        BASE
            + "sweep { axis { network { mlp {} } network { mlp { hidden: [8, 4] } }"
            + " network { lenet { } parametrization: NTK } network { lenet {} } } }";
    List<String> labels = Sweeps.expand(Configs.parse(text)).stream().map(Variant::label).toList();
    assertEquals(
        List.of(
            "network=mlp",
            "network=mlp_hidden=[8,4]",
            "network=lenet_parametrization=NTK",
            "network=lenet"),
        labels);
    Run resolved = Defaults.resolve(Configs.parse(text));
    Run readBack = Configs.parse(ConfigText.print(resolved));
    assertEquals(labels, Sweeps.expand(readBack).stream().map(Variant::label).toList());
  }

  @Test
  void axesOfFieldsReachIntoWholeNetworks() {
    List<Variant> variants =
        expand("axis { field: 'network.parametrization' values: ['NTK'] }", NETWORKS);
    for (Variant variant : variants) {
      assertEquals(
          org.tfjavantk.config.proto.Network.Parametrization.NTK,
          variant.run().getNetwork().getParametrization(),
          variant.label());
    }
  }

  @Test
  void wholeBlocksNeedNoneInTheRun() {
    Run run =
        Configs.parse(
            """
            name: "s"
            step { empirical_kernel {} }
            sweep {
              axis { dataset { circle {} train: 4 test: 4 } dataset { mnist {} train: 5 } }
              axis { network { lenet {} } network { logistic {} } }
            }
            """);
    List<Variant> variants = Sweeps.expand(run);
    assertEquals(
        List.of(
            "dataset=circle,network=lenet",
            "dataset=circle,network=logistic",
            "dataset=mnist,network=lenet",
            "dataset=mnist,network=logistic"),
        variants.stream().map(Variant::label).toList());
    assertEquals(5, variants.get(3).run().getDataset().getTrain());
    assertEquals(run, Configs.parse(ConfigText.print(run)));
  }

  @Test
  void jsonListsNetworksToo() {
    Run run =
        Configs.json(
            """
            {"name": "s", "dataset": {"mnist": {}}, "step": [{"empiricalKernel": {}}],
             "sweep": {"axis": [{"network": [{"lenet": {}}, {"resnet9": {"width": 4}}]}]}}
            """);
    assertEquals(
        List.of("network=lenet", "network=resnet9_width=4"),
        Sweeps.expand(run).stream().map(Variant::label).toList());
  }

  @Test
  void overridesReachIntoTheNetworksOfAnAxis() {
    Run run =
        Configs.parse(
            BASE + "sweep { " + NETWORKS + " }", "sweep.axis[0].network[1].resnet9.width=8");
    assertEquals("network=resnet9_width=8", Sweeps.expand(run).get(1).label());
    assertEquals(
        "--set sweep.axis[0].network[1].resnet9.width=0: sweep.axis[0].network[1].resnet9.width: found 0;"
            + " allowed: an integer of at least 1",
        Configs.error(
            BASE + "sweep { " + NETWORKS + " }", "sweep.axis[0].network[1].resnet9.width=0"));
  }

  @Test
  void withoutADataSetAnywhereThereIsNoRun() {
    assertEquals(
        "c.textproto:1:1: dataset: missing; Run needs it (a block { ... })",
        Configs.error("name: 's' network { lenet {} } step { empirical_kernel {} }"));
  }

  @Test
  void repeatsVaryFastestAndHaveSeedsOfTheirOwn() {
    String sweep = "sweep { axis { field: 'seed' values: ['1', '2'] } }";
    List<Variant> variants = Sweeps.expand(Configs.parse(BASE + "repeats: 2 " + sweep));
    assertEquals(
        List.of("seed=1,repeat=1", "seed=1,repeat=2", "seed=2,repeat=1", "seed=2,repeat=2"),
        variants.stream().map(Variant::label).toList());
    assertEquals("{seed=2}", variants.get(3).values().toString());
    List<Long> seeds = variants.stream().map(v -> Build.trainingSeed(v.run())).toList();
    assertEquals(4, new HashSet<>(seeds).size(), seeds::toString);
    assertEquals(1, seeds.get(0));
    assertEquals(2, seeds.get(2));
    assertTrue(variants.stream().noneMatch(v -> Sweeps.many(v.run())));
    assertEquals(List.of(1L, 1L, 2L, 2L), variants.stream().map(v -> v.run().getSeed()).toList());
  }

  @Test
  void aRunCanBeRepeatedWithoutASweep() {
    List<Variant> variants = Sweeps.expand(Configs.parse(BASE + "repeats: 3"));
    assertEquals(
        List.of("repeat=1", "repeat=2", "repeat=3"),
        variants.stream().map(Variant::label).toList());
    assertEquals(3, variants.get(2).run().getRepeat());
    assertEquals(1, variants.get(2).run().getRepeats());
  }

  @Test
  void repeatsCountAmongTheCombinations() {
    UserException e =
        assertThrows(
            UserException.class,
            () ->
                Sweeps.expand(
                    Configs.parse(
                        BASE
                            + "repeats: 5001 sweep { axis { field: 'seed' values: ['1', '2'] } }")));
    assertTrue(e.getMessage().contains("10000 combinations"), e.getMessage());
  }
}
