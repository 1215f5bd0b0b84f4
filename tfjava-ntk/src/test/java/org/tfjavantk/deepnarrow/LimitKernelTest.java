package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.random.RandomStream;

/** Values from the closed form, evaluated independently. */
class LimitKernelTest {
  private static final LimitKernel CIRCLE =
      new LimitKernel(DeepNarrow.mlp(2, 1, 100, DeepNarrow.Scales.of(1)));

  @ParameterizedTest
  @CsvSource({
    "0, 2.75",
    "0.125, 2.655760289635379",
    "0.25, 2.3907837446266695",
    "0.5, 1.5440803994536794"
  })
  void knownOnTheCircle(double gapOverPi, double expected) {
    double gap = gapOverPi * Math.PI;
    double[][] x = {{1, 0}};
    double[][] y = {{Math.cos(gap), Math.sin(gap)}};
    assertEquals(expected, CIRCLE.matrix(x, y)[0][0], 1e-12);
  }

  @Test
  void knownAtTheEndsOfThePublishedGrid() {
    CircleTask task = CircleTask.published();
    double[] row = CIRCLE.matrix(task.anchorPoint(), task.points())[0];
    assertEquals(200, row.length);
    assertEquals(0.0717258597, task.angles()[0], 1e-10);
    assertEquals(2.4501973152322725, row[0], 1e-12);
    assertEquals(2.4501973152322725, row[199], 1e-12);
  }

  @Test
  void knownOnImages() {
    LimitKernel one = new LimitKernel(DeepNarrow.cnn(7, 7, 1, 1, 2, DeepNarrow.Scales.of(1)));
    LimitKernel ten = new LimitKernel(DeepNarrow.cnn(7, 7, 1, 10, 2, DeepNarrow.Scales.of(1)));
    double[] zeros = new double[49];
    double[] ones = new double[49];
    double[] ramp = new double[49];
    Arrays.fill(ones, 1);
    for (int p = 0; p < 49; p++) {
      ramp[p] = (p / 7 + p % 7) / 12.0;
    }
    double[][] x = {zeros, ones, ramp};
    double[][] theta = one.matrix(x, x);
    assertEquals(9.146813827572, theta[0][0], 1e-11);
    assertEquals(17.572411626541, theta[1][1], 1e-11);
    assertEquals(9.321873574809, theta[1][0], 1e-11);
    assertEquals(13.390980179969, theta[2][1], 1e-11);
    assertEquals(11.282842323026, theta[2][2], 1e-11);
    assertEquals(64.027696793003, ten.matrix(x, x)[0][0], 1e-11);
  }

  /** With σ, β, outputs, image and window all away from their usual values: Monte Carlo. */
  @Test
  void finiteKernelsAverageToIt() {
    DeepNarrow network =
        new DeepNarrow(new Image(2, 3, 3), 2, 3, 20_000, new DeepNarrow.Scales(1000, 1.3, 0.7));
    double[][] x = new double[2][12];
    RandomStream stream = RandomStream.of(5, "points");
    for (int i = 0; i < 24; i++) {
      x[i / 12][i % 12] = stream.uniform(i);
    }
    double[][] limit = new LimitKernel(network).matrix(x, x);
    double[][] finite = new FiniteDepthKernel(network, MidNeurons.draw(network, 3, 0)).matrix(x, x);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        double error = finite[i][j] / network.normalization() - limit[i][j];
        // Standard errors are about 0.02; an omitted σ, β or channel moves it by 0.2 or more.
        assertEquals(0, error, 0.08, i + ", " + j);
      }
    }
    LimitKernel planted =
        new LimitKernel(
            new DeepNarrow(network.image(), 2, 3, 20_000, new DeepNarrow.Scales(1, 1.3, 1)));
    assertTrue(Math.abs(planted.matrix(x, x)[0][0] - finite[0][0] / network.normalization()) > 0.3);
  }
}
