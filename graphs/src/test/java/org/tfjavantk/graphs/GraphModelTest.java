package org.tfjavantk.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphModelTest {
  private static final Parametrization P = Parametrization.STANDARD;

  @Test
  void aDenseLayerIsAMatrixProduct() {
    Network network = new Network("dense", List.of(new Layer.Dense(2, true, P)));
    try (GraphModel model = network.build(new int[] {3}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      model.assign(
          Map.of(
              "dense0/kernel",
              new double[] {1, 2, 3, 4, 5, 6},
              "dense0/bias",
              new double[] {10, 20}));
      assertArrayEquals(
          new double[] {10 + 1 * 1 + 2 * 3 + 3 * 5, 20 + 1 * 2 + 2 * 4 + 3 * 6},
          model.predict(new double[] {1, 2, 3}, 1),
          1e-13);
    }
  }

  @Test
  void ntkParametrizationDividesByTheRootOfTheFanIn() {
    Network network =
        new Network("dense", List.of(new Layer.Dense(1, true, new Parametrization.Ntk(3, 0.5))));
    try (GraphModel model = network.build(new int[] {4}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      model.assign(
          Map.of("dense0/kernel", new double[] {1, 1, 1, 1}, "dense0/bias", new double[] {2}));
      assertEquals(3.0 / 2 * 10 + 0.5 * 2, model.predict(new double[] {1, 2, 3, 4}, 1)[0], 1e-13);
    }
  }

  @Test
  void evenPaddingWithStrideTwoIsExplicit() {
    Network network =
        new Network("conv", List.of(new Layer.Conv(1, 3, 2, 1, false, P), new Layer.Flatten()));
    try (GraphModel model =
        network.build(new int[] {4, 4, 1}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      double[] ones = new double[9];
      java.util.Arrays.fill(ones, 1);
      model.assign(Map.of("conv0/kernel", ones));
      double[] image = new double[16];
      java.util.Arrays.fill(image, 1);
      // Windows centred at rows and columns 0 and 2: the first lacks a row, a column, or both.
      assertArrayEquals(new double[] {4, 6, 6, 9}, model.predict(image, 1), 1e-13);
    }
  }

  @Test
  void oneSeedGivesOneNetworkInBothPrecisions() {
    int[] shape = {32, 32, 3};
    Network lenet = Networks.lenet(10, P);
    try (GraphModel a = lenet.build(shape, Precision.FLOAT64, 5, DeviceChoice.AUTO);
        GraphModel b = lenet.build(shape, Precision.FLOAT32, 5, DeviceChoice.AUTO);
        GraphModel other = lenet.build(shape, Precision.FLOAT64, 6, DeviceChoice.AUTO)) {
      assertArrayEquals(a.values().get("conv1/kernel"), b.values().get("conv1/kernel"), 1e-7);
      assertTrue(a.values().get("conv1/kernel")[0] != other.values().get("conv1/kernel")[0]);
      double bound = 1 / Math.sqrt(150);
      for (double w : a.values().get("conv1/kernel")) {
        assertTrue(Math.abs(w) < bound);
      }
    }
  }

  @Test
  void layersThatDoNotFitAreNamed() {
    UserException e = assertThrows(UserException.class, () -> Networks.lenet(10, P).shape(8, 8, 1));
    assertTrue(e.getMessage().contains("lenet"), e.getMessage());
    assertTrue(e.getMessage().contains("Conv got 2 x 2 x 6"), e.getMessage());
    assertThrows(UserException.class, () -> Networks.lenet(10, P).shape(784));
    Layer shrink = new Layer.Conv(4, 3, 2, 1, false, P);
    assertThrows(
        UserException.class,
        () ->
            new Network("r", List.of(new Layer.Residual(List.of(shrink), List.of())))
                .shape(8, 8, 4));
  }

  @Test
  void unknownAndMisshapenParametersAreRefused() {
    try (GraphModel model =
        Networks.logistic(2, P).build(new int[] {3}, Precision.FLOAT32, 0, DeviceChoice.AUTO)) {
      assertThrows(UserException.class, () -> model.assign(Map.of("conv0/kernel", new double[6])));
      assertThrows(UserException.class, () -> model.assign(Map.of("dense0/kernel", new double[5])));
    }
  }
}
