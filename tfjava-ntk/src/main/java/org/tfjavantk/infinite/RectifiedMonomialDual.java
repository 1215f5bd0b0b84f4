package org.tfjavantk.infinite;

/**
 * f(x) = max(x, 0)^n, of degree 0 the step: the arc-cosine kernels of order n (Cho, Saul 2009).
 * With s = sqrt(v1 v2), rho = c / s = cos(theta):
 *
 * <p>E f(u) f(v) = s^n ((pi - theta) p_n(rho) + sin(theta) q_n(rho)) / (2 pi), E f'(u) f'(v) = n^2
 * times the same of degree n - 1,
 *
 * <p>where p_n(rho) = E u^n v^n for variances of 1, and q_n follows from Price's theorem, M_n' =
 * n^2 M_{n-1}: q_0 = 0 and p_n + (1 - rho^2) q_n' - rho q_n = n^2 (1 - rho^2) q_{n-1}, that is (k +
 * 1) q_{n,k+1} = k q_{n,k-1} + n^2 (q_{n-1,k} - q_{n-1,k-2}) - p_{n,k}. For odd n the equation
 * leaves q_n(0) open, which is 2 pi (E max(u, 0)^n)^2 = ((n - 1)!!)^2.
 */
record RectifiedMonomialDual(Moment value, Moment slope) implements Dual {
  static Dual of(int degree) {
    return new RectifiedMonomialDual(Moment.of(degree), degree == 0 ? null : Moment.of(degree - 1));
  }

  @Override
  public double nngp(double v1, double v2, double cov) {
    return value.at(v1, v2, cov);
  }

  @Override
  public double derivative(double v1, double v2, double cov) {
    if (slope == null) {
      return 0; // as for every step
    }
    int n = value.degree;
    return (double) n * n * slope.at(v1, v2, cov);
  }

  /** E max(u, 0)^n max(v, 0)^n. */
  record Moment(int degree, double[] p, double[] q) {
    static Moment of(int degree) {
      double[] p = {1};
      double[] q = {};
      for (int n = 1; n <= degree; n++) {
        double[] pNext = new double[n + 1];
        double[] qNext = new double[n];
        double first = 1; // ((n - 1)!!)^2 for odd n: p_n(0) = 0; for even n: q_n(0) = 0
        for (int k = n - 1; k > 1; k -= 2) {
          first *= (double) k * k;
        }
        boolean odd = n % 2 == 1;
        pNext[0] = odd ? 0 : first;
        qNext[0] = odd ? first : 0;
        for (int k = 0; k < n; k++) {
          pNext[k + 1] = (double) n * n * p[k] / (k + 1); // p_n' = n^2 p_{n-1}
        }
        for (int k = 0; k + 1 < n; k++) {
          double right = (double) n * n * (at(q, k) - at(q, k - 2)) - pNext[k];
          qNext[k + 1] = (k * at(qNext, k - 1) + right) / (k + 1);
        }
        p = pNext;
        q = qNext;
      }
      return new Moment(degree, p, q);
    }

    private static double at(double[] coefficients, int k) {
      return k >= 0 && k < coefficients.length ? coefficients[k] : 0;
    }

    double at(double v1, double v2, double cov) {
      double s = Math.sqrt(v1 * v2);
      double r = Math.sqrt(Bivariate.determinant(v1, v2, cov));
      if (s == 0) {
        return degree == 0 ? 0.25 : 0; // the step at 0 is a half, in the other place on average
      }
      double rho = Bivariate.correlation(v1, v2, cov);
      double angle = Math.PI / 2 + Math.atan2(cov, r); // pi - theta
      return Math.pow(s, degree)
          * (angle * Horner.at(p, rho) + r / s * Horner.at(q, rho))
          / (2 * Math.PI);
    }
  }
}
