package org.tfjavantk.spectrum;

import java.util.stream.DoubleStream;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.store.DenseKernel;
import org.tfjavantk.store.KernelStore;

/**
 * All eigenvalues of a kernel matrix K of size n and what follows from them.
 *
 * @param eigenvalues all n, descending
 * @param trace the sum of the diagonal of K
 * @param frobeniusNorm {@code ‖K‖}
 * @param traceError {@code |Σ λ − trace| / ‖K‖}: a check of the computation, a few roundings times
 *     n
 * @param conditionNumber {@code max |λ| / min |λ|}; infinite when an eigenvalue is 0
 * @param negative how many eigenvalues are below 0
 * @param noise {@code u ‖K‖ + n 2⁻⁵³ max |λ|}, with u the unit roundoff of the type that K is
 *     stored in: how far rounding the entries to that type (Weyl's inequality) and computing
 *     eigenvalues in float64 may move one
 * @param negativeBeyondNoise how many eigenvalues are below minus that
 * @param participationRatio {@code (Σ λ)² / Σ λ²}, between 1 and n for a kernel without negative
 *     eigenvalues; 0 for K = 0
 * @param effectiveRank the exponential of the entropy of {@code |λ| / Σ |λ|} (Roy and Vetterli,
 *     "The effective rank", EUSIPCO 2007); 0 for K = 0
 */
public record KernelSpectrum(
    double[] eigenvalues,
    double trace,
    double frobeniusNorm,
    double traceError,
    double conditionNumber,
    int negative,
    double noise,
    int negativeBeyondNoise,
    double participationRatio,
    double effectiveRank) {

  /**
   * Computes the spectrum in float64, in 4 n³/3 operations and the memory of one n x n matrix.
   *
   * @throws org.tfjavantk.graphs.UserException when the kernel isn't symmetric or not complete, or
   *     the matrix doesn't fit into the memory of the machine
   */
  public static KernelSpectrum of(KernelStore store) {
    try (Matrix matrix = DenseKernel.load(store)) {
      double trace = 0;
      for (int i = 0; i < matrix.rows(); i++) {
        trace += matrix.get(i, i);
      }
      double norm = matrix.frobeniusNorm();
      double[] ascending = SymmetricEigen.values(matrix);
      return of(ascending, trace, norm, store.layout().storage().unitRoundoff());
    }
  }

  static KernelSpectrum of(double[] ascending, double trace, double norm, double unitRoundoff) {
    int n = ascending.length;
    double[] descending = new double[n];
    for (int i = 0; i < n; i++) {
      descending[i] = ascending[n - 1 - i];
    }
    double largest = DoubleStream.of(ascending).map(Math::abs).max().orElse(0);
    double smallest = DoubleStream.of(ascending).map(Math::abs).min().orElse(0);
    double sum = DoubleStream.of(ascending).sum();
    double noise = unitRoundoff * norm + n * 0x1p-53 * largest;
    return new KernelSpectrum(
        descending,
        trace,
        norm,
        norm == 0 ? 0 : Math.abs(sum - trace) / norm,
        smallest == 0 ? Double.POSITIVE_INFINITY : largest / smallest,
        (int) DoubleStream.of(ascending).filter(value -> value < 0).count(),
        noise,
        (int) DoubleStream.of(ascending).filter(value -> value < -noise).count(),
        participationRatio(ascending, largest),
        effectiveRank(ascending, largest));
  }

  /** Of the eigenvalues over the largest, so that squares neither overflow nor vanish. */
  private static double participationRatio(double[] eigenvalues, double largest) {
    if (largest == 0) {
      return 0;
    }
    double sum = DoubleStream.of(eigenvalues).map(value -> value / largest).sum();
    double squares = DoubleStream.of(eigenvalues).map(v -> v / largest * (v / largest)).sum();
    return sum * sum / squares;
  }

  private static double effectiveRank(double[] eigenvalues, double largest) {
    if (largest == 0) {
      return 0;
    }
    double sum = DoubleStream.of(eigenvalues).map(value -> Math.abs(value / largest)).sum();
    double entropy =
        DoubleStream.of(eigenvalues)
            .map(value -> Math.abs(value / largest) / sum)
            .filter(p -> p > 0)
            .map(p -> -p * Math.log(p))
            .sum();
    return Math.exp(entropy);
  }
}
