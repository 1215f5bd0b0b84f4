package org.tfjavantk.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.random.RandomStream;

/**
 * Lanczos's method with full reorthogonalization: {@code K Q = Q T + β q eᵀ} with orthonormal Q and
 * a tridiagonal T, whose eigenvalues θ ({@link Ritz}) approach those of K from inside. Each vector
 * is orthogonalized twice against all before it ("twice is enough": Parlett, "The symmetric
 * eigenvalue problem", 6.9).
 */
public final class Lanczos {
  private static final int EXTREME_STEPS = 60;

  private final KernelSource source;
  private final Matrix basis;
  private final List<Double> alpha = new ArrayList<>();
  private final List<Double> beta = new ArrayList<>();

  /**
   * Eigenpairs of T.
   *
   * @param values θ, ascending
   * @param vectors row i belongs to value i: its coefficients in the basis
   * @param errors bound of the distance of θ from an eigenvalue of K: {@code |β s|} with s the last
   *     coefficient
   */
  public record Ritz(double[] values, double[][] vectors, double[] errors) {}

  /** Both ends of a spectrum, from inside. */
  public record Extremes(double smallest, double largest) {}

  private Lanczos(KernelSource source, Matrix basis) {
    this.source = source;
    this.basis = basis;
  }

  /**
   * Runs up to {@code steps} steps; fewer where the space is exhausted.
   *
   * @param start a vector that isn't zero
   * @param basis room for the vectors, one a row: at least {@code steps} x n; the caller closes it
   */
  public static Lanczos run(KernelSource source, double[] start, int steps, Matrix basis) {
    Lanczos lanczos = new Lanczos(source, basis);
    lanczos.run(start, steps);
    return lanczos;
  }

  private void run(double[] start, int steps) {
    int n = source.size();
    double[] q = start.clone();
    scale(q, 1 / norm(q));
    try (Matrix column = new Matrix(n, 1);
        Matrix product = new Matrix(n, 1)) {
      for (int k = 0; k < Math.min(steps, n); k++) {
        basis.setRow(k, 0, q, 0, n);
        for (int i = 0; i < n; i++) {
          column.set(i, 0, q[i]);
        }
        source.times(column, product);
        double[] w = new double[n];
        for (int i = 0; i < n; i++) {
          w[i] = product.get(i, 0);
        }
        alpha.add(dot(q, w));
        double before = norm(w);
        orthogonalize(w, k + 1);
        orthogonalize(w, k + 1);
        double size = norm(w);
        // Below that, what is left is rounding: the space is invariant.
        boolean exhausted = !(size > 1e-14 * Math.max(before, largestSoFar()));
        beta.add(exhausted ? 0 : size);
        if (exhausted) {
          return;
        }
        scale(w, 1 / size);
        q = w;
      }
    }
  }

  private double largestSoFar() {
    double largest = 0;
    for (int k = 0; k < alpha.size(); k++) {
      largest = Math.max(largest, Math.abs(alpha.get(k)));
    }
    return largest;
  }

  private void orthogonalize(double[] w, int count) {
    try (Matrix vector = new Matrix(1, w.length);
        Matrix coefficients = new Matrix(1, count)) {
      vector.setRow(0, w);
      var rows = basis.block(0, 0, count, w.length);
      org.tfjavantk.linalg.Block.product(
          1, vector.block(), false, rows, true, 0, coefficients.block());
      org.tfjavantk.linalg.Block.product(
          -1, coefficients.block(), false, rows, false, 1, vector.block());
      vector.getRow(0, 0, w, 0, w.length);
    }
  }

  /** How many steps were done. */
  public int steps() {
    return alpha.size();
  }

  /** Whether the space is exhausted: the eigenvalues of T are eigenvalues of K to rounding. */
  public boolean exhausted() {
    return !beta.isEmpty() && beta.get(beta.size() - 1) == 0;
  }

  /** The eigenpairs of T. */
  public Ritz ritz() {
    int k = steps();
    try (Matrix t = new Matrix(k, k)) {
      for (int i = 0; i < k; i++) {
        t.set(i, i, alpha.get(i));
        if (i + 1 < k) {
          t.set(i, i + 1, beta.get(i));
        }
      }
      double[] values = SymmetricEigen.valuesAndVectors(t);
      double[][] vectors = t.toArrays();
      double last = k == 0 ? 0 : beta.get(k - 1);
      double[] errors =
          Arrays.stream(vectors).mapToDouble(s -> Math.abs(last * s[k - 1])).toArray();
      return new Ritz(values, vectors, errors);
    }
  }

  /** Estimates of the smallest and the largest eigenvalue by at most 60 products; 0 for n = 0. */
  static Extremes extremes(KernelSource source) {
    int n = source.size();
    if (n == 0) {
      return new Extremes(0, 0);
    }
    int steps = Math.min(n, EXTREME_STEPS);
    RandomStream random = RandomStream.of(0, "solve/extremes");
    double[] start = new double[n];
    Arrays.setAll(start, random::normal);
    try (Matrix basis = new Matrix(steps, n)) {
      double[] values = run(source, start, steps, basis).ritz().values();
      return new Extremes(values[0], values[values.length - 1]);
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double norm(double[] a) {
    double largest = Arrays.stream(a).map(Math::abs).max().orElse(0);
    if (largest == 0) {
      return 0;
    }
    double sum = 0;
    for (double value : a) {
      sum += value / largest * (value / largest);
    }
    return largest * Math.sqrt(sum);
  }

  private static void scale(double[] a, double factor) {
    for (int i = 0; i < a.length; i++) {
      a[i] *= factor;
    }
  }
}
