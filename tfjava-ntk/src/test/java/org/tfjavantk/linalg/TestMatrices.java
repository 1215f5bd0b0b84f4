package org.tfjavantk.linalg;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tfjavantk.random.RandomStream;

/** The nasty matrices, and residuals by plain Java. */
public final class TestMatrices {
  /** Half the distance from 1 to the next double. */
  static final double ROUNDOFF = 0x1p-53;

  private TestMatrices() {}

  public static double[][] random(int rows, int columns, String name) {
    RandomStream random = RandomStream.of(11, name);
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix[i][j] = random.normal((long) i * columns + j);
      }
    }
    return matrix;
  }

  /** {@code Q diag(eigenvalues) Qᵀ} for the Householder reflection Q of a random vector. */
  public static double[][] withEigenvalues(double... eigenvalues) {
    int n = eigenvalues.length;
    double[] v = n == 0 ? new double[0] : random(1, n, "reflection" + n)[0];
    double square = 0;
    for (double x : v) {
      square += x * x;
    }
    double[][] q = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        q[i][j] = (i == j ? 1 : 0) - 2 * v[i] * v[j] / square;
      }
    }
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        for (int k = 0; k < n; k++) {
          matrix[i][j] += q[i][k] * eigenvalues[k] * q[j][k];
        }
        matrix[j][i] = matrix[i][j];
      }
    }
    return matrix;
  }

  private static double[] range(int n, java.util.function.IntToDoubleFunction eigenvalue) {
    return java.util.stream.IntStream.range(0, n).mapToDouble(eigenvalue).toArray();
  }

  public static Map<String, double[][]> positiveDefinite() {
    Map<String, double[][]> matrices = new LinkedHashMap<>();
    for (int n : new int[] {0, 1, 2, 3, 63, 64, 65, 150}) {
      matrices.put("spread " + n, withEigenvalues(range(n, i -> i + 1)));
    }
    matrices.put("clustered", withEigenvalues(range(80, i -> i < 40 ? 1 : 1 + 1e-14 * i)));
    matrices.put("graded", withEigenvalues(range(60, i -> Math.pow(10, -i / 5.0))));
    matrices.put("huge", withEigenvalues(range(70, i -> 1e150 * (i + 1))));
    matrices.put("tiny", withEigenvalues(range(70, i -> 1e-150 * (i + 1))));
    return matrices;
  }

  public static Map<String, double[][]> symmetric() {
    Map<String, double[][]> matrices = new LinkedHashMap<>(positiveDefinite());
    matrices.put("zero", new double[5][5]);
    matrices.put("singular", withEigenvalues(range(90, i -> i % 3 == 0 ? 0 : i)));
    matrices.put("indefinite", withEigenvalues(range(90, i -> i - 45)));
    matrices.put("repeated", withEigenvalues(range(66, i -> i % 2)));
    matrices.put("huge indefinite", withEigenvalues(range(50, i -> 1e150 * (i - 20))));
    matrices.put("tiny indefinite", withEigenvalues(range(50, i -> 1e-150 * (i - 20))));
    return matrices;
  }

  public static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b.length == 0 ? 0 : b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int k = 0; k < b.length; k++) {
        for (int j = 0; j < c[i].length; j++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }

  public static double[][] transpose(double[][] a) {
    double[][] t = new double[a.length == 0 ? 0 : a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < t.length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  public static double[][] shifted(double[][] a, int m, double shift) {
    double[][] b = new double[m][m];
    for (int i = 0; i < m; i++) {
      System.arraycopy(a[i], 0, b[i], 0, m);
      b[i][i] += shift;
    }
    return b;
  }

  public static double norm(double[][] a) {
    double norm = 0;
    for (double[] row : a) {
      norm = Math.hypot(norm, Matrix.norm(row));
    }
    return norm;
  }

  public static double distance(double[][] a, double[][] b) {
    double[][] difference = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      difference[i] = new double[a[i].length];
      for (int j = 0; j < difference[i].length; j++) {
        difference[i][j] = a[i][j] - b[i][j];
      }
    }
    return norm(difference);
  }

  /** LAPACK's test ratio: the error over {@code scale max(n, 1) u}; 0 for an error of 0. */
  public static double ratio(double error, double scale, int n) {
    return error == 0 ? 0 : error / scale / (Math.max(n, 1) * ROUNDOFF);
  }
}
