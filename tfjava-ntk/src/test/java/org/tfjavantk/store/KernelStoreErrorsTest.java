package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.graphs.UserException;

class KernelStoreErrorsTest {
  private static final KernelLayout LAYOUT =
      new KernelLayout(5, 5, 2, 2, true, StorageType.FLOAT32);

  @TempDir Path folder;

  private String openFails() {
    return assertThrows(UserException.class, () -> KernelStore.open(folder)).getMessage();
  }

  @Test
  void somethingElseIsNotAStore() throws IOException {
    assertTrue(openFails().contains("is not a kernel store"));
    Files.writeString(folder.resolve("zarr.json"), "{\"zarr_format\": 3,");
    assertTrue(openFails().contains("is not JSON"));
    Files.writeString(folder.resolve("zarr.json"), "[]");
    assertTrue(openFails().contains("is not a JSON object"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"zarr_format\": 3 | \"zarr_format\": 2 | zarr_format",
        "\"array\" | \"group\" | node_type",
        "\"float32\" | \"int32\" | data_type",
        "\"crc32c\" | \"gzip\" | codecs",
        "\"little\" | \"big\" | codecs",
        "\"separator\": \"/\" | \"separator\": \".\" | chunk_key_encoding",
        "\"regular\" | \"rectilinear\" | chunk_grid",
        "\"outputs\": 2 | \"outputs\": 1 | shape",
        "\"outputs\": 2 | \"outputs\": \"two\" | attributes.kernel",
        "\"outputs\": 2 | \"outputs\": -2 | attributes.kernel",
        "\"outputs\" | \"out\" | outputs",
        "\"upper\" | \"lower\" | triangle",
        "\"kernel\" | \"kernels\" | kernel",
      })
  void aStoreThatIsNotUnderstoodIsRefusedWithTheField(String from, String to, String field)
      throws IOException {
    KernelStore.create(folder, LAYOUT, Map.of());
    Path file = folder.resolve("zarr.json");
    String json = Files.readString(file);
    String changed = json.replaceFirst(java.util.regex.Pattern.quote(from), to);
    assertFalse(json.equals(changed), "the case changes nothing");
    Files.writeString(file, changed);
    String message = openFails();
    assertTrue(message.contains(file.toString()) && message.contains(field), message);
  }

  @Test
  void anotherKernelIsRefusedWithTheDifferences() {
    KernelStore.create(folder, LAYOUT, Map.of("p", 10, "scale", 0.5, "network", "a"));
    KernelStore.openOrCreate(folder, LAYOUT, Map.of("p", 10L, "scale", 0.5, "network", "a"));
    String message =
        assertThrows(
                UserException.class,
                () ->
                    KernelStore.openOrCreate(
                        folder,
                        new KernelLayout(5, 5, 2, 2, true, StorageType.FLOAT64),
                        Map.of("p", 11, "network", "a", "extra", List.of(1, 2))))
            .getMessage();
    assertTrue(message.contains("p: 10 there, 11 now"), message);
    assertTrue(message.contains("scale: 0.5 there, nothing now"), message);
    assertTrue(message.contains("extra: nothing there, [1,2] now"), message);
    assertTrue(message.contains("data_type: \"float32\" there, \"float64\" now"), message);
    assertFalse(message.contains("network"), message);
  }

  @Test
  void aFolderWithOtherFilesIsNotTouched() throws IOException {
    Files.writeString(folder.resolve("thesis.tex"), "x");
    String message =
        assertThrows(UserException.class, () -> KernelStore.create(folder, LAYOUT, Map.of()))
            .getMessage();
    assertTrue(message.contains("thesis.tex"), message);
    assertEquals("x", Files.readString(folder.resolve("thesis.tex")));
    assertFalse(Files.exists(folder.resolve("zarr.json")));
  }

  @Test
  void aFileInTheWayIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThrows(UserException.class, () -> KernelStore.create(file, LAYOUT, Map.of()));
    assertThrows(
        UserException.class, () -> KernelStore.create(file.resolve("k"), LAYOUT, Map.of()));
  }

  @Test
  void impossibleLayoutsAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new KernelLayout(3, 4, 1, 1, true, StorageType.FLOAT32));
    assertThrows(
        IllegalArgumentException.class,
        () -> new KernelLayout(3, 3, 1, 0, true, StorageType.FLOAT32));
    assertTrue(
        assertThrows(
                UserException.class,
                () -> new KernelLayout(9999, 9999, 10, 3000, true, StorageType.FLOAT32))
            .getMessage()
            .contains("smaller tile"));
    assertThrows(
        IllegalArgumentException.class,
        () -> KernelStore.create(folder, LAYOUT, Map.of("kernel", 1)));
  }

  @Test
  void sizesBeyondTwoToTheThirtyOneAreCounted() {
    KernelLayout layout = new KernelLayout(60000, 60000, 10, 500, true, StorageType.FLOAT16);
    assertEquals(600_000L, layout.rows());
    assertEquals(120, layout.rowTiles());
    assertEquals(120 * 121 / 2 * (5000L * 5000 * 2 + 4), layout.bytesWhenComplete());
  }
}
