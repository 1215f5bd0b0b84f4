package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.UserException;

class FiniteDepthKernelTest {
  private static final double[][] X = {{0.3, 0.9}, {1, 0}, {0.2, 0.1}};

  /** The formula for vectors, term by term as published. */
  @Test
  void isTheSumOverLayers() {
    DeepNarrow network = DeepNarrow.mlp(2, 3, 7, new DeepNarrow.Scales(2.5, 1.2, 0.8));
    MidNeurons mid = MidNeurons.draw(network, 4, 1);
    double[][] theta = new FiniteDepthKernel(network, mid).matrix(X, X);
    double c = 2.5;
    for (int i = 0; i < X.length; i++) {
      for (int j = 0; j < X.length; j++) {
        double xy = X[i][0] * X[j][0] + X[i][1] * X[j][1];
        double sum = xy + 1 + 7 * (c * c * (xy + 3) + 1);
        for (int layer = 0; layer < 7; layer++) {
          double lift = layer == 0 ? 1 : c;
          double[] v = mid.weights(layer);
          double gx = lift * (v[0] * X[i][0] + v[1] * X[i][1]) + mid.bias(layer);
          double gy = lift * (v[0] * X[j][0] + v[1] * X[j][1]) + mid.bias(layer);
          sum += Math.max(0, gx) * Math.max(0, gy);
        }
        assertEquals(sum, theta[i][j], 1e-12 * sum);
      }
    }
  }

  /** One draw of depth L scatters around the limit with deviation √2.8125 / √L at x = y. */
  @Test
  void scatterShrinksWithTheRootOfTheDepth() {
    for (int depth : new int[] {100, 10_000}) {
      DeepNarrow network = DeepNarrow.mlp(2, 1, depth, DeepNarrow.Scales.of(1000));
      double[][] x = {{Math.cos(1), Math.sin(1)}};
      int draws = 200;
      double mean = 0;
      double squares = 0;
      for (int trial = 0; trial < draws; trial++) {
        double theta =
            new FiniteDepthKernel(network, MidNeurons.draw(network, 1, trial)).matrix(x, x)[0][0]
                / network.normalization();
        mean += theta / draws;
        squares += (theta - 2.75) * (theta - 2.75) / draws;
      }
      double deviation = Math.sqrt(2.8125 / depth);
      assertEquals(2.75, mean, 4 * deviation / Math.sqrt(draws));
      // Four deviations of the estimate, its kurtosis (below 20 at depth 100) included.
      assertEquals(1, Math.sqrt(squares) / deviation, 0.25);
    }
  }

  @Test
  void countsParameters() {
    var four = DeepNarrow.Scales.of(4);
    assertEquals(1_997, DeepNarrow.mlp(2, 1, 100, four).parameterCount());
    assertEquals(199_997, DeepNarrow.mlp(2, 1, 10_000, four).parameterCount());
    assertEquals(2_531_279_215L, DeepNarrow.mlp(784, 10, 4000, four).parameterCount());
    assertEquals(5_231_902, DeepNarrow.cnn(7, 7, 1, 10, 4000, four).parameterCount());
    assertEquals(1_007_974, DeepNarrow.cnn(7, 7, 1, 1, 12_000, four).parameterCount());
  }

  @Test
  void coverageOfSevenBySeven() {
    assertEquals(6.0978758850, new Image(7, 7, 3).coverage(), 1e-9);
    assertEquals(1, Image.POINT.coverage(), 0);
  }

  @Test
  void refusesNegativeInputs() {
    DeepNarrow network = DeepNarrow.mlp(2, 1, 3, DeepNarrow.Scales.of(1));
    network.requireNonNegative(X);
    var error =
        assertThrows(
            UserException.class,
            () -> network.requireNonNegative(new double[][] {{0, 0}, {0.5, -1e-3}}));
    assertTrue(error.getMessage().startsWith("example 1 has the value -0.001"));
  }
}
