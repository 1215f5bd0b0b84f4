package org.tfjavantk.predict;

import java.util.function.DoubleUnaryOperator;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.EigenSolver;
import org.tfjavantk.solve.KernelSource;

/**
 * Gradient flow in function space under the squared error: {@code ḟ = −ρ (K + s I) (f − y)} on the
 * training examples, in closed form from one eigendecomposition {@code K + s I = V diag(e) Vᵀ}. For
 * the loss {@code ‖f − y‖² / (2 N)} with N values of y and the learning rate η, {@code ρ = η / N}.
 *
 * <p>With the neural tangent kernel this is how the mean of infinitely wide networks learns, with
 * the NNGP kernel how their last layers alone do, and at t = ∞ the latter is the posterior of the
 * Gaussian process. See Lee et al., "Wide neural networks of any depth evolve as linear models
 * under gradient descent", NeurIPS 2019, equations 8, 9 and 14 to 16. Eigenvalues below 0, which
 * rounding makes, count as 0 in exponents.
 *
 * <p>Kernels are n x n for n rows (examples, or examples times outputs), cross kernels m x n for m
 * test rows; y and f have a column for each right-hand side. Time may be infinite.
 */
public final class KernelFlow implements AutoCloseable {
  private final EigenSolver eigen;
  private final double shift;
  private final double rate;

  private KernelFlow(EigenSolver eigen, double shift, double rate) {
    this.eigen = eigen;
    this.shift = shift;
    this.rate = rate;
  }

  /**
   * Decomposes a kernel.
   *
   * @param shift s
   * @param rate ρ, above 0
   */
  public static KernelFlow of(KernelSource kernel, double shift, double rate) {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("rate " + rate);
    }
    return new KernelFlow(EigenSolver.of(kernel), shift, rate);
  }

  /** The eigenvalues of K, ascending. */
  public double[] eigenvalues() {
    return eigen.eigenvalues();
  }

  /** {@code exp(−ρ max(e, 0) t)}. */
  private double decay(double e, double t) {
    return t == Double.POSITIVE_INFINITY ? 0 : Math.exp(-rate * Math.max(e, 0) * t);
  }

  /** {@code (1 − exp(−ρ max(e, 0) t)) / |e|}; ρ t for e = 0. */
  private double gain(double e, double t) {
    if (t == Double.POSITIVE_INFINITY) {
      return 1 / e;
    }
    return e == 0 ? rate * t : -Math.expm1(-rate * Math.max(e, 0) * t) / Math.abs(e);
  }

  private Matrix apply(DoubleUnaryOperator f, Matrix b) {
    return eigen.apply(lambda -> f.applyAsDouble(lambda + shift), b);
  }

  /** {@code f(t) = y + exp(−ρ (K + s I) t) (f(0) − y)} on the training examples. */
  public Matrix train(double t, Matrix y, Matrix start) {
    try (Matrix difference = difference(start, y)) {
      Matrix f = apply(e -> decay(e, t), difference);
      add(1, y, f);
      return f;
    }
  }

  /**
   * {@code f(t) = f(0) + K* (K + s I)⁻¹ (1 − exp(−ρ (K + s I) t)) (y − f_train(0))} on others.
   *
   * @param cross K*
   * @param testStart f(0) of the others
   */
  public Matrix test(double t, Matrix cross, Matrix y, Matrix start, Matrix testStart) {
    try (Matrix difference = difference(y, start);
        Matrix weights = apply(e -> gain(e, t), difference)) {
      Matrix f = testStart.copy();
      Matrix.product(1, cross, false, weights, false, 1, f);
      return f;
    }
  }

  /**
   * The covariance of networks whose last layers alone were trained, K being the NNGP kernel:
   * {@code K** − K* (K + s I)⁻¹ (1 − exp(−2 ρ (K + s I) t)) K*ᵀ}; at t = ∞ that of the posterior of
   * the Gaussian process (Rasmussen and Williams, equation 2.24).
   *
   * @param test K**, m x m
   */
  public Matrix gaussianCovariance(double t, Matrix cross, Matrix test) {
    try (Matrix right = cross.transposed();
        Matrix weights = apply(e -> gain(e, 2 * t), right)) {
      Matrix covariance = test.copy();
      Matrix.product(-1, cross, false, weights, false, 1, covariance);
      return covariance;
    }
  }

  /** The same on the training examples: {@code (K + s I) exp(−2 ρ (K + s I) t)}. */
  public Matrix gaussianTrainCovariance(double t) {
    try (Matrix identity = identity()) {
      return apply(e -> Math.max(e, 0) * decay(e, 2 * t), identity);
    }
  }

  /**
   * The covariance of fully trained networks, K being the neural tangent kernel and N that of the
   * networks at initialization: {@code N** + A N Aᵀ − (A N*ᵀ + N* Aᵀ)} with {@code A = K* (K + s
   * I)⁻¹ (1 − exp(−ρ (K + s I) t))}.
   *
   * @param cross K*
   * @param nngp N
   * @param nngpCross N*
   * @param nngpTest N**
   */
  public Matrix ensembleCovariance(
      double t, Matrix cross, Matrix nngp, Matrix nngpCross, Matrix nngpTest) {
    int m = cross.rows();
    int n = cross.columns();
    try (Matrix right = cross.transposed();
        Matrix transposedA = apply(e -> gain(e, t), right);
        Matrix product = new Matrix(n, m);
        Matrix mixed = new Matrix(m, m)) {
      Matrix covariance = nngpTest.copy();
      Matrix.product(1, nngp, false, transposedA, false, 0, product);
      Matrix.product(1, transposedA, true, product, false, 1, covariance);
      Matrix.product(1, nngpCross, false, transposedA, false, 0, mixed);
      add(-1, mixed, covariance);
      try (Matrix mirrored = mixed.transposed()) {
        add(-1, mirrored, covariance);
      }
      return covariance;
    }
  }

  /** The same on the training examples: {@code E N E} with {@code E = exp(−ρ (K + s I) t)}. */
  public Matrix ensembleTrainCovariance(double t, Matrix nngp) {
    try (Matrix left = apply(e -> decay(e, t), nngp);
        Matrix mirrored = left.transposed()) {
      return apply(e -> decay(e, t), mirrored);
    }
  }

  private Matrix identity() {
    int n = eigen.eigenvectors().rows();
    Matrix identity = new Matrix(n, n);
    for (int i = 0; i < n; i++) {
      identity.set(i, i, 1);
    }
    return identity;
  }

  private static Matrix difference(Matrix a, Matrix b) {
    Matrix difference = a.copy();
    add(-1, b, difference);
    return difference;
  }

  /** {@code b = b + factor a}. */
  static void add(double factor, Matrix a, Matrix b) {
    double[] x = new double[a.columns()];
    double[] y = new double[a.columns()];
    for (int i = 0; i < a.rows(); i++) {
      a.getRow(i, 0, x, 0, x.length);
      b.getRow(i, 0, y, 0, y.length);
      for (int c = 0; c < x.length; c++) {
        y[c] += factor * x[c];
      }
      b.setRow(i, y);
    }
  }

  @Override
  public void close() {
    eigen.close();
  }
}
