package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.run.Fixture;
import org.tfjavantk.config.proto.Dataset;
import org.tfjavantk.config.proto.Network;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

class NtkTest {
  private final Fixture fixture = new Fixture();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;
  private Path config;

  @BeforeEach
  void writeConfig() throws IOException {
    config = folder.resolve("fake.textproto");
    Files.writeString(config, Fixture.CONFIG);
  }

  private int ntk(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    Workshop workshop =
        new Workshop(Map.copyOf(fixture.steps), List.of(), Fixture::environment, fixture.display);
    String[] words = List.of(arguments).stream().map(Object::toString).toArray(String[]::new);
    return Ntk.execute(workshop, new PrintWriter(out), new PrintWriter(err), words);
  }

  private void says(StringWriter where, String... parts) {
    for (String part : parts) {
      assertTrue(where.toString().contains(part), () -> "lacks '" + part + "': " + where);
    }
  }

  @Test
  void aRunEndsWithThePathOfItsReport() {
    Path dir = folder.resolve("r");
    assertEquals(0, ntk("run", config, "--out", dir));
    assertEquals(dir.resolve("report.html") + System.lineSeparator(), out.toString());
    assertEquals("", err.toString());
    assertEquals(0, ntk("run", config, "--out", dir));
    assertEquals(2, ntk("run", config, "--out", dir, "--set", "seed=8"));
    says(err, "seed: 7 -> 8", "--fresh");
    assertEquals(0, ntk("run", config, "--out", dir, "--set", "seed=8", "--fresh"));
  }

  @Test
  void aSweepIsRunAsOne() throws IOException {
    Files.writeString(
        config, Fixture.CONFIG + "sweep { axis { field: \"seed\" values: [\"1\", \"2\"] } }\n");
    Path dir = folder.resolve("sweep");
    assertEquals(0, ntk("check", config, "--out", dir));
    says(out, "2 runs of 3 steps");
    assertEquals(0, ntk("run", config, "--out", dir));
    assertTrue(Files.exists(dir.resolve("sweep.csv")));
  }

  @Test
  void aBadConfigIsTheUsersAndLeavesNothing() throws IOException {
    Path dir = folder.resolve("r");
    Files.writeString(config, Fixture.CONFIG.replace("seed", "sead"));
    assertEquals(2, ntk("run", config, "--out", dir));
    says(err, "fake.textproto:2:1", "seed");
    assertEquals(2, ntk("check", config, "--out", dir));
    assertEquals(2, ntk("show", config));
    Files.writeString(config, Fixture.CONFIG);
    assertEquals(2, ntk("run", config, "--out", dir, "--set", "step[0].train.epochs=-1"));
    says(err, "step[0].train.epochs");
    fixture.kernel().refuses = true;
    assertEquals(2, ntk("check", config, "--out", dir));
    assertEquals("", out.toString());
    assertEquals("empirical_kernel: refused" + System.lineSeparator(), err.toString());
    assertFalse(Files.exists(dir));
  }

  @Test
  void aPlaceThatCannotBeWrittenIsTheUsers() throws IOException {
    assertEquals(2, ntk("run", config, "--out", config.resolve("below-a-file")));
    says(err, "is a file", "--out");
  }

  @Test
  void anythingElseIsStatusOneAndATraceOnlyWhenAskedFor() {
    Path dir = folder.resolve("r");
    fixture.kernel().failAfter = 0;
    assertEquals(1, ntk("run", config, "--out", dir));
    assertEquals(
        "ntk: the disk is on fire (--verbose shows where)" + System.lineSeparator(),
        err.toString());
    fixture.kernel().failAfter = 0;
    assertEquals(1, ntk("run", config, "--out", dir, "--verbose"));
    says(err, "\tat org.tfjavantk.cli.run.FakeStep.run");
    assertEquals(0, ntk("run", config, "--out", dir));
  }

  @Test
  void wrongWordsGetTheNearestRightOne() {
    assertEquals(2, ntk("rnu", config));
    says(err, "no command 'rnu'; did you mean 'run'?", "completion");
    assertEquals(2, ntk("run", config, "--frsh"));
    says(err, "--fresh");
    assertEquals(2, ntk("run", "quickstrat"));
    says(err, "quickstrat: there is no such file", "did you mean 'quickstart'?");
    assertEquals(2, ntk("list", "netwroks"));
    says(err, "did you mean 'networks'?");
    assertEquals(2, ntk("data", "verify", "mnits"));
    says(err, "did you mean 'mnist'?");
    assertEquals(2, ntk("run"));
    says(err, "CONFIG", "ntk run --help");
    assertEquals(2, ntk("show", config, "other"));
    says(err, "'other' is one too many");
    assertEquals(2, ntk());
    says(err, "Usage: ntk", "Commands:");
    assertEquals(2, ntk("data"));
    says(err, "fetch");
  }

