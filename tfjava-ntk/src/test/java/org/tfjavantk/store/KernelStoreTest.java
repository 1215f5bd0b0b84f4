package org.tfjavantk.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelStore.ChunkState;

class KernelStoreTest {
  private static final KernelLayout SYMMETRIC =
      new KernelLayout(5, 5, 2, 2, true, StorageType.FLOAT32);

  @TempDir Path folder;

  /** 1, 2, 3 and 7 tiles on a side, whole and with a partial edge, in every type. */
  static Stream<KernelLayout> layouts() {
    List<KernelLayout> layouts = new ArrayList<>();
    for (StorageType type : StorageType.values()) {
      layouts.add(new KernelLayout(1, 1, 1, 1, true, type));
      layouts.add(new KernelLayout(3, 3, 2, 8, true, type));
      layouts.add(new KernelLayout(6, 6, 1, 3, true, type));
      layouts.add(new KernelLayout(7, 7, 3, 3, true, type));
      layouts.add(new KernelLayout(20, 20, 1, 3, true, type));
      layouts.add(new KernelLayout(13, 13, 2, 2, true, type));
      layouts.add(new KernelLayout(3, 7, 2, 3, false, type));
      layouts.add(new KernelLayout(20, 5, 1, 3, false, type));
      layouts.add(new KernelLayout(1, 9, 4, 2, false, type));
    }
    return layouts.stream();
  }

