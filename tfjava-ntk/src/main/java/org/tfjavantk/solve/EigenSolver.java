package org.tfjavantk.solve;

import java.util.Arrays;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.solve.Certificate.Meaning;

/**
 * One eigendecomposition {@code K = V Λ Vᵀ} for all λ: {@code (K + λ I)⁻¹ B = V (Λ + λ I)⁻¹ Vᵀ B},
 * exact eigenvalues, and the closed forms of cross-validation ({@link #inverseDiagonal}). It takes
 * some 9 n³ operations and three times the memory of K.
 */
public final class EigenSolver implements Solver {
  private final KernelSource source;
  private final Certifier certifier;

  /** Row i is the eigenvector of eigenvalue i. */
  private final Matrix vectors;

  private final double[] values;

  private EigenSolver(KernelSource source, Matrix vectors) {
    this.source = source;
    this.certifier = Certifier.float64(source, "eigendecomposition in float64");
    this.values = SymmetricEigen.valuesAndVectors(vectors);
    this.vectors = vectors;
  }

  /**
   * Decomposes K.
   *
   * @throws org.tfjavantk.graphs.UserException when it doesn't fit into memory
   */
  public static EigenSolver of(KernelSource source) {
    Memory.require(
        3 * Matrix.bytes(source.size(), source.size()),
        source.name() + ": the eigendecomposition",
        "use the solver CHOLESKY, OUT_OF_CORE or CONJUGATE_GRADIENTS, or fewer examples");
    Matrix matrix = source.dense();
    try {
      return new EigenSolver(source, matrix);
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  /** The eigenvalues of K, ascending. */
  public double[] eigenvalues() {
    return values.clone();
  }

  /** The eigenvectors of K: row i is that of eigenvalue i. Lives as long as the solver. */
  public Matrix eigenvectors() {
    return vectors;
  }

  @Override
  public Solution solve(double ridge, Matrix b) {
    if (!positiveDefinite(ridge)) {
      return certifier.indefinite(ridge, values[0] + ridge, Meaning.EIGENVALUE, "");
    }
    Matrix x = apply(lambda -> 1 / (lambda + ridge), b);
    double smallest = values.length == 0 ? Double.POSITIVE_INFINITY : values[0] + ridge;
    return Solution.Solved.certified(
        x, () -> certifier.certify(ridge, b, x, smallest, Meaning.EIGENVALUE, 0));
  }

  /** Whether all eigenvalues of {@code K + λ I} are above 0 by more than rounding of them. */
  public boolean positiveDefinite(double ridge) {
    int n = values.length;
    return n == 0 || values[0] + ridge > 0x1p-53 * Math.abs(values[n - 1]);
  }

  /** {@code V f(Λ) Vᵀ B}. */
  public Matrix apply(java.util.function.DoubleUnaryOperator f, Matrix b) {
    Matrix x = new Matrix(b.rows(), b.columns());
    try (Matrix coefficients = new Matrix(b.rows(), b.columns())) {
      Matrix.product(1, vectors, false, b, false, 0, coefficients);
      double[] row = new double[b.columns()];
      for (int i = 0; i < values.length; i++) {
        double factor = f.applyAsDouble(values[i]);
        coefficients.getRow(i, 0, row, 0, row.length);
        for (int c = 0; c < row.length; c++) {
          row[c] *= factor;
        }
        coefficients.setRow(i, row);
      }
      Matrix.product(1, vectors, true, coefficients, false, 0, x);
    }
    return x;
  }

  /** The diagonal of {@code (K + λ I)⁻¹}: {@code Σ_k V_ik² / (Λ_k + λ)}, in n² operations. */
  public double[] inverseDiagonal(double ridge) {
    int n = values.length;
    double[] diagonal = new double[n];
    double[] v = new double[n];
    for (int k = 0; k < n; k++) {
      vectors.getRow(k, 0, v, 0, n);
      double weight = 1 / (values[k] + ridge);
      for (int i = 0; i < n; i++) {
        diagonal[i] += weight * v[i] * v[i];
      }
    }
    return diagonal;
  }

  /** {@code tr (K + λ I)⁻¹}. */
  public double inverseTrace(double ridge) {
    return Arrays.stream(values).map(lambda -> 1 / (lambda + ridge)).sum();
  }

  @Override
  public void close() {
    vectors.close();
  }
}
