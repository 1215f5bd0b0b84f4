package org.tfjavantk.regression;

import org.tfjavantk.random.RandomStream;

/** Points around class centres, for training, validation and test, and kernels of them. */
record Data(
    double[][] train,
    int[] trainLabels,
    double[][] validation,
    int[] validationLabels,
    double[][] test,
    int[] testLabels) {
  private static final int DIMENSIONS = 4;

  static Data draw(int train, int validation, int test, int classes, long seed) {
    return new Data(
        points(train, classes, seed, "train"),
        labels(train, classes),
        points(validation, classes, seed, "validation"),
        labels(validation, classes),
        points(test, classes, seed, "test"),
        labels(test, classes));
  }

  private static int[] labels(int n, int classes) {
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = (i * 7 / 2) % classes;
    }
    return labels;
  }

  private static double[][] points(int n, int classes, long seed, String name) {
    RandomStream random = RandomStream.of(seed, name);
    int[] labels = labels(n, classes);
    double[][] points = new double[n][DIMENSIONS];
    for (int i = 0; i < n; i++) {
      for (int d = 0; d < DIMENSIONS; d++) {
        points[i][d] = random.normal((long) i * DIMENSIONS + d) + (labels[i] == d ? 1.5 : 0);
      }
    }
    return points;
  }

  static double[][] pick(double[][] points, int[] indices) {
    double[][] picked = new double[indices.length][];
    for (int i = 0; i < indices.length; i++) {
      picked[i] = points[indices[i]];
    }
    return picked;
  }

  /**
   * A Gaussian kernel, and for several outputs a sum of two with different couplings of the
   * outputs, so that it isn't a kernel times the identity.
   */
  double[][] kernel(double[][] rows, double[][] columns, int outputs) {
    double[][] kernel = new double[rows.length * outputs][columns.length * outputs];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        double square = 0;
        for (int d = 0; d < DIMENSIONS; d++) {
          square += Math.pow(rows[i][d] - columns[j][d], 2);
        }
        for (int a = 0; a < outputs; a++) {
          for (int b = 0; b < outputs; b++) {
            double coupled = Math.exp(-square / 9) * (1 + a) * (1 + b) / 10;
            kernel[i * outputs + a][j * outputs + b] =
                coupled + (a == b ? Math.exp(-square / 4) : 0);
          }
        }
      }
    }
    return kernel;
  }

  static double[][] timesIdentity(double[][] kernel, int outputs) {
    double[][] product = new double[kernel.length * outputs][kernel[0].length * outputs];
    for (int i = 0; i < product.length; i++) {
      for (int j = 0; j < product[i].length; j++) {
        product[i][j] = i % outputs == j % outputs ? kernel[i / outputs][j / outputs] : 0;
      }
    }
    return product;
  }
}
