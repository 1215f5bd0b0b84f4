package org.tfjavantk.solve;

import java.util.Arrays;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.ShiftedCholesky;
import org.tfjavantk.linalg.ThinSvd;
import org.tfjavantk.random.RandomStream;

/** Low-rank approximations of K that make good preconditioners of {@code K + λ I}. */
public final class Preconditioners {
  /** A pivot below this part of the largest is rounding. */
  private static final double NEGLIGIBLE = 1e-15;

  private Preconditioners() {}

  /** Which one. */
  public enum Kind {
    NONE,
    /** One product with random vectors. */
    NYSTROM,
    /** One row of K after the other. */
    PIVOTED_CHOLESKY
  }

  /**
   * Makes one.
   *
   * @param rank k; at most n is taken
   * @param seed of the random vectors
   */
  public static Preconditioner of(Kind kind, KernelSource source, int rank, long seed) {
    int k = Math.min(rank, source.size());
    return switch (kind) {
      case NONE -> Preconditioner.none(source.size());
      case NYSTROM -> nystrom(source, k, seed);
      case PIVOTED_CHOLESKY -> pivotedCholesky(source, k);
    };
  }

  /**
   * {@code K ≈ Y (Ωᵀ Y)⁻¹ Yᵀ} with {@code Y = K Ω} for orthonormal random Ω, n x k: one product
   * with k vectors. A small shift ν keeps {@code Ωᵀ Y} positive definite in spite of rounding and
   * is taken off the eigenvalues again (algorithm 2.1 of Frangella, Tropp and Udell).
   */
  private static Preconditioner nystrom(KernelSource source, int k, long seed) {
    int n = source.size();
    RandomStream random = RandomStream.of(seed, "solve/nystrom");
    Matrix normal = new Matrix(k, n);
    double[] row = new double[n];
    for (int i = 0; i < k; i++) {
      long first = (long) i * n;
      Arrays.setAll(row, j -> random.normal(first + j));
      normal.setRow(i, row);
    }
    try (ThinSvd omega = ThinSvd.of(normal);
        Matrix columns = omega.vectors().transposed();
        Matrix y = new Matrix(n, k)) {
      source.times(columns, y);
      double norm = y.frobeniusNorm();
      for (double shift = Math.sqrt(n) * 0x1p-52 * norm; ; shift *= 100) {
        try (Matrix shifted = y.copy();
            Matrix core = new Matrix(k, k)) {
          add(shift, columns, shifted);
          Matrix.product(1, omega.vectors(), false, shifted, false, 0, core);
          symmetrize(core);
          ShiftedCholesky cholesky = new ShiftedCholesky(core);
          if (k == 0 || norm == 0 || cholesky.factor(k, 0).positiveDefinite()) {
            Matrix transposed = shifted.transposed();
            if (norm > 0) {
              cholesky.solveHalf(transposed);
            }
            return Preconditioner.of(transposed, shift);
          }
        }
      }
    }
  }

  private static void add(double factor, Matrix from, Matrix to) {
    double[] a = new double[from.columns()];
    double[] b = new double[from.columns()];
    for (int i = 0; i < from.rows(); i++) {
      from.getRow(i, 0, a, 0, a.length);
      to.getRow(i, 0, b, 0, b.length);
      for (int c = 0; c < a.length; c++) {
        b[c] += factor * a[c];
      }
      to.setRow(i, b);
    }
  }

  private static void symmetrize(Matrix matrix) {
    for (int i = 0; i < matrix.rows(); i++) {
      for (int j = 0; j < i; j++) {
        double mean = (matrix.get(i, j) + matrix.get(j, i)) / 2;
        matrix.set(i, j, mean);
        matrix.set(j, i, mean);
      }
    }
  }

  /**
   * {@code K ≈ L Lᵀ} by k steps of Cholesky's factorization with the largest pivot next; stops
   * where none is left. See Harbrecht, Peters and Schneider, "On the low-rank approximation by the
   * pivoted Cholesky decomposition", Appl. Numer. Math. 62 (2012).
   */
  private static Preconditioner pivotedCholesky(KernelSource source, int k) {
    int n = source.size();
    double[] diagonal = source.diagonal();
    double largest = Arrays.stream(diagonal).max().orElse(0);
    double[][] factor = new double[k][];
    int rank = 0;
    while (rank < k) {
      int pivot = 0;
      for (int i = 1; i < n; i++) {
        pivot = diagonal[i] > diagonal[pivot] ? i : pivot;
      }
      if (!(diagonal[pivot] > NEGLIGIBLE * largest)) {
        break;
      }
      double[] column = source.row(pivot);
      for (int j = 0; j < rank; j++) {
        double[] before = factor[j];
        double weight = before[pivot];
        for (int i = 0; i < n; i++) {
          column[i] -= weight * before[i];
        }
      }
      double root = Math.sqrt(diagonal[pivot]);
      for (int i = 0; i < n; i++) {
        column[i] /= root;
        diagonal[i] -= column[i] * column[i];
      }
      // Exactly: it is never chosen again.
      diagonal[pivot] = 0;
      factor[rank++] = column;
    }
    Matrix transposed = new Matrix(rank, n);
    for (int j = 0; j < rank; j++) {
      transposed.setRow(j, factor[j]);
    }
    return Preconditioner.of(transposed, 0);
  }
}
