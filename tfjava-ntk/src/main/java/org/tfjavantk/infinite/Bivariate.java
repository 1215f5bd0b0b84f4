package org.tfjavantk.infinite;

/**
 * Pieces of Gaussian expectations under (u, v) ~ N(0, K), K = [[v1, c], [c, v2]]. All are exact on
 * the diagonal (v1 = v2 = c), as sqrt(v v) = v without rounding.
 */
final class Bivariate {
  private Bivariate() {}

  /** Whether these are numbers from which a kernel may be computed. */
  static boolean finite(double v1, double v2, double cov) {
    return v1 >= 0 && v2 >= 0 && Double.isFinite(v1 + v2 + cov);
  }

  /** rho = c / sqrt(v1 v2) in [-1, 1]; 0 where a variance is 0. */
  static double correlation(double v1, double v2, double cov) {
    double s = Math.sqrt(v1 * v2);
    return s == 0 ? 0 : Math.max(-1, Math.min(1, cov / s));
  }

  /** det K = v1 v2 - c^2 = (s - c)(s + c), s = sqrt(v1 v2); 0 where rounding made it negative. */
  static double determinant(double v1, double v2, double cov) {
    double s = Math.sqrt(v1 * v2);
    return Math.max(0, (s - cov) * (s + cov));
  }

  /** det(I + t K) = 1 + t (v1 + v2) + t^2 det K. */
  static double determinant(double t, double v1, double v2, double cov) {
    return 1 + t * (v1 + v2) + t * t * determinant(v1, v2, cov);
  }

  /**
   * E sign(u) sign(v) = (2/pi) arcsin(c / sqrt(v1 v2)) (Sheppard 1899), as (2/pi) atan2(c, sqrt det
   * K), which loses nothing near 1.
   */
  static double sign(double v1, double v2, double cov) {
    return 2 / Math.PI * Math.atan2(cov, Math.sqrt(determinant(v1, v2, cov)));
  }

  /**
   * E erf(b u) erf(b v) = (2/pi) arcsin(t c / sqrt((1 + t v1)(1 + t v2))), t = 2 b^2 (Williams
   * 1997), as (2/pi) atan2(t c, sqrt det(I + t K)).
   */
  static double erf(double t, double v1, double v2, double cov) {
    return 2 / Math.PI * Math.atan2(t * cov, Math.sqrt(determinant(t, v1, v2, cov)));
  }

  /** exp(-p) - exp(-q) for q - p = difference, without cancellation where they are close. */
  static double exponentials(double p, double q, double difference) {
    return difference >= 0
        ? -Math.exp(-p) * Math.expm1(-difference)
        : Math.exp(-q) * Math.expm1(difference);
  }
}