  @Test
  void whatWasMeasuredIsNotWhatTheMatrixIs() {
    KernelLayout layout = new KernelLayout(4, 4, 1, 2, true, StorageType.FLOAT64);
    Path directory = folder.resolve("k.zarr");
    TestKernels.store(directory, layout, TestKernels.matrix(layout, 1));
    Map<String, Object> attributes = KernelStore.open(directory).attributes();
    KernelStore measured = KernelStore.open(directory).withMeasured(Map.of("error", 0.5));
    assertEquals(Map.of("error", 0.5), measured.attributes().get("measured"));
    assertEquals(
        Map.of("error", 0.25),
        measured.withMeasured(Map.of("error", 0.25)).attributes().get("measured"));
    KernelStore again = KernelStore.open(directory, layout, attributes);
    assertEquals(Map.of("error", 0.25), again.attributes().get("measured"));
    assertTrue(again.verify().complete());
    assertThrows(
        IllegalArgumentException.class,
        () -> KernelStore.create(folder.resolve("l.zarr"), layout, Map.of("measured", 1)));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void valuesComeBackAsRowsAndAsTiles(KernelLayout layout) {
    double[][] matrix = TestKernels.matrix(layout, 1);
    Path directory = folder.resolve("k.zarr");
    TestKernels.store(directory, layout, matrix);
    KernelStore store = KernelStore.open(directory);

    assertEquals(layout, store.layout());
    assertEquals(Map.of("seed", 1L), store.attributes());
    assertTrue(store.verify().complete());
    List<Long> rows = new ArrayList<>();
    store.readRows(
        (row, values) -> {
          rows.add(row);
          assertArrayEquals(matrix[(int) row], values);
        });
    assertEquals(matrix.length, rows.size());
    for (Tile tile : layout.neededTiles()) {
      assertArrayEquals(
          TestKernels.tile(layout, matrix, tile.row(), tile.column()),
          store.readTile(tile.row(), tile.column()));
    }
    long json = directory.resolve("zarr.json").toFile().length();
    assertEquals(layout.bytesWhenComplete() + json, store.bytesOnDisk());
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void anyRangeOfExamplesIsRead(KernelLayout layout) {
    double[][] matrix = TestKernels.matrix(layout, 2);
    KernelStore store = TestKernels.store(folder.resolve("k.zarr"), layout, matrix);
    for (int first = 0; first < layout.rowExamples(); first += 2) {
      for (int count = 0; count <= layout.rowExamples() - first; count += 3) {
        int[] next = {first * layout.outputs()};
        store.readRows(
            first,
            count,
            (row, values) -> {
              assertEquals(next[0]++, row);
              assertArrayEquals(matrix[(int) row], values);
            });
        assertEquals((first + count) * layout.outputs(), next[0]);
      }
    }
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> store.readRows(1, layout.rowExamples(), (row, values) -> {}));
  }

  @Test
  void floatsAreStoredAsDoublesAre() {
    KernelLayout layout = new KernelLayout(2, 3, 1, 3, false, StorageType.FLOAT16);
    KernelStore a = KernelStore.create(folder.resolve("a"), layout, Map.of());
    KernelStore b = KernelStore.create(folder.resolve("b"), layout, Map.of());
    a.write(0, 0, new float[] {1, 2.5f, 0.1f, 4, -5, 6});
    b.write(0, 0, new double[] {1, 2.5, 0.1f, 4, -5, 6});
    assertEquals(a.contentHash(), b.contentHash());
    assertEquals(0.0999755859375, a.readTile(0, 0)[2]);
  }

  @Test
  void metadataIsZarr3() throws IOException {
    KernelStore.create(folder.resolve("k"), SYMMETRIC, Map.of("network", "mlp"));
    String expected =
        """
        {"zarr_format": 3, "node_type": "array", "shape": [10, 10], "data_type": "float32",
         "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [4, 4]}},
         "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
         "fill_value": "NaN",
         "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "crc32c"}],
         "attributes": {"network": "mlp", "kernel": {"row_examples": 5, "column_examples": 5,
           "outputs": 2, "tile_examples": 2, "triangle": "upper",
           "order": "example-major, then output"}},
         "dimension_names": ["row", "column"]}
        """;
    assertEquals(
        JsonParser.parseString(expected),
        JsonParser.parseString(Files.readString(folder.resolve("k/zarr.json"))));
  }

  @Test
  void chunksAreLittleEndianPaddedWithNanAndEndWithTheirChecksum() throws IOException {
    KernelLayout layout = new KernelLayout(1, 2, 1, 2, false, StorageType.FLOAT32);
    KernelStore store = KernelStore.create(folder.resolve("k"), layout, Map.of());
    store.write(0, 0, new double[] {1, -2});
    ByteBuffer chunk =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve("k/c/0/0")))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(20, chunk.capacity());
    assertEquals(1f, chunk.getFloat(0));
    assertEquals(-2f, chunk.getFloat(4));
    assertTrue(Float.isNaN(chunk.getFloat(8)) && Float.isNaN(chunk.getFloat(12)));
    assertEquals(castagnoli(chunk.array(), 16), chunk.getInt(16));
  }

  /** CRC-32C bit by bit, reflected polynomial 0x82F63B78. */
  private static int castagnoli(byte[] bytes, int length) {
    int crc = -1;
    for (int i = 0; i < length; i++) {
      crc ^= bytes[i] & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >>> 1 : crc >>> 1 ^ 0x82F63B78;
      }
    }
    return ~crc;
  }

  @Test
  void everyFlippedByteIsFound() throws IOException {
    KernelStore store =
        TestKernels.store(folder.resolve("k"), SYMMETRIC, TestKernels.matrix(SYMMETRIC, 4));
    Path chunk = folder.resolve("k/c/0/2");
    byte[] good = Files.readAllBytes(chunk);
    for (int at = 0; at < good.length; at++) {
      byte[] bad = good.clone();
      bad[at] ^= (byte) (1 << (at % 8));
      Files.write(chunk, bad);
      assertEquals(ChunkState.CORRUPT, store.check(0, 2), "byte " + at);
    }
    assertEquals(List.of(new Tile(0, 2)), store.verify().corrupt());
    assertEquals(List.of(new Tile(0, 2)), store.unfinished());
    // The mirrored rows need the chunk too.
    for (Tile tile : List.of(new Tile(0, 0), new Tile(2, 0))) {
      UserException e =
          assertThrows(
              UserException.class, () -> store.readRows(tile.row() * 2, 1, (row, values) -> {}));
      assertTrue(e.getMessage().contains("tile (0, 2) is corrupt"), e.getMessage());
    }
    Files.write(chunk, good);
    assertEquals(ChunkState.GOOD, store.check(0, 2));
  }

  @Test
  void truncatedAndEmptyChunksAreCorrupt() throws IOException {
    KernelStore store =
        TestKernels.store(folder.resolve("k"), SYMMETRIC, TestKernels.matrix(SYMMETRIC, 4));
    Path chunk = folder.resolve("k/c/1/1");
    byte[] good = Files.readAllBytes(chunk);
    for (int length : new int[] {0, 3, 4, good.length - 1}) {
      Files.write(chunk, java.util.Arrays.copyOf(good, length));
      assertEquals(ChunkState.CORRUPT, store.check(1, 1), "length " + length);
    }
    assertTrue(
        assertThrows(UserException.class, store::contentHash).getMessage().contains("bytes"));
  }

  @Test
  void missingTilesAreUnfinishedAndNeverReadAsZeros() {
    KernelStore store = KernelStore.create(folder.resolve("k"), SYMMETRIC, Map.of());
    assertEquals(SYMMETRIC.neededTiles(), store.unfinished());
    double[][] matrix = TestKernels.matrix(SYMMETRIC, 5);
    store.write(1, 2, TestKernels.tile(SYMMETRIC, matrix, 1, 2));
    assertEquals(5, store.unfinished().size());
    assertFalse(store.unfinished().contains(new Tile(1, 2)));
    assertTrue(
        assertThrows(UserException.class, () -> store.readTile(0, 0))
            .getMessage()
            .contains("tile (0, 0) is missing"));
    assertThrows(UserException.class, store::contentHash);
  }

  @Test
  void contentHashIsOfTheContent() {
    double[][] matrix = TestKernels.matrix(SYMMETRIC, 6);
    KernelStore a = TestKernels.store(folder.resolve("a"), SYMMETRIC, matrix);
    KernelStore b = TestKernels.store(folder.resolve("b"), SYMMETRIC, matrix);
    assertEquals(a.contentHash(), b.contentHash());
    matrix[9][9] += 1;
    b.write(2, 2, TestKernels.tile(SYMMETRIC, matrix, 2, 2));
    assertNotEquals(a.contentHash(), b.contentHash());
  }

  @Test
  void leftoversOfKilledProcessesAreIgnoredAndCleaned() throws Exception {
    KernelStore store =
        TestKernels.store(folder.resolve("k"), SYMMETRIC, TestKernels.matrix(SYMMETRIC, 7));
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path ofDead = Files.writeString(folder.resolve("k/.tmp-" + dead.pid() + "-1"), "half a til");
    Path ofUs =
        Files.writeString(folder.resolve("k/.tmp-" + ProcessHandle.current().pid() + "-9"), "x");
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    Path ofLiving = Files.writeString(folder.resolve("k/.tmp-" + parent + "-1"), "x");
    KernelStore.open(folder.resolve("k")).verify();
    assertTrue(store.verify().complete() && Files.exists(ofDead), "reading changes nothing");

    KernelStore.openOrCreate(folder.resolve("k"), SYMMETRIC, Map.of("seed", 1));
    assertFalse(Files.exists(ofDead));
    assertFalse(Files.exists(ofUs));
    assertTrue(Files.exists(ofLiving), "the file of another living process");
    assertTrue(store.verify().complete());
  }

  @Test
  void aStoreWhoseCreationWasKilledIsCreatedAgain() throws IOException {
    Files.createDirectories(folder.resolve("k"));
    Files.writeString(folder.resolve("k/.tmp-x-1"), "{\"zarr_fo");
    KernelStore.openOrCreate(folder.resolve("k"), SYMMETRIC, Map.of());
    try (Stream<Path> files = Files.list(folder.resolve("k"))) {
      assertEquals(List.of(folder.resolve("k/zarr.json")), files.toList());
    }
  }

  @Test
  void unstorableValuesAreRefusedAndNothingIsWritten() {
    KernelLayout layout = new KernelLayout(2, 2, 1, 2, false, StorageType.FLOAT16);
    KernelStore store = KernelStore.create(folder.resolve("k"), layout, Map.of());
    for (double bad : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      Exception e =
          assertThrows(
              ArithmeticException.class, () -> store.write(0, 0, new double[] {1, 2, bad, 4}));
      assertTrue(
          e.getMessage().contains("tile (0, 0) holds " + bad + " at row 1, column 0"),
          e.getMessage());
    }
    Exception e =
        assertThrows(UserException.class, () -> store.write(0, 0, new double[] {1, -65520, 3, 4}));
    assertTrue(e.getMessage().contains("normalize"), e.getMessage());
    assertEquals(ChunkState.MISSING, store.check(0, 0));
    store.write(0, 0, new double[] {1, -65519.99, 3, 4});
    assertEquals(-65504, store.readTile(0, 0)[1]);
  }

  @Test
  void bfloat16RoundsToEvenAndRefusesWhatItCannotHold() throws IOException {
    KernelLayout layout = new KernelLayout(1, 4, 1, 4, false, StorageType.BFLOAT16);
    KernelStore store = KernelStore.create(folder.resolve("k"), layout, Map.of());
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(ArithmeticException.class, () -> store.write(0, 0, new double[] {1, 2, bad, 4}));
    }
    Exception e =
        assertThrows(
            UserException.class, () -> store.write(0, 0, new double[] {1, 2, -0x1.FFp127, 4}));
    assertTrue(e.getMessage().contains("bfloat16") && e.getMessage().contains("float64"));
    assertEquals(ChunkState.MISSING, store.check(0, 0));
    store.write(0, 0, new double[] {1 + 0x1p-8, 1 + 0x3p-8, -Math.nextDown(0x1.FFp127), 0x1p-133});
    assertArrayEquals(new double[] {1, 1 + 0x4p-8, -0x1.FEp127, 0x1p-133}, store.readTile(0, 0));
    assertTrue(Files.readString(folder.resolve("k/zarr.json")).contains("\"bfloat16\""));
    assertEquals(layout, KernelStore.open(folder.resolve("k")).layout());
  }

  @Test
  void float32OverflowIsRefused() {
    KernelLayout layout = new KernelLayout(1, 1, 1, 1, false, StorageType.FLOAT32);
    KernelStore store = KernelStore.create(folder.resolve("k"), layout, Map.of());
    Exception e = assertThrows(UserException.class, () -> store.write(0, 0, new double[] {1e39}));
    assertTrue(e.getMessage().contains("float64"), e.getMessage());
  }

  @Test
  void diagonalTilesAreMadeExactlySymmetric() {
    KernelLayout layout = new KernelLayout(2, 2, 1, 2, true, StorageType.FLOAT64);
    KernelStore store = KernelStore.create(folder.resolve("k"), layout, Map.of());
    store.write(0, 0, new double[] {1, 2, Math.nextUp(2.0), 3});
    assertArrayEquals(new double[] {1, 2, 2, 3}, store.readTile(0, 0));
    assertThrows(
        IllegalArgumentException.class, () -> store.write(0, 0, new double[] {1, 2, 2.1, 3}));
  }

  @Test
  void tilesOutsideTheLayoutAndOfAnotherSizeAreRefused() {
    KernelStore store = KernelStore.create(folder.resolve("k"), SYMMETRIC, Map.of());
    assertThrows(IllegalArgumentException.class, () -> store.write(1, 0, new double[16]));
    assertThrows(IllegalArgumentException.class, () -> store.write(0, 3, new double[16]));
    assertThrows(IllegalArgumentException.class, () -> store.write(0, 2, new double[16]));
    store.write(0, 2, new double[8]);
  }
}
