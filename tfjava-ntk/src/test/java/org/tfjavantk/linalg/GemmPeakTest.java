package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;

class GemmPeakTest {
  /** No processor that this runs on is slower or faster than this. */
  private static final double SLOWEST = 1e8;

  private static final double FASTEST = 1e15;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void bothLibrariesMultiply(Precision precision) {
    int threads = Blas.threads();
    double tensorFlow = GemmPeak.tensorFlow(precision, DeviceChoice.AUTO);
    double openBlas = GemmPeak.openBlas(precision, 1);
    assertTrue(tensorFlow > SLOWEST && tensorFlow < FASTEST, "TensorFlow: " + tensorFlow);
    assertTrue(openBlas > SLOWEST && openBlas < FASTEST, "OpenBLAS: " + openBlas);
    assertEquals(threads, Blas.threads());
  }
}
