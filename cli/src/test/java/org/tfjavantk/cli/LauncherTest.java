package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a repository of a few empty files, with a Maven and a Java that only pretend. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class LauncherTest {
  private static final String MAVEN =
      """
      #!/usr/bin/env bash
      echo "$*" >> mvn.log
      if [ -e broken ]; then echo "[ERROR] broken"; exit 1; fi
      mkdir -p cli/target graphs/target
      echo jar > cli/target/tfjava-ntk-cli-0.jar
      echo jar > graphs/target/graphs-0.jar
      mkdir -p ../library
      echo jar > ../library/lib.jar
      printf '%s' "$PWD/graphs/target/graphs-0.jar:$(cd -P .. && pwd)/library/lib.jar" > cli/target/classpath
      """;
  private static final String JAVA =
      """
      #!/usr/bin/env bash
      if [ "$1" = -version ]; then echo 'openjdk version "VERSION" 2025-01-01' >&2; exit; fi
      for word; do echo "$word"; done
      echo "TF32 $NVIDIA_TF32_OVERRIDE, level $TF_CPP_MIN_LOG_LEVEL, fpmath $ONEDNN_DEFAULT_FPMATH_MODE"
      [ -z "$SHOW_LOCALE" ] || echo "locale $LC_ALL"
      exit 7
      """;

  /**
   * The fake Maven goes on when the other launcher has said that it waits (in vain without flock).
   */
  private static final String UNTIL_ANOTHER_WAITS =
      "for i in {1..3000}; do grep -qs waiting ../../*.err && break; done; ";

  @TempDir private Path folder;
  private Path root;
  private Path tools;

  private record Outcome(int status, List<String> out, String err) {}

  @BeforeEach
  void makeRepository() throws IOException {
    // A place with a space in its name.
    root = Files.createDirectories(folder.resolve("my work/repo"));
    tools = Files.createDirectories(folder.resolve("tools"));
    for (String file : List.of("pom.xml", "cli/pom.xml", "cli/src/main/A.java")) {
      Files.createDirectories(root.resolve(file).getParent());
      Files.writeString(root.resolve(file), "");
    }
    Files.createDirectories(root.resolve("configs/experiments"));
    Path launcher = Path.of("").toAbsolutePath().resolve("ntk");
    executable(root.resolve("cli/ntk"), Files.readString(launcher));
    executable(tools.resolve("mvn"), MAVEN);
    executable(tools.resolve("java"), JAVA.replace("VERSION", "17.0.1"));
  }

  private static void executable(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  private Process start(Path script, Map<String, String> environment, String name)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(script.toString(), "run", "a config");
    builder
        .environment()
        .keySet()
        .removeIf(key -> key.matches("JAVA_HOME|NTK_.*|TF_.*|NVIDIA_.*|ONEDNN_.*"));
    builder.environment().put("PATH", tools + ":" + System.getenv("PATH"));
    builder.environment().putAll(environment);
    builder.directory(folder.toFile());
    builder.redirectOutput(folder.resolve(name + ".out").toFile());
    builder.redirectError(folder.resolve(name + ".err").toFile());
    return builder.start();
  }

  private Outcome outcome(Process process, String name) throws Exception {
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Outcome(
        process.exitValue(),
        Files.readAllLines(folder.resolve(name + ".out")),
        Files.readString(folder.resolve(name + ".err")));
  }

  private Outcome ntk(Map<String, String> environment) throws Exception {
    return outcome(start(root.resolve("cli/ntk"), environment, "ntk"), "ntk");
  }

  private List<String> builds() throws IOException {
    return Files.readAllLines(root.resolve("mvn.log"));
  }

  @Test
  void itBuildsOnceAndIsQuietAfter() throws Exception {
    Outcome first = ntk(Map.of());
    assertEquals(7, first.status(), "the status of Java");
    assertTrue(first.err().startsWith("ntk: building for the first time"), first.err());
    Outcome second = ntk(Map.of());
    assertEquals("", second.err());
    assertEquals(List.of("-q -B -DskipTests package"), builds());
    List<String> out = second.out();
    assertEquals(List.of("run", "a config"), out.subList(out.size() - 3, out.size() - 1));
    assertEquals("TF32 0, level 2, fpmath STRICT", out.get(out.size() - 1));
    String[] classpath = out.get(out.indexOf("-cp") + 1).split(":");
    assertEquals(3, classpath.length);
    assertTrue(Files.exists(Path.of(classpath[0])), classpath[0]);
    assertTrue(classpath[1].endsWith("/graphs-0.jar"), "a copy of our own jar");
    assertFalse(classpath[1].contains("/graphs/target/"), "a copy of our own jar");
    assertTrue(classpath[2].endsWith("/my work/library/lib.jar"), "others where they are");
  }

  @Test
  void aLibraryThatIsGoneIsFetchedAgain() throws Exception {
    ntk(Map.of());
    Files.delete(folder.resolve("my work/library/lib.jar"));
    Outcome again = ntk(Map.of());
    assertEquals(7, again.status());
    assertTrue(again.err().contains("/lib.jar is gone or closed to this user; building"));
    assertEquals("", ntk(Map.of()).err());
    assertEquals(2, builds().size());
  }

  @Test
  void newerSourcesAreBuilt() throws Exception {
    ntk(Map.of());
    for (String file : List.of("cli/src/main/A.java", "pom.xml", "configs/experiments")) {
      Files.setLastModifiedTime(root.resolve(file), FileTime.from(Instant.now().plusSeconds(100)));
      int before = builds().size();
      assertTrue(ntk(Map.of()).err().contains("the sources have changed"), file);
      assertEquals(before + 1, builds().size(), file);
      Files.setLastModifiedTime(root.resolve(file), FileTime.from(Instant.EPOCH));
    }
    assertEquals("", ntk(Map.of()).err());
  }

  @Test
  void theGraphicsBuildIsAnother() throws Exception {
    ntk(Map.of());
    ntk(Map.of("NTK_GPU", "1"));
    ntk(Map.of("NTK_GPU", "1"));
    ntk(Map.of());
    assertEquals(List.of("-q -B -DskipTests package", "-q -B -DskipTests -Pgpu package"), builds());
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    executable(tools.resolve("mvn"), MAVEN.replace("mkdir -p", UNTIL_ANOTHER_WAITS + "mkdir -p"));
    Process one = start(root.resolve("cli/ntk"), Map.of(), "one");
    Process two = start(root.resolve("cli/ntk"), Map.of(), "two");
    assertEquals(7, outcome(one, "one").status());
    assertEquals(7, outcome(two, "two").status());
    assertEquals(1, builds().size());
  }

  @Test
  void linksLeadHome() throws Exception {
    Path there = Files.createDirectories(folder.resolve("bin"));
    Path relative = there.resolve("ntk");
    Files.createSymbolicLink(relative, there.relativize(root.resolve("cli/ntk")));
    Path link = Files.createSymbolicLink(folder.resolve("link"), relative);
    assertEquals(7, outcome(start(link, Map.of(), "link"), "link").status());
    assertTrue(Files.exists(root.resolve("mvn.log")));
  }

  @Test
  void theUsersSettingsWin() throws Exception {
    List<String> out =
        ntk(Map.of("NTK_JAVA_OPTS", "-Xmx9g -Da=b", "TF_CPP_MIN_LOG_LEVEL", "0")).out();
    assertTrue(out.indexOf("-Xmx9g") > out.indexOf("-Xmx2g"), "the last one counts");
    assertTrue(out.contains("-Da=b"));
    assertTrue(out.get(out.size() - 1).contains("level 0"));
  }

  @Test
  void theCLocaleGetsAllLetters() throws Exception {
    assertEquals("locale C.UTF-8", last(ntk(Map.of("SHOW_LOCALE", "1", "LC_ALL", "C")).out()));
    assertEquals(
        "locale C.UTF-8",
        last(ntk(Map.of("SHOW_LOCALE", "1", "LC_ALL", "", "LC_CTYPE", "", "LANG", "")).out()));
    assertEquals(
        "locale de_DE.UTF-8", last(ntk(Map.of("SHOW_LOCALE", "1", "LC_ALL", "de_DE.UTF-8")).out()));
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }

  @Test
  void whatOneUserHasBuiltOthersMayRun() throws Exception {
    List<String> out = ntk(Map.of()).out();
    Path jar = Path.of(out.get(out.indexOf("-cp") + 1).split(":")[0]);
    assertEquals(
        Files.getPosixFilePermissions(root.resolve("cli/target")),
        Files.getPosixFilePermissions(jar.getParent()));
  }

  @Test
  void aFailedBuildShowsWhatMavenSaid() throws Exception {
    Files.writeString(root.resolve("broken"), "");
    Outcome failed = ntk(Map.of());
    assertEquals(1, failed.status());
    assertTrue(
        failed.err().contains("[ERROR] broken") && failed.err().contains("the build failed"));
    Files.delete(root.resolve("broken"));
    assertEquals(7, ntk(Map.of()).status());
  }

  @Test
  void oldOrMissingToolsAreNamed() throws Exception {
    executable(tools.resolve("java"), JAVA.replace("VERSION", "1.8.0_392"));
    Outcome old = ntk(Map.of());
    assertEquals(1, old.status());
    assertTrue(old.err().contains("version 1.8.0_392, and 17 or later is needed"), old.err());
    Outcome missing = ntk(Map.of("JAVA_HOME", "/nowhere"));
    assertEquals(1, missing.status());
    assertTrue(missing.err().contains("there is no Java here (/nowhere/bin/java)"), missing.err());
  }
}
