package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;

/** The counts against numbers worked out by hand. */
class WorkCountTest {
  private static final Parametrization P = Parametrization.STANDARD;

  private static EmpiricalNtk ntk(GraphModel model, Route route) {
    return EmpiricalNtk.of(model, OutputChoice.FULL, part -> part.on(route));
  }

  private static Work work(Network network, int[] shape, Route route, int n1, int n2) {
    try (GraphModel model = network.build(shape, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = ntk(model, route)) {
      return ntk.work(n1, n2, n1 == n2);
    }
  }

  /** 3 to 5 to 2, with biases. */
  private static final Network DENSE =
      new Network(
          "dense",
          List.of(
              new Layer.Dense(5, true, P),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.Dense(2, true, P)));

  @Test
  void aDenseNetworkByItsJacobian() {
    Work one = work(DENSE, new int[] {3}, Route.JACOBIAN, 1, 1);
    assertEquals(2 * (3 * 5 + 5 * 2), one.forward());
    assertEquals(2 * 2 * (5 * 2), one.cotangents());
    assertEquals(2 * 2 * (3 * 5 + 5 * 2), one.gradients());
    assertEquals(2 * 2 * 2 * (3 * 5 + 5 + 5 * 2 + 2), one.contraction());
    assertEquals(
        one.forward() + one.cotangents() + one.gradients() + one.contraction(), one.total());
  }

  @Test
  void aDenseNetworkByItsGramMatrices() {
    Work one = work(DENSE, new int[] {3}, Route.GRAM, 1, 1);
    assertEquals(0, one.gradients());
    double weights = (3 + 4 * 5) + (5 + 4 * 2);
    assertEquals(2 * (weights + 4 * (5 + 2)), one.contraction());
  }

  /** 4x4x3, 2x2 kernels to 3x3x6, batch norm, 5 outputs from the 54 values. */
  private static final Network CONV =
      new Network(
          "conv",
          List.of(
              new Layer.Conv(6, 2, 1, 0, true, P),
              new Layer.BatchNorm(),
              new Layer.Nonlinearity(Activation.RELU),
              new Layer.DepthwiseConv(1, 3, 1, 1, false, P),
              new Layer.Flatten(),
              new Layer.Dense(5, false, P)));

  @Test
  void aConvolutionalNetwork() {
    double conv = 9 * 12 * 6;
    double depthwise = 9 * 9 * 6;
    double dense = 54 * 5;
    double positions = 9 * 6;
    Work jacobian = work(CONV, new int[] {4, 4, 3}, Route.JACOBIAN, 1, 1);
    assertEquals(2 * (conv + depthwise + dense), jacobian.forward());
    assertEquals(2 * 5 * (depthwise + dense), jacobian.cotangents());
    // Of the two shifts (bias, beta) additions, of the stretch (gamma) multiply-adds.
    assertEquals(
        2 * 5 * (conv + depthwise + dense) + 2 * 5 * positions + 2 * 5 * positions,
        jacobian.gradients());
    assertEquals(2 * 25 * (72 + 6 + 6 + 6 + 54 + 270), jacobian.contraction());
    Work gram = work(CONV, new int[] {4, 4, 3}, Route.GRAM, 1, 1);
    assertEquals(
        2 * (81 * (12 + 25 * 6) + 25 * (6 + 6 + 6 + 54) + (54 + 25 * 5)), gram.contraction());
    assertEquals(2 * 5 * depthwise + 4 * 5 * positions, gram.gradients());
  }

  @Test
  void symmetricWorkIsDoneOnce() {
    Work one = work(DENSE, new int[] {3}, Route.JACOBIAN, 1, 1);
    Work symmetric = work(DENSE, new int[] {3}, Route.JACOBIAN, 7, 7);
    assertEquals(7 * one.factors(), symmetric.factors());
    assertEquals(28 * one.contraction(), symmetric.contraction());
    Work rectangle = work(DENSE, new int[] {3}, Route.JACOBIAN, 7, 3);
    assertEquals(10 * one.factors(), rectangle.factors());
    assertEquals(21 * one.contraction(), rectangle.contraction());
    try (GraphModel model = DENSE.build(new int[] {3}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertThrows(IllegalArgumentException.class, () -> ntk.work(7, 3, true));
    }
  }

  @Test
  void everyParameterHasARoute() {
    try (GraphModel model =
            CONV.build(new int[] {4, 4, 3}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = ntk(model, Route.GRAM)) {
      assertEquals(
          List.of(
              new ParameterRoute("conv0/kernel", List.of(2, 2, 3, 6), "conv", "gram"),
              new ParameterRoute("conv0/bias", List.of(6), "shift", "jacobian"),
              new ParameterRoute("bn0/gamma", List.of(6), "stretch", "jacobian"),
              new ParameterRoute("bn0/beta", List.of(6), "shift", "jacobian"),
              new ParameterRoute("depthwise0/kernel", List.of(3, 3, 6, 1), "depthwise", "jacobian"),
              new ParameterRoute("dense0/kernel", List.of(54, 5), "dense", "gram")),
          ntk.routes());
    }
  }
}
