package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.config.Experiments.Experiment;
import org.tfjavantk.config.proto.Run;

class ExperimentsTest {
  private static final Path FOLDER = Path.of("experiments");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  static List<Experiment> experiments() {
    return Experiments.list();
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyFileReadsResolvesAndPrintsBack(Path file) {
    Run run = ConfigReader.read(file, List.of());
    assertEquals(file.getFileName().toString(), run.getName() + ".textproto");
    for (Sweeps.Variant variant : Sweeps.expand(run)) {
      Run resolved = Defaults.resolve(variant.run());
      assertEquals(resolved, Configs.parse(ConfigText.print(resolved)));
    }
    assertEquals(run, Configs.parse(ConfigText.print(run)));
  }

  @ParameterizedTest
  @MethodSource("experiments")
  void everyExperimentSaysWhatItShows(Experiment experiment) {
    assertTrue(experiment.description().length() > 40, experiment.name());
    assertFalse(experiment.description().contains("#"), experiment.description());
    assertTrue(experiment.description().matches("[A-Z].*[.]"), experiment.description());
  }

  @Test
  void theListIsTheFolder() throws IOException {
    List<String> names =
        files().stream()
            .map(f -> FOLDER.relativize(f).toString().replace('\\', '/'))
            .map(path -> path.replaceFirst("[.]textproto$", ""))
            .sorted()
            .toList();
    assertEquals(names, Experiments.list().stream().map(Experiment::name).toList());
    assertTrue(names.containsAll(List.of("quickstart", "ntkgen/resnet9-cifar10")), names::toString);
  }

  /** Every network on CIFAR-10, the small ones on all five sets; all on images of 32 x 32 x 3. */
  @Test
  void theZooIsComplete() {
    Map<String, Set<String>> sets = new TreeMap<>();
    for (Experiment experiment : experiments()) {
      Run run = Defaults.resolve(Configs.parse(experiment.text()));
      if (experiment.name().startsWith("ntkgen/") && !Sweeps.many(run)) {
        String set = run.getDataset().getSourceCase().name().toLowerCase(Locale.ROOT);
        String network = run.getName().replace("-" + set, "");
        assertEquals("ntkgen/" + network + "-" + set, experiment.name());
        assertEquals(10, Build.network(run, 10).shape(32, 32, 3).output()[0], experiment.name());
        sets.computeIfAbsent(network, n -> new TreeSet<>()).add(set);
      }
    }
    Set<String> five = Set.of("mnist", "fashion_mnist", "kmnist", "svhn", "cifar10");
    Set<String> small = Set.of("logistic", "twolayer", "lenet", "resnet9");
    assertEquals(18, sets.size(), sets::toString);
    sets.forEach(
        (network, found) ->
            assertEquals(small.contains(network) ? five : Set.of("cifar10"), found, network));
  }

  @Test
  void findsByNameAndByPath() {
    for (String name :
        List.of(
            "quickstart",
            "quickstart.textproto",
            "experiments/quickstart",
            "./configs/experiments/quickstart.textproto")) {
      assertEquals("quickstart", Experiments.find(name).orElseThrow().name());
    }
    for (String name :
        List.of("ntkgen/lenet-mnist", "configs/experiments/ntkgen/lenet-mnist.textproto")) {
      assertEquals("ntkgen/lenet-mnist", Experiments.find(name).orElseThrow().name());
    }
    assertEquals(Optional.empty(), Experiments.find("lenet-mnist"));
    assertEquals(Optional.empty(), Experiments.find("quick"));
    assertEquals(Optional.empty(), Experiments.find("elsewhere/quickstart.textproto"));
  }

  @Test
  void listsFromAJarToo(@TempDir Path folder) throws Exception {
    Path jar = folder.resolve("with space.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("experiments/"));
      out.putNextEntry(new JarEntry("experiments/only.textproto"));
      out.write(
          "# It shows\n# a jar.\n\n# Not this.\n"
              .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("experiments/notes.md"));
      out.putNextEntry(new JarEntry("experiments/more/"));
      out.putNextEntry(new JarEntry("experiments/more/deep.textproto"));
    }
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      List<Experiment> found = new ArrayList<>(Experiments.list(loader));
      assertEquals(List.of("more/deep", "only"), found.stream().map(Experiment::name).toList());
      assertEquals("It shows a jar.", found.get(1).description());
    }
  }
}
