package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfjavantk.data.TestFiles.assertUserError;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The resources were written by NumPy 1.24. */
class NpyFileTest {
  @TempDir Path dir;

  private NpyFile read(byte[] content) {
    return NpyFile.read(TestFiles.write(dir.resolve("a.npy"), content));
  }

  private NpyFile read(String resource) {
    return read(bytes(resource));
  }

  private static byte[] bytes(String resource) {
    return TestFiles.resource(resource);
  }

  private static byte[] headed(String dictionary, int dataBytes) {
    byte[] text = dictionary.getBytes(StandardCharsets.UTF_8);
    byte[] content = new byte[10 + text.length + dataBytes];
    System.arraycopy(NpyFile.MAGIC, 0, content, 0, 6);
    content[6] = 1;
    content[8] = (byte) text.length;
    System.arraycopy(text, 0, content, 10, text.length);
    return content;
  }

  @Test
  void fortranOrderComesOutRowMajor() {
    NpyFile file = read("fortran-f4.npy");
    assertArrayEquals(new long[] {2, 3, 2}, file.shape());
    assertEquals(2, file.rows());
    double[] row = new double[8];
    file.row(1, row, 1);
    assertArrayEquals(new double[] {0, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 0}, row);
    assertEquals(3.5, file.get(0, 3));
  }

  @Test
  void bigEndianIntegers() {
    NpyFile file = read("big-endian-i4.npy");
    assertEquals(1, file.rows());
    assertEquals(3, file.rowLength());
    assertEquals(-2, file.integer(0, 1));
    assertEquals(70_000, file.integer(0, 2));
  }

  @Test
  void halfPrecision() {
    NpyFile file = read("half.npy");
    assertEquals(ElementType.F2, file.type());
    assertEquals(-0.5, file.get(0, 1));
    assertEquals(65504, file.get(1, 0));
    assertEquals(0x1p-24, file.get(1, 1));
  }

  @Test
  void versionsTwoAndThree() {
    assertEquals(128, read("version-2-u1.npy").get(1, 1));
    assertEquals(4, read("version-3-i8.npy").integer(0, 2));
  }

  @Test
  void unsignedAndSignedIntegersOfAllWidths() {
    for (ElementType type : ElementType.values()) {
      boolean signed = type.code().charAt(0) != 'u';
      boolean bool = type == ElementType.B1;
      double[] values = {0, bool ? 1 : 100, bool ? 1 : signed ? -100 : 200};
      NpyFile file = NpyFile.read(TestFiles.npy(dir.resolve("w.npy"), type, 3, values));
      double[] found = new double[3];
      file.row(0, found, 0);
      assertArrayEquals(values, found, type.code());
    }
  }

  @Test
  void missingFile() {
    assertUserError(() -> NpyFile.read(dir.resolve("none.npy")), "none.npy", "no such file");
  }

  @Test
  void badMagicNamesTheByte() {
    byte[] content = bytes("half.npy");
    content[3] = 'X';
    assertUserError(() -> read(content), "byte 3", "expected 0x4D", "found 0x58");
    assertUserError(() -> read(new byte[] {(byte) 0x93, 'N'}), "byte 2", "the end of the file");
  }

  @Test
  void unknownVersion() {
    byte[] content = bytes("half.npy");
    content[6] = 9;
    assertUserError(() -> read(content), "byte 6", "version 9");
  }

  @Test
  void cutInTheHeaderOrTheData() {
    byte[] content = bytes("half.npy");
    assertUserError(() -> read(Arrays.copyOf(content, 60)), "ends inside the header", "118");
    assertUserError(
        () -> read(Arrays.copyOf(content, 133)), "needs 8 bytes from byte 128, found 5");
    assertUserError(() -> read(Arrays.copyOf(content, 140)), "longer than its header says");
  }

  @Test
  void typesThatAreNotNumbers() {
    String complex = "{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }\n";
    assertUserError(() -> read(headed(complex, 8)), "type c8", "readable are u1");
    String structured = "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }\n";
    assertUserError(() -> read(headed(structured, 4)), "a structured or unreadable type");
    assertUserError(() -> read(headed("{'shape': (1,)}\n", 4)), "needs 'descr'");
  }

  @Test
  void shapesBeyondMemory() {
    String huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999999, 9999999), }\n";
    assertUserError(() -> read(headed(huge, 0)), "too large");
  }
}
