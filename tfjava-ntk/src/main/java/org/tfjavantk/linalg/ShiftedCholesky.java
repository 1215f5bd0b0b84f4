package org.tfjavantk.linalg;

import java.util.OptionalDouble;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Solves {@code (A + shift I) x = b} for a symmetric A and one shift after the other, in the memory
 * of A alone: the factor {@code A + shift I = Uᵀ U} takes the triangle above the diagonal and the
 * diagonal, while A stays below the diagonal, and its diagonal in an array. So A is there for
 * residuals and for the next shift, and is read from disk only once. All methods work on the
 * leading m x m block.
 */
public final class ShiftedCholesky {
  private static final byte ROW_UPPER_IS_COLUMN_LOWER = 'L';

  private final Matrix matrix;
  private final SymmetricHalf half;
  private Factor factor = new Factor(0, 0, false, -1, Double.NaN, Double.NaN);

  /**
   * What became of a factorization.
   *
   * @param size m
   * @param shift added to the diagonal
   * @param positiveDefinite whether the factor exists
   * @param failedPivot index of the first pivot that isn't positive, or -1
   * @param pivot its value, or NaN
   * @param eigenvalueBound where a pivot failed, a Rayleigh quotient of {@code A + shift I}: its
   *     smallest eigenvalue is at most that, but for rounding; NaN otherwise
   */
  public record Factor(
      int size,
      double shift,
      boolean positiveDefinite,
      int failedPivot,
      double pivot,
      double eigenvalueBound) {}

  /**
   * Takes over the matrix, both of whose triangles hold A; closing it stays with the caller.
   *
   * @throws IllegalArgumentException when it isn't square
   */
  public ShiftedCholesky(Matrix matrix) {
    this.matrix = matrix;
    this.half = new SymmetricHalf(matrix);
  }

  /** Keeps A in the memory of A alone, with what else may use the room beside it. */
  public SymmetricHalf half() {
    return half;
  }

  /** {@code A[i, i]}, without the shift. */
  public double diagonal(int i) {
    return half.diagonal(i);
  }

  /**
   * Factors the leading m x m block of {@code A + shift I} in m³/3 operations. A matrix that isn't
   * positive definite is reported in the result.
   *
   * @throws IllegalArgumentException when A holds NaN
   */
  public Factor factor(int m, double shift) {
    half.take(m, shift);
    int failed = matrix.block(0, 0, m, m).factor();
    // NaN spreads to every pivot after it.
    int last = failed < 0 ? m - 1 : failed;
    if (last >= 0 && Double.isNaN(matrix.get(last, last))) {
      throw new IllegalArgumentException("the matrix holds NaN");
    }
    if (failed < 0) {
      factor = new Factor(m, shift, true, -1, Double.NaN, Double.NaN);
    } else {
      double pivot = matrix.get(failed, failed);
      factor = new Factor(m, shift, false, failed, pivot, pivot / negativeCurvature(failed));
    }
    return factor;
  }

  /**
   * With {@code l} the row of the factor at the failed pivot j and {@code L} the factor before it,
   * the vector {@code v = (-L^-T l, 1, 0)} has {@code vᵀ (A + shift I) v = pivot}; its squared
   * norm.
   */
  private double negativeCurvature(int j) {
    if (j == 0) {
      return 1;
    }
    try (Matrix column = new Matrix(1, j)) {
      double[] l = new double[j];
      for (int i = 0; i < j; i++) {
        l[i] = matrix.get(i, j);
      }
      column.setRow(0, l);
      openblas.cblas_dtrsv(
          openblas.CblasRowMajor,
          openblas.CblasUpper,
          openblas.CblasNoTrans,
          openblas.CblasNonUnit,
          j,
          matrix.pointer(),
          matrix.stride(),
          column.pointer(),
          1);
      double norm = column.frobeniusNorm();
      return 1 + norm * norm;
    }
  }

