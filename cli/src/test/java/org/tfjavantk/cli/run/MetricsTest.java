package org.tfjavantk.cli.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.graphs.UserException;

class MetricsTest {
  @TempDir private Path folder;

  @Test
  void aTornLastLineIsCutOff() throws IOException {
    Metrics metrics = new Metrics(folder, "1-train");
    metrics.add(Map.of("epoch", 1));
    Path file = folder.resolve(RunFiles.METRICS);
    String whole = Files.readString(file);
    Files.writeString(file, "{\"step\":\"1-train\",\"ep", StandardOpenOption.APPEND);
    Metrics.repair(folder);
    assertEquals(whole, Files.readString(file));
    metrics.add(Map.of("epoch", 2));
    assertArrayEquals(new double[] {1, 2}, metrics.column("epoch"));
  }

  @Test
  void repairingNothingIsFine() throws IOException {
    Metrics.repair(folder);
    Files.writeString(folder.resolve(RunFiles.METRICS), "torn");
    Metrics.repair(folder);
    assertEquals(0, Files.size(folder.resolve(RunFiles.METRICS)));
  }

  @Test
  void numbersThatJsonLacksSurvive() throws IOException {
    Metrics metrics = new Metrics(folder, "1-train");
    metrics.add(Map.of("loss", Double.NaN));
    metrics.add(Map.of("loss", Double.POSITIVE_INFINITY));
    metrics.add(Map.of("loss", 0.1));
    assertArrayEquals(
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0.1}, metrics.column("loss"));
    String first = Files.readAllLines(folder.resolve(RunFiles.METRICS)).get(0);
    assertEquals("{\"step\":\"1-train\",\"loss\":\"NaN\"}", first);
  }

  @Test
  void keepingLeavesOtherStepsAndWholeNumbersAlone() throws IOException {
    Metrics train = new Metrics(folder, "1-train");
    Metrics other = new Metrics(folder, "2-spectrum");
    train.add(Map.of("epoch", 1));
    other.add(Map.of("epoch", 9));
    train.add(Map.of("epoch", 2));
    train.keep(row -> row.number("epoch").orElseThrow() < 2);
    assertEquals(
        "{\"step\":\"1-train\",\"epoch\":1}\n{\"step\":\"2-spectrum\",\"epoch\":9}\n",
        Files.readString(folder.resolve(RunFiles.METRICS)));
  }

  @Test
  void aLineThatNoRunWritesIsNamed() throws IOException {
    Files.writeString(folder.resolve(RunFiles.METRICS), "{\"step\":\"1-train\"}\nhello\n");
    UserException wrong =
        assertThrows(UserException.class, () -> new Metrics(folder, "1-train").rows());
    assertTrue(wrong.getMessage().contains("metrics.jsonl:2: "), wrong.getMessage());
  }
}
