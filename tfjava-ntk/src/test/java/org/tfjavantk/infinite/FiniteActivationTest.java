package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.transform.Transforms;

/** The finite reading of a nonlinearity is the function that its dual belongs to, and so is f'. */
class FiniteActivationTest {
  private static final double[] GRID = {-6.5, -3, -1.2, -0.4, -1e-3, 1e-3, 0.3, 0.9, 2, 5.5, 7};

  static Stream<PlainFunction> functions() {
    return PlainFunction.all();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void valuesAndDerivativesAgree(PlainFunction function) {
    Network network =
        new Network(
            "piece", List.of(new Layer.Nonlinearity(function.activation()), new Layer.Flatten()));
    try (GraphModel model =
        network.build(new int[] {GRID.length}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      Ops tf = model.tf();
      List<Operand<?>> y = List.of(model.output());
      List<Operand<?>> x = List.of(model.onlyInput().placeholder());
      double[] direction = new double[GRID.length];
      Arrays.setAll(direction, i -> 1 + 0.1 * i);
      List<Operand<?>> along = List.of(tf.constant(new double[][] {direction}));
      List<Operand<?>> fetches = new ArrayList<>(y);
      fetches.addAll(Transforms.jvp(tf, y, x, along));
      fetches.addAll(Transforms.vjp(tf, y, x, along));
      try (Tensor input = model.inputTensor(GRID, 1)) {
        var runner = model.session().runner().feed(model.onlyInput().placeholder(), input);
        fetches.forEach(runner::fetch);
        try (var result = runner.run()) {
          for (int i = 0; i < GRID.length; i++) {
            double f = function.f().applyAsDouble(GRID[i]);
            double slope = direction[i] * function.slope().applyAsDouble(GRID[i]);
            String where = function + " at " + GRID[i];
            assertClose(f, Tensors.toDoubles(result.get(0))[i], where);
            assertClose(slope, Tensors.toDoubles(result.get(1))[i], "jvp of " + where);
            assertClose(slope, Tensors.toDoubles(result.get(2))[i], "vjp of " + where);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("functions")
  void empiricalKernelsKnowItsOperations(PlainFunction function) {
    Network network = Networks.mlp(List.of(3), function.activation(), 2, Parametrization.STANDARD);
    double[] x = {0.4, -0.9, 1.3, 0.2, 0.1, -0.6};
    try (GraphModel model = network.build(new int[] {2}, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertEquals(List.of(), ntk.unrecognised());
      double[] kernel = ntk.matrix(x, 3, x, 3);
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
          assertClose(kernel[6 * i + j], kernel[6 * j + i], function.toString());
        }
      }
    }
  }

  private static void assertClose(double expected, double found, String where) {
    assertEquals(expected, found, 1e-13 * (1 + Math.abs(expected)), where);
  }
}