  @Test
  void helpIsOnStdout() {
    assertEquals(0, ntk("--help"));
    says(out, "Exit status:", "130", "Examples:", "ntk run quickstart");
    for (String command :
        List.of(
            "run",
            "check",
            "plan",
            "show",
            "list",
            "info",
            "data",
            "kernel",
            "bench",
            "schema",
            "completion")) {
      says(out, "\n  " + command + " ");
      assertEquals(0, ntk(command, "--help"));
      says(out, "Usage: ntk " + command);
      assertEquals("", err.toString());
      ntk("--help");
    }
    assertEquals(0, ntk("--version"));
    assertTrue(out.toString().startsWith("ntk 0."), out::toString);
  }

  @Test
  void showWritesAConfigThatReadsBack() throws IOException {
    assertEquals(0, ntk("show", config, "--set", "seed=9"));
    says(out, "seed: 9", "momentum: 0.9");
    String first = out.toString();
    Files.writeString(config, first);
    assertEquals(0, ntk("show", config));
    assertEquals(first, out.toString());
  }

  @Test
  void packagedConfigsAreFoundByName() {
    assertEquals(0, ntk("list", "experiments"));
    says(out, "quickstart");
    assertEquals(0, ntk("show", "quickstart"));
    says(out, "name: \"quickstart\"");
  }

  @Test
  void listsNameAllThatTheSchemaKnows() {
    assertEquals(Catalogue.networks().keySet(), members(Network.getDescriptor()));
    assertEquals(Catalogue.datasets().keySet(), members(Dataset.getDescriptor()));
    assertEquals(0, ntk("list", "networks"));
    says(out, "resnet18");
    assertEquals(0, ntk("list", "datasets"));
    says(out, "Fashion-MNIST", "60,000 training");
  }

  private static Set<String> members(com.google.protobuf.Descriptors.Descriptor message) {
    return message.getOneofs().get(0).getFields().stream()
        .map(com.google.protobuf.Descriptors.FieldDescriptor::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void schemaAndCompletionArePrinted() {
    assertEquals(0, ntk("schema"));
    says(out, "| ", "learning_rate");
    assertEquals(0, ntk("completion"));
    says(out, "bashcompinit", "--fresh", "quickstart");
  }

  @Test
  void dataThatAreNotThereFailTheVerification() {
    assertEquals(2, ntk("data", "verify", "mnist", "--dir", folder));
    says(out, "missing");
    says(err, "ntk data fetch mnist");
    assertEquals(0, ntk("data", "list"));
    says(out, "svhn");
  }

  @Test
  void aKernelIsShownCheckedAndExported() throws IOException {
    Path run = folder.resolve("r");
    Path path = run.resolve("kernel.zarr");
    Files.createDirectories(run);
    KernelLayout layout = new KernelLayout(3, 3, 1, 2, true, StorageType.FLOAT64);
    KernelStore store = KernelStore.create(path, layout, Map.of("network", "tiny"));
    store.write(0, 0, new double[] {1, 2, 2, 4});
    store.write(0, 1, new double[] {3, 6});
    assertEquals(0, ntk("kernel", "info", run));
    says(out, "3 x 3, symmetric", "float64", "\"network\": \"tiny\"");
    assertEquals(1, ntk("kernel", "verify", run));
    says(out, "2 tiles good, 1 missing, 0 damaged", "missing: tile (1, 1)");
    assertEquals(2, ntk("kernel", "export", run));
    says(err, "missing");
    store.write(1, 1, new double[] {9});
    assertEquals(0, ntk("kernel", "verify", path));
    KernelStore.create(run.resolve("kernel-test.zarr"), layout, Map.of());
    assertEquals(0, ntk("kernel", "verify", path));
    assertEquals(1, ntk("kernel", "verify", run));
    says(out, "kernel.zarr: 3 tiles good", "kernel-test.zarr: 0 tiles good, 3 missing");
    assertEquals(0, ntk("kernel", "export", run));
    assertEquals(run.resolve("kernel.npy") + System.lineSeparator(), out.toString());
    assertEquals(2, ntk("kernel", "export", run));
    says(err, "--force");
    assertEquals(0, ntk("kernel", "export", run, "--force"));
    assertEquals(2, ntk("kernel", "info", folder.resolve("nowhere")));
  }

  @Test
  void errorsOfJavaAreSaidInWords() {
    StringWriter words = new StringWriter();
    assertEquals(
        1,
        Failures.ofError(new OutOfMemoryError("Java heap space"), new PrintWriter(words), "run"));
    says(words, "NTK_JAVA_OPTS=-Xmx8g");
    assertEquals(
        "a.txt: permission denied",
        Failures.describe(new java.nio.file.AccessDeniedException("a.txt")));
    String full =
        Failures.describe(
            new java.io.UncheckedIOException(new IOException("No space left on device")));
    assertTrue(full.startsWith("the disk is full; free some space"), full);
    assertEquals("NullPointerException", Failures.describe(new NullPointerException()));
  }
}
