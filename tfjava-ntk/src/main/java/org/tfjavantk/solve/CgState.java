package org.tfjavantk.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.linalg.Matrix;

/** Where several conjugate gradient iterations are: for every right-hand side x, r, p and rᵀz. */
final class CgState {
  final int n;
  final double[][] x;
  final double[][] r;
  final double[][] p;
  final double[] rz;

  /** The coefficients of the first right-hand side, up to the first restart. */
  final List<Double> alphas = new ArrayList<>();

  final List<Double> betas = new ArrayList<>();
  int iteration;
  boolean recording = true;

  /** Whether there are no directions yet, so that the next ones are the residuals themselves. */
  boolean fresh = true;

  CgState(int n, double[][] x, double[][] r, double[][] p, double[] rz) {
    this.n = n;
    this.x = x;
    this.r = r;
    this.p = p;
    this.rz = rz;
  }

  /** At x = 0. */
  static CgState of(Matrix b) {
    int n = b.rows();
    int columns = b.columns();
    return new CgState(
        n,
        new double[columns][n],
        b.columnsToArrays(),
        new double[columns][n],
        new double[columns]);
  }

  int iteration() {
    return iteration;
  }

  boolean fresh() {
    return fresh;
  }

  double[] alphas() {
    return alphas.stream().mapToDouble(Double::doubleValue).toArray();
  }

  double[] betas() {
    return betas.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The right-hand sides whose residuals are not small enough. */
  int[] active(double tolerance, double[] sizes) {
    return IntStream.range(0, r.length).filter(c -> norm(r[c]) > tolerance * sizes[c]).toArray();
  }

  /** The largest relative residual. */
  double worst(double[] sizes) {
    return IntStream.range(0, r.length)
        .filter(c -> sizes[c] > 0)
        .mapToDouble(c -> norm(r[c]) / sizes[c])
        .max()
        .orElse(0);
  }

  private static double norm(double[] values) {
    return Math.sqrt(dot(values, values));
  }

  Matrix directions(int[] active) {
    return pack(p, active);
  }

  Matrix residuals(int[] active) {
    return pack(r, active);
  }

  Matrix solution() {
    return pack(x, IntStream.range(0, x.length).toArray());
  }

  private Matrix pack(double[][] vectors, int[] active) {
    double[][] chosen = Arrays.stream(active).mapToObj(c -> vectors[c]).toArray(double[][]::new);
    return Matrix.ofColumns(n, chosen);
  }

  /**
   * x and r along the direction, given {@code K p}.
   *
   * @return {@code pᵀ A p / pᵀ p}; where it isn't positive nothing is changed
   */
  double step(int c, double ridge, double[] product) {
    double[] direction = p[c];
    double curvature = ridge * dot(direction, direction) + dot(direction, product);
    if (!(curvature > 0)) {
      return curvature / dot(direction, direction);
    }
    double alpha = rz[c] / curvature;
    for (int i = 0; i < direction.length; i++) {
      x[c][i] += alpha * direction[i];
      r[c][i] -= alpha * (product[i] + ridge * direction[i]);
    }
    if (c == 0 && recording) {
      alphas.add(alpha);
    }
    return curvature / dot(direction, direction);
  }

  /** The next direction, given {@code z = P⁻¹ r}. */
  void turn(int c, double[] z) {
    double next = dot(r[c], z);
    double beta = fresh ? 0 : next / rz[c];
    for (int i = 0; i < z.length; i++) {
      p[c][i] = z[i] + beta * p[c][i];
    }
    if (c == 0 && recording && !fresh) {
      betas.add(beta);
    }
    rz[c] = next;
  }

  /** Ends the first directions. */
  void turned() {
    fresh = false;
  }

  void advance() {
    iteration++;
  }

  /** Goes on from x with its true residuals. */
  void restart(Matrix residuals) {
    double[][] columns = residuals.columnsToArrays();
    for (int c = 0; c < r.length; c++) {
      r[c] = columns[c];
    }
    fresh = true;
    recording = false;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
