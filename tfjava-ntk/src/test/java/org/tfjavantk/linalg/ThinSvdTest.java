package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ThinSvdTest {
  @Test
  void vectorsAreOrthonormalAndSpanTheColumns() {
    double[][] transposed = TestMatrices.random(7, 40, "L");
    try (ThinSvd svd = ThinSvd.of(Matrix.of(transposed))) {
      double[][] u = svd.vectors().toArrays();
      double[][] identity = TestMatrices.product(u, TestMatrices.transpose(u));
      double[][] projected =
          TestMatrices.product(TestMatrices.product(transposed, TestMatrices.transpose(u)), u);
      for (int i = 0; i < 7; i++) {
        double[] unit = new double[7];
        unit[i] = 1;
        assertArrayEquals(unit, identity[i], 1e-13);
        assertArrayEquals(transposed[i], projected[i], 1e-12);
        // Uᵀ L Lᵀ U = Σ².
        double[][] row =
            TestMatrices.product(new double[][] {u[i]}, TestMatrices.transpose(transposed));
        assertEquals(svd.values()[i], TestMatrices.norm(row), 1e-12);
      }
    }
  }

  @Test
  void aWideOneIsRefused() {
    try (Matrix wide = new Matrix(3, 2)) {
      assertThrows(IllegalArgumentException.class, () -> ThinSvd.of(wide));
    }
  }
}
