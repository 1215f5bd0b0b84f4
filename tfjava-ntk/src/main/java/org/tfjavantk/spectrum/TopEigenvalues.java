package org.tfjavantk.spectrum;

import java.util.Arrays;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.solve.KernelSource;
import org.tfjavantk.solve.Lanczos;

/**
 * The k largest eigenvalues of a kernel that only gives products, by Lanczos's method with full
 * reorthogonalization. Of an eigenvalue that is there several times one is found.
 *
 * @param values descending; fewer than k where the method found an invariant space
 * @param errors how far each may be from an eigenvalue
 * @param vectors row i is the unit eigenvector of value i
 * @param products how many products it took
 */
public record TopEigenvalues(double[] values, double[] errors, Matrix vectors, int products)
    implements AutoCloseable {
  /** An error below this part of the largest eigenvalue is convergence. */
  private static final double TOLERANCE = 1e-10;

  /**
   * @param k how many, at least 1
   * @param seed of the vector it starts from
   * @throws ArithmeticException when they did not converge in a space of n vectors
   */
  public static TopEigenvalues of(KernelSource source, int k, long seed) {
    int n = source.size();
    if (k < 1 || k > n) {
      throw new IllegalArgumentException(k + " of " + n + " eigenvalues");
    }
    RandomStream random = RandomStream.of(seed, "spectrum/lanczos");
    double[] start = new double[n];
    Arrays.setAll(start, random::normal);
    for (int steps = Math.min(n, 2 * k + 20); ; steps = Math.min(n, 2 * steps)) {
      try (Matrix basis = new Matrix(steps, n)) {
        Lanczos lanczos = Lanczos.run(source, start, steps, basis);
        Lanczos.Ritz ritz = lanczos.ritz();
        int found = Math.min(k, ritz.values().length);
        if (converged(ritz, found) || lanczos.exhausted() || steps == n) {
          return top(ritz, found, basis, lanczos.steps());
        }
      }
    }
  }

  private static boolean converged(Lanczos.Ritz ritz, int k) {
    int all = ritz.values().length;
    double largest = Math.max(Math.abs(ritz.values()[all - 1]), Math.abs(ritz.values()[0]));
    for (int i = 0; i < k; i++) {
      if (ritz.errors()[all - 1 - i] > TOLERANCE * largest) {
        return false;
      }
    }
    return true;
  }

  private static TopEigenvalues top(Lanczos.Ritz ritz, int k, Matrix basis, int steps) {
    int all = ritz.values().length;
    double[] values = new double[k];
    double[] errors = new double[k];
    Matrix vectors = new Matrix(k, basis.columns());
    try (Matrix coefficients = new Matrix(k, basis.rows())) {
      for (int i = 0; i < k; i++) {
        values[i] = ritz.values()[all - 1 - i];
        errors[i] = ritz.errors()[all - 1 - i];
        coefficients.setRow(i, 0, ritz.vectors()[all - 1 - i], 0, all);
      }
      Matrix.product(1, coefficients, false, basis, false, 0, vectors);
    }
    return new TopEigenvalues(values, errors, vectors, steps);
  }

  @Override
  public void close() {
    vectors.close();
  }
}
