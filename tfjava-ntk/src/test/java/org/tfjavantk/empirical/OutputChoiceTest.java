package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.random.RandomStream;

/** Kernels of functions of the outputs, or of some pairs of them, are parts of the full kernel. */
class OutputChoiceTest {
  private static final Parametrization P = Parametrization.STANDARD;
  static final int[] IMAGE = {6, 6, 2};
  static final int OUTPUTS = 4;

  /** One layer is wide enough for slices, the others are not. */
  static final Network NETWORK =
      new Network(
          "choices",
          List.of(
              new Layer.Conv(48, 3, 2, 1, true, P),
              new Layer.BatchNorm(),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.Conv(5, 3, 2, 1, false, P),
              new Layer.Nonlinearity(Activation.GELU),
              new Layer.Flatten(),
              new Layer.Dense(7, true, P),
              new Layer.Nonlinearity(Activation.ERF),
              new Layer.Dense(OUTPUTS, true, P)));

  private static double[] noise(String name, int n) {
    RandomStream stream = RandomStream.of(3, name);
    double[] x = new double[n * 72];
    for (int i = 0; i < x.length; i++) {
      x[i] = stream.normal(i);
    }
    return x;
  }

  private static final double[] X1 = noise("x1", 3);
  private static final double[] X2 = noise("x2", 2);

  private static double[] kernel(OutputChoice choice, UnaryOperator<Part> change) {
    try (GraphModel model = NETWORK.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model, choice, change)) {
      return ntk.matrix(X1, 3, X2, 2);
    }
  }

  private static final double[] FULL = kernel(OutputChoice.FULL, part -> part);

  /** Θ[(x, c), (x', c')] of the full kernel. */
  private static double full(int x1, int c1, int x2, int c2) {
    return FULL[(x1 * OUTPUTS + c1) * 2 * OUTPUTS + x2 * OUTPUTS + c2];
  }

  private static void assertClose(double[] expected, double[] actual) {
    ReferenceKernelTest.assertClose(expected, actual, 1e-12, "choice");
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void theTraceSumsOverOutputs(Route route) {
    double[] expected = new double[6];
    for (int k = 0; k < 6; k++) {
      for (int c = 0; c < OUTPUTS; c++) {
        expected[k] += full(k / 2, c, k % 2, c);
      }
    }
    assertClose(expected, kernel(OutputChoice.of(Pairing.TRACE), part -> part.on(route)));
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void theDiagonalHasOneMatrixForEachOutput(Route route) {
    double[] expected = new double[6 * OUTPUTS];
    for (int c = 0; c < OUTPUTS; c++) {
      for (int k = 0; k < 6; k++) {
        expected[c * 6 + k] = full(k / 2, c, k % 2, c);
      }
    }
    assertClose(expected, kernel(OutputChoice.of(Pairing.DIAGONAL), part -> part.on(route)));
  }

  @ParameterizedTest
  @EnumSource(Route.class)
  void theSumOfOutputsIsOneFunction(Route route) {
    double[] expected = new double[6];
    for (int k = 0; k < 6; k++) {
      for (int c = 0; c < OUTPUTS * OUTPUTS; c++) {
        expected[k] += full(k / 2, c / OUTPUTS, k % 2, c % OUTPUTS);
      }
    }
    assertClose(expected, kernel(OutputChoice.sum(OUTPUTS), part -> part.on(route)));
  }

  @Test
  void theSumOfSomeOutputsLeavesTheOthersOut() {
    int[] which = {3, 1};
    double[] expected = new double[6];
    for (int k = 0; k < 6; k++) {
      for (int c = 0; c < 4; c++) {
        expected[k] += full(k / 2, which[c / 2], k % 2, which[c % 2]);
      }
    }
    assertClose(expected, kernel(OutputChoice.sum(List.of(3, 1), OUTPUTS), part -> part));
  }

  @Test
  void someOutputsAreABlockOfAll() {
    OutputChoice choice = OutputChoice.some(List.of(3, 1), OUTPUTS, Pairing.FULL);
    int[] which = {3, 1};
    double[] expected = new double[24];
    for (int r = 0; r < 6; r++) {
      for (int c = 0; c < 4; c++) {
        expected[r * 4 + c] = full(r / 2, which[r % 2], c / 2, which[c % 2]);
      }
    }
    assertClose(expected, kernel(choice, part -> part));
    double[] opaque =
        kernel(
            choice,
            part ->
                new Part(
                    part.parameter(),
                    List.of(new Use.Opaque(part.parameter())),
                    Optional.empty(),
                    Route.JACOBIAN));
    assertClose(expected, opaque);
  }

  @ParameterizedTest
  @EnumSource(Pairing.class)
  void ofASymmetricBlockTheUpperTriangleIsRight(Pairing pairing) {
    OutputChoice choice = OutputChoice.of(pairing);
    try (GraphModel model = NETWORK.build(IMAGE, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model, choice);
        Panel panel = ntk.panel(X1, 3, 2);
        Panel same = ntk.panel(X1, 3, 3);
        NativeArray half = ntk.contract(0, panel, panel, 1 << 30);
        NativeArray whole = ntk.contract(0, panel, same, 1 << 30)) {
      int side = 3 * choice.rows(OUTPUTS);
      double[] expected = new double[(int) whole.length()];
      double[] actual = new double[(int) half.length()];
      whole.get(0, expected, expected.length);
      half.get(0, actual, actual.length);
      for (int k = 0; k < expected.length; k++) {
        int row = k / side % side;
        if (k % side >= row) {
          assertEquals(expected[k], actual[k], 1e-12 * Math.abs(expected[0]), "entry " + k);
        }
      }
    }
  }

  @Test
  void outputsThatDoNotExistAreRefused() {
    String message =
        assertThrows(UserException.class, () -> OutputChoice.some(List.of(0, 4), 4, Pairing.FULL))
            .getMessage();
    assertTrue(message.contains("output 4") && message.contains("0 to 3"), message);
    assertThrows(UserException.class, () -> OutputChoice.some(List.of(-1), 4, Pairing.FULL));
    assertThrows(UserException.class, () -> OutputChoice.some(List.of(2, 2), 4, Pairing.FULL));
    assertThrows(UserException.class, () -> OutputChoice.sum(List.of(4), 4));
  }
}