  /**
   * Replaces the m x r right-hand sides by {@code (A + shift I)^-1 rhs} of the last factor.
   *
   * @throws IllegalStateException when the last factorization failed
   */
  public void solve(Matrix rightHandSides) {
    requireFactor();
    if (rightHandSides.rows() != factor.size()) {
      throw new IllegalArgumentException(
          rightHandSides.rows() + " rows for a factor of size " + factor.size());
    }
    triangularSolve(openblas.CblasTrans, rightHandSides);
    triangularSolve(openblas.CblasNoTrans, rightHandSides);
  }

  /**
   * Replaces the m x r matrix b by {@code U⁻ᵀ b}: half of {@link #solve}.
   *
   * @throws IllegalStateException when the last factorization failed
   */
  public void solveHalf(Matrix b) {
    requireFactor();
    triangularSolve(openblas.CblasTrans, b);
  }

  /**
   * {@code log det (A + shift I)} of the last factor: twice the sum of the logarithms of U's
   * diagonal.
   */
  public double logDeterminant() {
    requireFactor();
    double sum = 0;
    for (int i = 0; i < factor.size(); i++) {
      sum += Math.log(matrix.get(i, i));
    }
    return 2 * sum;
  }

  private void triangularSolve(int transposition, Matrix rightHandSides) {
    if (factor.size() > 0 && rightHandSides.columns() == 1) {
      // Several times as fast as dtrsm for a single column.
      openblas.cblas_dtrsv(
          openblas.CblasRowMajor,
          openblas.CblasUpper,
          transposition,
          openblas.CblasNonUnit,
          factor.size(),
          matrix.pointer(),
          matrix.stride(),
          rightHandSides.pointer(),
          1);
    } else if (factor.size() > 0 && rightHandSides.columns() > 0) {
      openblas.cblas_dtrsm(
          openblas.CblasRowMajor,
          openblas.CblasLeft,
          openblas.CblasUpper,
          transposition,
          openblas.CblasNonUnit,
          factor.size(),
          rightHandSides.columns(),
          1,
          matrix.pointer(),
          matrix.stride(),
          rightHandSides.pointer(),
          rightHandSides.stride());
    }
  }

  private void requireFactor() {
    if (!factor.positiveDefinite()) {
      throw new IllegalStateException("there is no factor: " + factor);
    }
  }

  /** {@code A x} for the leading block of A, of the size of x, without the shift. */
  public Matrix multiply(Matrix x) {
    return half.multiply(x);
  }

  /** {@code A[m.., 0..m] x} for x with m rows: the block below the leading one. */
  public Matrix multiplyBelow(Matrix x) {
    return half.multiplyBelow(x);
  }

  /**
   * An estimate of the reciprocal condition number {@code 1 / (‖B‖₁ ‖B⁻¹‖₁)} of the factored {@code
   * B = A + shift I} (LAPACK's dpocon, 10 to 50 m² operations); below 1e-16 the solution has no
   * correct digit. Empty for an empty matrix.
   */
  public OptionalDouble reciprocalCondition() {
    requireFactor();
    int m = factor.size();
    if (m == 0) {
      return OptionalDouble.empty();
    }
    double[] result = {0};
    double norm = half.oneNorm(m, factor.shift());
    if (norm == 0) {
      return OptionalDouble.of(0);
    }
    try (DoublePointer reciprocal = new DoublePointer(result)) {
      int info =
          openblas.LAPACKE_dpocon(
              openblas.LAPACK_COL_MAJOR,
              ROW_UPPER_IS_COLUMN_LOWER,
              m,
              matrix.pointer(),
              matrix.stride(),
              norm,
              reciprocal);
      if (info != 0) {
        throw new IllegalStateException("LAPACKE_dpocon: " + info);
      }
      return OptionalDouble.of(reciprocal.get());
    }
  }

  /** The factor U of the last factorization, zero below the diagonal. */
  Matrix upperFactor() {
    requireFactor();
    int m = factor.size();
    Matrix upper = new Matrix(m, m);
    double[] row = new double[m];
    for (int i = 0; i < m; i++) {
      matrix.getRow(i, i, row, i, m - i);
      upper.setRow(i, i, row, i, m - i);
    }
    return upper;
  }
}
