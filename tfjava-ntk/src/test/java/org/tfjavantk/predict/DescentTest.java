package org.tfjavantk.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.TestMatrices;

class DescentTest {
  private static final double[][] X = TestMatrices.random(6, 9, "train");
  private static final double[][] X_TEST = TestMatrices.random(3, 9, "test");
  private static final double[][] Y = TestMatrices.random(6, 2, "y");
  private static final double[][] ZERO = new double[6][2];
  private static final double[][] ZERO_TEST = new double[3][2];

  private static Matrix kernel(double[][] a) {
    return Matrix.of(TestMatrices.product(a, TestMatrices.transpose(X)));
  }

  /** Heavy-ball descent on the weights of f = x W. */
  @ParameterizedTest
  @EnumSource(FlowLoss.class)
  void stepsAreThoseOfALinearModelsWeights(FlowLoss loss) {
    double[][] w = new double[9][2];
    double[][] v = new double[9][2];
    int steps = 25;
    for (int k = 0; k < steps; k++) {
      double[][] gradient =
          TestMatrices.product(
              TestMatrices.transpose(X), loss.gradient(TestMatrices.product(X, w), Y));
      for (int i = 0; i < 9; i++) {
        for (int c = 0; c < 2; c++) {
          v[i][c] = 0.7 * v[i][c] - 0.05 * gradient[i][c];
          w[i][c] += v[i][c];
        }
      }
    }
    try (Matrix k = kernel(X);
        Matrix cross = kernel(X_TEST)) {
      List<Descent.Outputs> found =
          new Descent(k, cross, loss, 0.05, 0.7).steps(Y, ZERO, ZERO_TEST, 0, 10, steps);
      assertArrayEquals(ZERO, found.get(0).train());
      double[][] train = TestMatrices.product(X, w);
      double[][] test = TestMatrices.product(X_TEST, w);
      assertTrue(TestMatrices.distance(train, found.get(2).train()) < 1e-12);
      assertTrue(TestMatrices.distance(test, found.get(2).test()) < 1e-12);
    }
  }

  @Test
  void gradientsAreCentralDifferences() {
    double[][] f = TestMatrices.random(4, 3, "f");
    double[][] y = {{1, 0, 0}, {0.2, 0.5, 0.3}, {0, 0, 1}, {0, 1, 0}};
    double h = 1e-6;
    for (FlowLoss loss : FlowLoss.values()) {
      double[][] gradient = loss.gradient(f, y);
      for (int i = 0; i < 4; i++) {
        for (int c = 0; c < 3; c++) {
          double before = f[i][c];
          f[i][c] = before + h;
          double above = value(loss, f, y);
          f[i][c] = before - h;
          double below = value(loss, f, y);
          f[i][c] = before;
          assertEquals((above - below) / (2 * h), gradient[i][c], 1e-8);
        }
      }
    }
  }

  private static double value(FlowLoss loss, double[][] f, double[][] y) {
    try (Matrix a = Matrix.of(f);
        Matrix b = Matrix.of(y)) {
      return loss.of(a, b);
    }
  }

  @Test
  void beyondTheLargestLearningRateItDiverges() {
    for (double momentum : new double[] {0, 0.5}) {
      try (Matrix k = kernel(X);
          Matrix cross = kernel(X_TEST)) {
        double[] values = org.tfjavantk.linalg.SymmetricEigen.values(k.copy());
        double largest = Descent.largestLearningRate(values[5], momentum, 12);
        double[] sizes = new double[2];
        for (int i = 0; i < 2; i++) {
          double rate = largest * (i == 0 ? 0.98 : 1.02);
          sizes[i] =
              TestMatrices.norm(
                  new Descent(k, cross, FlowLoss.MSE, rate, momentum)
                      .steps(Y, ZERO, ZERO_TEST, 3000)
                      .get(0)
                      .train());
        }
        assertTrue(sizes[0] < 10 && sizes[1] > 1e6, sizes[0] + " " + sizes[1]);
      }
    }
  }
}
