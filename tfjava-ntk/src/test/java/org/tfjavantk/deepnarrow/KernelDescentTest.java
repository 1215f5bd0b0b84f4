package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.UserException;

class KernelDescentTest {
  private static final CircleTask TASK = CircleTask.published();
  private static final KernelDescent DESCENT =
      new KernelDescent(
          new LimitKernel(DeepNarrow.mlp(2, 1, 2, DeepNarrow.Scales.of(1)))
              .matrix(TASK.points(), TASK.points()));

  @Test
  void knownEigenvaluesOfThePublishedTask() {
    double[] values = DESCENT.eigenvalues();
    double[] expected = {2.55650606, 0.188369524, 4.89828918e-3, 1.53065588e-4};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], values[199 - i], 1e-6 * expected[i]);
    }
  }

  @Test
  void knownLossesOfThePublishedTask() {
    double[] losses = DESCENT.losses(TASK.targets(), 0.25, 2000);
    int[] steps = {0, 1, 10, 100, 500, 1000, 2000};
    double[] expected = {
      0.136728919072934,
      0.0240276143106454,
      0.0139463030390798,
      8.97107417953025e-3,
      1.26527471534159e-3,
      1.12909307851584e-4,
      4.97779968855626e-6
    };
    for (int i = 0; i < steps.length; i++) {
      assertEquals(expected[i], losses[steps[i]], 1e-10 * expected[i], "step " + steps[i]);
    }
  }

  /** The recursion itself, on a small kernel and two outputs. */
  @Test
  void isTheRecursion() {
    double[][] kernel = {{2, 0.5, 0.1}, {0.5, 1, 0.3}, {0.1, 0.3, 1.5}};
    double[][] y = {{1, -2}, {0.5, 0.3}, {-1, 0.7}};
    double step = 0.8;
    double[][] f = new double[3][2];
    KernelDescent descent = new KernelDescent(kernel);
    double[] losses = descent.losses(y, step, 5);
    for (int t = 0; t <= 5; t++) {
      double loss = 0;
      double[][] next = new double[3][2];
      double[][] predicted = descent.predictions(y, step, t);
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 2; k++) {
          loss += Math.pow(f[i][k] - y[i][k], 2) / 6;
          assertEquals(f[i][k], predicted[i][k], 1e-13);
          next[i][k] = f[i][k];
          for (int j = 0; j < 3; j++) {
            next[i][k] -= 2 * step / 6 * kernel[i][j] * (f[j][k] - y[j][k]);
          }
        }
      }
      assertEquals(loss, losses[t], 1e-13);
      f = next;
    }
  }

  @Test
  void convergesJustBelowTheLargestStepAndGrowsJustAbove() {
    double largest = DESCENT.largestStep(1);
    double[] below = DESCENT.losses(TASK.targets(), 0.95 * largest, 500);
    double[] above = DESCENT.losses(TASK.targets(), 1.05 * largest, 500);
    assertTrue(below[500] < below[100]);
    assertTrue(above[500] > above[0]);
  }

  @Test
  void aGridNeedsPoints() {
    assertThrows(UserException.class, () -> CircleTask.grid(20, 10, 0, 1));
  }
}
