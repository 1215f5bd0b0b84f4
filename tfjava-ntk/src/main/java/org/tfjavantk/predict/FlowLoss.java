package org.tfjavantk.predict;

import org.tfjavantk.linalg.Matrix;

/** Losses of outputs f and targets y, n examples x o outputs each. */
public enum FlowLoss {
  /** {@code ‖f − y‖² / (2 n o)}. */
  MSE {
    @Override
    double[][] gradient(double[][] f, double[][] y) {
      double[][] gradient = new double[f.length][];
      for (int i = 0; i < f.length; i++) {
        gradient[i] = new double[f[i].length];
        for (int c = 0; c < f[i].length; c++) {
          gradient[i][c] = (f[i][c] - y[i][c]) / (f.length * (double) f[i].length);
        }
      }
      return gradient;
    }

    @Override
    double value(double[] f, double[] y) {
      double sum = 0;
      for (int c = 0; c < f.length; c++) {
        sum += (f[c] - y[c]) * (f[c] - y[c]);
      }
      return sum / (2 * f.length);
    }
  },

  /** {@code − Σ_ic y_ic log softmax(f_i)_c / n}. */
  CROSS_ENTROPY {
    @Override
    double[][] gradient(double[][] f, double[][] y) {
      double[][] gradient = new double[f.length][];
      for (int i = 0; i < f.length; i++) {
        gradient[i] = new double[f[i].length];
        double weight = 0;
        for (double target : y[i]) {
          weight += target;
        }
        double normalizer = logSum(f[i]);
        for (int c = 0; c < f[i].length; c++) {
          gradient[i][c] = (weight * Math.exp(f[i][c] - normalizer) - y[i][c]) / f.length;
        }
      }
      return gradient;
    }

    @Override
    double value(double[] f, double[] y) {
      double normalizer = logSum(f);
      double sum = 0;
      for (int c = 0; c < f.length; c++) {
        sum -= y[c] * (f[c] - normalizer);
      }
      return sum;
    }
  };

  /** {@code ∂ loss / ∂ f}. */
  abstract double[][] gradient(double[][] f, double[][] y);

  /** The part of one example, times n. */
  abstract double value(double[] f, double[] y);

  /** The loss. */
  public double of(Matrix f, Matrix y) {
    double sum = 0;
    for (int i = 0; i < f.rows(); i++) {
      sum += value(f.getRow(i), y.getRow(i));
    }
    return sum / f.rows();
  }

  private static double logSum(double[] f) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double value : f) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (double value : f) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }
}
