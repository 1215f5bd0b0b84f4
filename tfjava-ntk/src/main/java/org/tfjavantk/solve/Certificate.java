package org.tfjavantk.solve;

import java.util.Arrays;
import java.util.Locale;

/**
 * What is known of a solution X of {@code A X = B}, {@code A = K + λ I}, and of A.
 *
 * @param method how it was solved, in words
 * @param ridge λ
 * @param size n
 * @param positiveDefinite whether A is, in the arithmetic of the method
 * @param smallest the smallest eigenvalue of A, or what is known of it
 * @param meaning what {@code smallest} is
 * @param condition an estimate of {@code ‖A‖ ‖A⁻¹‖} with the Frobenius norm of A, the spectral one
 *     of its inverse; NaN where A isn't positive definite
 * @param relativeResiduals {@code ‖b − A x‖ / ‖b‖} for every column, computed in float64 from K; 0
 *     for b = 0; empty where there is no solution
 * @param backwardError the largest of {@code ‖b − A x‖ / (‖A‖ ‖x‖ + ‖b‖)}: x solves a system that
 *     differs from the given one by that much (Rigal and Gaches, J. ACM 14, 1967)
 * @param iterations of the iterative methods, or steps of refinement
 */
public record Certificate(
    String method,
    double ridge,
    int size,
    boolean positiveDefinite,
    double smallest,
    Meaning meaning,
    double condition,
    double[] relativeResiduals,
    double backwardError,
    int iterations) {

  /** What the smallest eigenvalue of a certificate is. */
  public enum Meaning {
    /** It, to rounding. */
    EIGENVALUE("smallest eigenvalue"),
    /** An estimate that is not below it but for rounding, mostly within a factor of two. */
    ESTIMATE("smallest eigenvalue, estimated"),
    /** The pivot at which a factorization failed. */
    PIVOT("pivot"),
    /** {@code pᵀ A p / pᵀ p} for some p: the smallest eigenvalue is at most that. */
    RAYLEIGH_QUOTIENT("Rayleigh quotient");

    private final String words;

    Meaning(String words) {
      this.words = words;
    }

    /** As a message says it. */
    public String words() {
      return words;
    }
  }

  /** The largest relative residual; 0 where there is none. */
  public double worstResidual() {
    return Arrays.stream(relativeResiduals).max().orElse(0);
  }

  /** LAPACK's test ratio: the backward error over n 2⁻⁵³; a stable direct method stays below 30. */
  public double scaledResidual() {
    return backwardError / (Math.max(1, size) * 0x1p-53);
  }

  /** The certificate as one sentence. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%s, n = %,d, λ = %.4g: %s; largest relative residual %.1e, backward error %.1e, condition number about %.1e, %s %.3g%s",
        method,
        size,
        ridge,
        positiveDefinite ? "positive definite" : "not positive definite",
        worstResidual(),
        backwardError,
        condition,
        meaning.words(),
        smallest,
        iterations == 0 ? "" : ", " + iterations + " iterations");
  }
}
