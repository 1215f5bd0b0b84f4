package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.UserException;

class MatrixTest {
  @Test
  void valuesAndSegmentsComeBack() {
    try (Matrix matrix = new Matrix(3, 4)) {
      assertArrayEquals(new double[4], matrix.getRow(2), "zero at first");
      matrix.set(1, 3, 7);
      matrix.setRow(2, 1, new double[] {9, 1, 2, 3}, 1, 3);
      assertEquals(7, matrix.get(1, 3));
      assertArrayEquals(new double[] {0, 1, 2, 3}, matrix.getRow(2));
      double[] target = new double[3];
      matrix.getRow(2, 2, target, 1, 2);
      assertArrayEquals(new double[] {0, 2, 3}, target);
    }
  }

  @Test
  void nothingOutsideIsTouched() {
    try (Matrix matrix = new Matrix(2, 2)) {
      assertThrows(IndexOutOfBoundsException.class, () -> matrix.get(2, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> matrix.set(0, -1, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> matrix.setRow(1, 1, new double[2], 0, 2));
      assertThrows(IllegalArgumentException.class, () -> matrix.setRow(0, new double[3]));
      assertThrows(IllegalArgumentException.class, () -> new Matrix(-1, 2));
    }
  }

  @Test
  void productsOfBlocksOfRows() {
    double[][] a = TestMatrices.random(7, 5, "a");
    double[][] x = TestMatrices.random(3, 2, "x");
    try (Matrix left = Matrix.of(a);
        Matrix right = Matrix.of(x);
        Matrix result = Matrix.of(TestMatrices.random(4, 2, "r"))) {
      double[][] before = result.toArrays();
      left.multiply(2, 4, -2, right, 3, result);
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 2; j++) {
          double sum = 3 * before[i][j];
          for (int k = 0; k < 3; k++) {
            sum -= 2 * a[i + 2][k] * x[k][j];
          }
          assertEquals(sum, result.get(i, j), 1e-13);
        }
      }
      assertThrows(IllegalArgumentException.class, () -> left.multiply(4, 4, 1, right, 0, result));
    }
  }

  @Test
  void normsNeitherOverflowNorVanish() {
    try (Matrix matrix = Matrix.of(new double[][] {{3e200, 0}, {0, -4e200}});
        Matrix tiny = Matrix.of(new double[][] {{3e-200, 4e-200}})) {
      assertEquals(5e200, matrix.frobeniusNorm(), 1e186);
      assertEquals(5e-200, tiny.frobeniusNorm(), 1e-214);
    }
  }

  @Test
  void closingFreesTheMemory() {
    long before = Pointer.totalBytes();
    for (int i = 0; i < 1000; i++) {
      try (Matrix matrix = new Matrix(100, 100)) {
        matrix.set(0, 0, i);
      }
    }
    assertTrue(Pointer.totalBytes() - before < 10 * 80_000);
    Matrix closed = new Matrix(1, 1);
    closed.close();
    assertThrows(IllegalStateException.class, closed::pointer);
  }

  @Test
  void workThatDoesNotFitIsRefusedWithTheEstimateAndTheKnob() {
    UserException e =
        assertThrows(
            UserException.class,
            () -> Memory.require(3L << 30, 1L << 30, "the solve", "use fewer examples"));
    assertEquals(
        "the solve needs 3.0 GiB of memory and this machine has 1.0 GiB free: use fewer examples",
        e.getMessage());
    Memory.require(1, "nothing", "");
    assertTrue(Memory.available() > 1 << 20);
  }

  @Test
  void threadsAreSet() {
    int before = Blas.threads();
    Blas.setThreads(1);
    assertEquals(1, Blas.threads());
    Blas.setThreads(before);
    assertThrows(IllegalArgumentException.class, () -> Blas.setThreads(0));
    assertEquals(5, Blas.threadsFrom(null, 5));
    assertEquals(3, Blas.threadsFrom("3", 5));
    assertEquals(5, Blas.threadsFrom("many", 5));
  }
}
