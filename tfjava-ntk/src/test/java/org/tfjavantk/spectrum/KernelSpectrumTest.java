package org.tfjavantk.spectrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TestKernels;

class KernelSpectrumTest {
  @TempDir Path folder;
  private int stores;

  private KernelSpectrum spectrum(double[][] kernel, int outputs, StorageType storage) {
    KernelLayout layout =
        new KernelLayout(
            kernel.length / outputs, kernel.length / outputs, outputs, 3, true, storage);
    return KernelSpectrum.of(TestKernels.store(folder.resolve("k" + stores++), layout, kernel));
  }

  private static double[][] diagonal(double... values) {
    double[][] matrix = new double[values.length][values.length];
    for (int i = 0; i < values.length; i++) {
      matrix[i][i] = values[i];
    }
    return matrix;
  }

  @Test
  void thePathGraphHasItsKnownSpectrum() {
    int n = 24;
    double[][] laplacian = new double[n][n];
    for (int i = 0; i + 1 < n; i++) {
      laplacian[i][i]++;
      laplacian[i + 1][i + 1]++;
      laplacian[i][i + 1] = laplacian[i + 1][i] = -1;
    }
    for (StorageType storage : StorageType.values()) {
      for (int outputs : new int[] {1, 2, 24}) {
        KernelSpectrum found = spectrum(laplacian, outputs, storage);
        for (int k = 0; k < n; k++) {
          double expected = 2 - 2 * Math.cos(Math.PI * (n - 1 - k) / n);
          assertEquals(expected, found.eigenvalues()[k], 1e-14);
        }
        assertEquals(2 * n - 2, found.trace());
        assertEquals(Math.sqrt(4 * (n - 2) + 2 + 2 * (n - 1)), found.frobeniusNorm(), 1e-12);
        assertTrue(found.traceError() < 30 * n * 0x1p-53);
        assertTrue(found.conditionNumber() > 1e14);
        assertEquals(0, found.negativeBeyondNoise());
      }
    }
  }

  @Test
  void aDiagonalMatrix() {
    KernelSpectrum found = spectrum(diagonal(4, -1, 2, 0.5, -8), 1, StorageType.FLOAT32);
    assertEquals(4, found.eigenvalues()[0], 1e-14);
    assertEquals(-8, found.eigenvalues()[4], 1e-14);
    assertEquals(16, found.conditionNumber(), 1e-12);
    assertEquals(2, found.negative());
    assertEquals(2, found.negativeBeyondNoise());
    assertEquals(-2.5, found.trace());
    assertEquals(0x1p-24 * found.frobeniusNorm() + 5 * 0x1p-53 * 8, found.noise(), 1e-20);
  }

  @Test
  void smallNegativeEigenvaluesAreNoise() {
    KernelSpectrum found = spectrum(diagonal(1, 0.5, -1e-8), 1, StorageType.FLOAT32);
    assertEquals(1, found.negative());
    assertEquals(0, found.negativeBeyondNoise());
    assertEquals(
        1, spectrum(diagonal(1, 0.5, -1e-8), 1, StorageType.FLOAT64).negativeBeyondNoise());
  }

  @Test
  void ranks() {
    KernelSpectrum identity = spectrum(diagonal(3, 3, 3, 3, 3, 3, 3), 1, StorageType.FLOAT64);
    assertEquals(7, identity.participationRatio(), 1e-12);
    assertEquals(7, identity.effectiveRank(), 1e-12);
    assertEquals(1, identity.conditionNumber(), 1e-12);

    double[][] rankOne = new double[5][5];
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        rankOne[i][j] = (i + 1) * (j + 1);
      }
    }
    KernelSpectrum one = spectrum(rankOne, 1, StorageType.FLOAT64);
    assertEquals(55, one.eigenvalues()[0], 1e-12);
    assertEquals(0, one.eigenvalues()[1], 1e-12);
    assertEquals(1, one.participationRatio(), 1e-12);
    assertEquals(1, one.effectiveRank(), 1e-9);

    // p = (3/4, 1/4): (Σ λ)² / Σ λ² = 16 / 10 and exp(entropy) = 4 / 3^(3/4).
    KernelSpectrum two = spectrum(diagonal(3, 1), 1, StorageType.FLOAT64);
    assertEquals(1.6, two.participationRatio(), 1e-14);
    assertEquals(4 / Math.pow(3, 0.75), two.effectiveRank(), 1e-14);
  }

  @Test
  void theZeroKernelHasNoRank() {
    KernelSpectrum zero = spectrum(new double[4][4], 2, StorageType.FLOAT16);
    assertEquals(0, zero.participationRatio());
    assertEquals(0, zero.effectiveRank());
    assertEquals(0, zero.traceError());
    assertEquals(Double.POSITIVE_INFINITY, zero.conditionNumber());
  }

  @Test
  void hugeAndTinyKernelsKeepTheirRanks() {
    for (double scale : new double[] {1e150, 1e-150}) {
      KernelSpectrum found = spectrum(diagonal(3 * scale, scale), 1, StorageType.FLOAT64);
      assertEquals(1.6, found.participationRatio(), 1e-13);
      assertEquals(3, found.conditionNumber(), 1e-13);
    }
  }

  @Test
  void aRectangularKernelHasNoSpectrum() {
    KernelLayout layout = new KernelLayout(2, 3, 1, 3, false, StorageType.FLOAT64);
    var store = TestKernels.store(folder.resolve("r"), layout, new double[2][3]);
    assertTrue(
        assertThrows(UserException.class, () -> KernelSpectrum.of(store))
            .getMessage()
            .contains("2 x 3 examples"));
  }
}
