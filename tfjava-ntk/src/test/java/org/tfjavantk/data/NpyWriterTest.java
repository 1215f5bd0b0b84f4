package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.data.TestFiles.assertUserError;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpyWriterTest {
  @TempDir Path dir;

  @Test
  void writesTheBytesThatNumpyWrites() throws IOException {
    Path path = TestFiles.npy(dir.resolve("h.npy"), ElementType.F2, 2, 1, -0.5, 65504, 6e-8);
    assertArrayEquals(TestFiles.resource("half.npy"), Files.readAllBytes(path));
  }

  @Test
  void manyRowsPassThroughTheBuffer() {
    int rows = 700;
    int columns = 501;
    Path path = dir.resolve("sub/big.npy");
    double[] row = new double[columns];
    try (NpyWriter writer = NpyWriter.create(path, ElementType.F8, rows, columns)) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          row[j] = i + j / 1000.0;
        }
        writer.writeRow(row, 0);
        assertFalse(Files.exists(path));
      }
    }
    NpyFile file = NpyFile.read(path);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        assertEquals(i + j / 1000.0, file.get(i, j));
      }
    }
    assertFalse(Files.exists(dir.resolve("sub/big.npy.part")));
  }

  @Test
  void refusesWhatTheTypeCannotHold() {
    assertUserError(
        () -> TestFiles.npy(dir.resolve("a.npy"), ElementType.F2, 2, 1, 2, 3, 70_000),
        "row 1, column 1",
        "70000.0",
        "f2");
    assertUserError(() -> TestFiles.npy(dir.resolve("a.npy"), ElementType.F4, 1, 1e39), "f4");
    assertUserError(() -> TestFiles.npy(dir.resolve("a.npy"), ElementType.I4, 1, 0.5), "i4");
    assertUserError(() -> TestFiles.npy(dir.resolve("a.npy"), ElementType.I4, 1, 3e9), "i4");
    assertUserError(() -> TestFiles.npy(dir.resolve("a.npy"), ElementType.U1, 1, -1), "u1");
  }

  @Test
  void infinityAndNanAreKept() {
    double[] values = {Double.NaN, Double.NEGATIVE_INFINITY};
    for (ElementType type : new ElementType[] {ElementType.F2, ElementType.F4, ElementType.F8}) {
      NpyFile file = NpyFile.read(TestFiles.npy(dir.resolve("n.npy"), type, 2, values));
      assertTrue(Double.isNaN(file.get(0, 0)));
      assertEquals(Double.NEGATIVE_INFINITY, file.get(0, 1));
    }
  }

  @Test
  void unfinishedFilesDisappear() throws IOException {
    NpyWriter writer = NpyWriter.create(dir.resolve("u.npy"), ElementType.F4, 2, 1);
    writer.writeRow(new double[1], 0);
    assertThrows(IllegalStateException.class, writer::close);
    try (var files = Files.list(dir)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void rowsBeyondTheLast() {
    try (NpyWriter writer = NpyWriter.create(dir.resolve("e.npy"), ElementType.F4, 0, 3)) {
      assertThrows(IllegalStateException.class, () -> writer.writeRow(new double[3], 0));
    }
    assertEquals(0, NpyFile.read(dir.resolve("e.npy")).rows());
  }

  @Test
  void placesThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "");
    assertUserError(
        () -> NpyWriter.create(file.resolve("x.npy"), ElementType.F4, 1, 1), "cannot be written");
  }
}
