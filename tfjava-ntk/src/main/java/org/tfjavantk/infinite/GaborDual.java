package org.tfjavantk.infinite;

/**
 * f(x) = exp(-x^2) sin(x). The Gaussian factors turn N(0, K) into D^(-1/2) N(0, P) with D = det(I +
 * 2 K) and P = K (I + 2 K)^(-1) = (K + 2 det(K) I) / D. With P = [[p1, q], [q, p2]] and e(q) =
 * exp(-(p1 + p2 - 2 q) / 2):
 *
 * <p>E f(u) f(v) = D^(-1/2) (e(q) - e(-q)) / 2;
 *
 * <p>E f'(u) f'(v) = D^(-1/2) (h(q) + h(-q)) / 2, h(q) = e(q) ((1 - 2 (p1 - q)) (1 - 2 (p2 - q)) +
 * 4 q), by E X sin Z = Cov(X, Z) E cos Z and E X Y cos Z = (Cov(X, Y) - Cov(X, Z) Cov(Y, Z)) E cos
 * Z for Z = u - v and Z = u + v.
 */
record GaborDual() implements Dual {
  @Override
  public double nngp(double v1, double v2, double cov) {
    Tilted p = Tilted.of(v1, v2, cov);
    double m = (p.p1 + p.p2 - 2 * p.q) / 2;
    double odd = Bivariate.exponentials(m, m + 2 * p.q, 2 * p.q);
    return odd / (2 * Math.sqrt(p.det));
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    Tilted p = Tilted.of(v1, v2, cov);
    return (p.half(p.q) + p.half(-p.q)) / (2 * Math.sqrt(p.det));
  }

  private record Tilted(double det, double p1, double p2, double q) {
    static Tilted of(double v1, double v2, double cov) {
      double det = Bivariate.determinant(2, v1, v2, cov);
      double twice = 2 * Bivariate.determinant(v1, v2, cov);
      return new Tilted(det, (v1 + twice) / det, (v2 + twice) / det, cov / det);
    }

    double half(double c) {
      return Math.exp(-(p1 + p2 - 2 * c) / 2) * ((1 - 2 * (p1 - c)) * (1 - 2 * (p2 - c)) + 4 * c);
    }
  }
}
