package org.tfjavantk.regression;

/** Kernel ridge regression by Gauss-Jordan elimination with pivoting in plain Java. */
final class Reference {
  private Reference() {}

  static double[][] targets(int[] labels, int classes) {
    double[][] targets = new double[labels.length][classes];
    for (int i = 0; i < labels.length; i++) {
      for (int c = 0; c < classes; c++) {
        targets[i][c] = (c == labels[i] ? 1.0 : 0.0) - 1.0 / classes;
      }
    }
    return targets;
  }

  /** Dual coefficients, examples x classes. */
  static double[][] solve(double[][] k, double ridge, int[] labels, int classes, int outputs) {
    double[][] y = targets(labels, classes);
    return reshape(gauss(k, ridge, outputs == 1 ? y : reshape(y, 1)), classes);
  }

  /** Outputs, examples x classes. */
  static double[][] outputs(double[][] k, double[][] a, int classes, int outputs) {
    return reshape(product(k, outputs == 1 ? a : reshape(a, 1)), classes);
  }

  static double[] flat(double[][] a) {
    double[] flat = new double[a.length * a[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = a[i / a[0].length][i % a[0].length];
    }
    return flat;
  }

  private static double[][] reshape(double[][] a, int columns) {
    double[] flat = flat(a);
    double[][] shaped = new double[flat.length / columns][columns];
    for (int i = 0; i < flat.length; i++) {
      shaped[i / columns][i % columns] = flat[i];
    }
    return shaped;
  }

  static double[][] transpose(double[][] a) {
    double[][] t = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < t.length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        for (int j = 0; j < b[0].length; j++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }

  /** {@code (a + ridge I)^-1 b}. */
  static double[][] gauss(double[][] a, double ridge, double[][] b) {
    int n = a.length;
    double[][] m = new double[n][];
    for (int i = 0; i < n; i++) {
      m[i] = java.util.Arrays.copyOf(a[i], n + b[0].length);
      m[i][i] += ridge;
      System.arraycopy(b[i], 0, m[i], n, b[0].length);
    }
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int i = k + 1; i < n; i++) {
        pivot = Math.abs(m[i][k]) > Math.abs(m[pivot][k]) ? i : pivot;
      }
      double[] t = m[k];
      m[k] = m[pivot];
      m[pivot] = t;
      for (int i = 0; i < n; i++) {
        double factor = i == k ? 0 : m[i][k] / m[k][k];
        for (int j = k; j < m[i].length; j++) {
          m[i][j] -= factor * m[k][j];
        }
      }
    }
    double[][] x = new double[n][b[0].length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < x[i].length; j++) {
        x[i][j] = m[i][n + j] / m[i][i];
      }
    }
    return x;
  }
}
