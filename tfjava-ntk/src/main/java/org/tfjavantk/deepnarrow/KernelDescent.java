package org.tfjavantk.deepnarrow;

import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;

/**
 * Full-batch gradient descent of a function whose tangent kernel stays as it is, on {@code loss =
 * mean_i,k (f_k(x_i) − y_ik)²}. The kernel is the same for all K outputs, and outputs do not mix;
 * with the step {@code h = η L C²}, {@code Θ̂ = Θ / (L C²)} and n points,
 *
 * <pre>
 * f_{t+1} − y = (I − 2 h / (n K) Θ̂)(f_t − y),
 * </pre>
 *
 * which converges if and only if {@code h λmax(Θ̂ / n) < K}.
 */
public final class KernelDescent {
  private final double[] eigenvalues;
  private final double[][] vectors;

  /**
   * @param kernel Θ̂(x_i, x_j) of the n training points, symmetric
   */
  public KernelDescent(double[][] kernel) {
    int n = kernel.length;
    try (Matrix matrix = Matrix.of(kernel)) {
      double[] values = SymmetricEigen.valuesAndVectors(matrix);
      vectors = matrix.toArrays();
      eigenvalues = new double[n];
      for (int i = 0; i < n; i++) {
        eigenvalues[i] = values[i] / n;
      }
    }
  }

  /** Eigenvalues of Θ̂ / n, ascending. */
  public double[] eigenvalues() {
    return eigenvalues.clone();
  }

  /** {@code λmax(Θ̂ / n)}. */
  public double largest() {
    return eigenvalues[eigenvalues.length - 1];
  }

  /** The bound that {@code h = η L C²} must stay below: {@code K / λmax(Θ̂ / n)}. */
  public double largestStep(int outputs) {
    return outputs / largest();
  }

  /**
   * The loss at steps 0 to {@code steps}.
   *
   * @param residual {@code f_0 − y}, n rows of K values
   */
  public double[] losses(double[][] residual, double step, int steps) {
    int n = residual.length;
    int outputs = residual[0].length;
    double[] energy = new double[n];
    for (int e = 0; e < n; e++) {
      for (int k = 0; k < outputs; k++) {
        double coefficient = coefficient(e, residual, k);
        energy[e] += coefficient * coefficient;
      }
    }
    double[] losses = new double[steps + 1];
    for (int t = 0; t <= steps; t++) {
      for (int e = 0; e < n; e++) {
        losses[t] += energy[e] * Math.pow(factor(e, step, outputs), 2.0 * t) / (n * outputs);
      }
    }
    return losses;
  }

  /**
   * {@code f_t(x_i)} on the training points after {@code steps} steps from f_0 = 0.
   *
   * @param targets y, n rows of K values
   */
  public double[][] predictions(double[][] targets, double step, int steps) {
    int n = targets.length;
    int outputs = targets[0].length;
    double[][] f = new double[n][outputs];
    for (int k = 0; k < outputs; k++) {
      for (int e = 0; e < n; e++) {
        double learned =
            coefficient(e, targets, k) * (1 - Math.pow(factor(e, step, outputs), steps));
        for (int i = 0; i < n; i++) {
          f[i][k] += learned * vectors[e][i];
        }
      }
    }
    return f;
  }

  private double coefficient(int e, double[][] values, int k) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += vectors[e][i] * values[i][k];
    }
    return sum;
  }

  private double factor(int e, double step, int outputs) {
    return 1 - 2 * step * eigenvalues[e] / outputs;
  }
}
