package org.tfjavantk.infinite;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * E f(u) f(v) for (u, v) ~ N(0, K), K = [[v1, c], [c, v2]], of any f that is analytic between its
 * kinks. With u = sqrt(v1) x and v = sqrt(v2) (rho x + r y), rho = c / sqrt(v1 v2), r = sqrt(1 -
 * rho^2), it is
 *
 * <p>E_x f(sqrt(v1) x) h(x), h(x) = E_y f(sqrt(v2) (rho x + r y)),
 *
 * <p>each by Gauss-Legendre rules on panels that end where f has a kink. Around the kink of f(v), h
 * bends over a length of r / |rho|, down to 0 for rho = +-1: it has panels of its own there.
 */
public final class Quadrature {
  /** Beyond eight times its length a bend is straight to 1e-15. */
  private static final double BEND = 8;

  private static final double FINER = 1.5;

  private final DoubleUnaryOperator f;
  private final double[] kinks;
  private final double strip;

  /** A value and what the rule with half as many points again says beside it. */
  public record Estimate(double value, double error) {}

  /**
   * @param f the function
   * @param strip between its kinks f is analytic for |Im x| < strip: how finely it is sampled
   * @param kinks where f or one of its derivatives jumps
   */
  public Quadrature(DoubleUnaryOperator f, double strip, double... kinks) {
    this.f = f;
    this.strip = strip;
    this.kinks = kinks.clone();
  }

  /**
   * E f(u) f(v); NaN where an argument is not finite.
   *
   * @throws org.tfjavantk.graphs.UserException where f is too steep for the variances
   */
  public double expectation(double v1, double v2, double cov) {
    return integral(v1, v2, cov, 1);
  }

  /** E f(u) f(v) by two rules; the error is their difference. */
  public Estimate estimate(double v1, double v2, double cov) {
    double coarse = integral(v1, v2, cov, 1);
    double fine = integral(v1, v2, cov, FINER);
    return new Estimate(fine, Math.abs(fine - coarse));
  }

  private double integral(double v1, double v2, double cov, double finer) {
    if (!Bivariate.finite(v1, v2, cov)) {
      return Double.NaN;
    }
    double rho = Bivariate.correlation(v1, v2, cov);
    double s = Math.sqrt(v1 * v2);
    double r = s == 0 ? 1 : Math.sqrt(Bivariate.determinant(v1, v2, cov)) / s;
    double scale1 = Math.sqrt(v1);
    double scale2 = Math.sqrt(v2);
    NormalRule outer = outer(scale1, rho * scale2, r / Math.abs(rho), finer);
    NormalRule inner = new NormalRule(finer);
    double sum = 0;
    for (int i = 0; i < outer.size(); i++) {
      double x = outer.point(i);
      double mean = rho * scale2 * x;
      double h;
      if (r == 0) {
        h = f.applyAsDouble(mean);
      } else {
        if (i == 0 || kinks.length > 0) {
          fill(inner, mean, r * scale2);
        }
        h = expectation(inner, mean, r * scale2);
      }
      sum += outer.weight(i) * f.applyAsDouble(scale1 * x) * h;
    }
    return sum;
  }

  /** E_y f(mean + scale y). */
  private double expectation(NormalRule rule, double mean, double scale) {
    double sum = 0;
    for (int i = 0; i < rule.size(); i++) {
      sum += rule.weight(i) * f.applyAsDouble(mean + scale * rule.point(i));
    }
    return sum;
  }

  /** The rule for y: panels between the kinks of f(mean + scale y). */
  private void fill(NormalRule rule, double mean, double scale) {
    rule.clear();
    double[] ends = NormalRule.ends(Arrays.stream(kinks).map(k -> (k - mean) / scale).toArray());
    for (int i = 1; i < ends.length; i++) {
      rule.add(ends[i - 1], ends[i], NormalRule.spacing(strip / scale));
    }
  }

  /** The rule for x: panels between the kinks of f(scale x) and around the bends of h. */
  private NormalRule outer(double scale, double slope, double length, double finer) {
    double[] bends = Arrays.stream(kinks).map(k -> k / slope).filter(NormalRule::inside).toArray();
    double[] all = new double[kinks.length + 2 * bends.length];
    int n = 0;
    for (double kink : kinks) {
      all[n++] = kink / scale;
    }
    for (double bend : bends) {
      all[n++] = bend - BEND * length;
      all[n++] = bend + BEND * length;
    }
    double[] ends = NormalRule.ends(all);
    double spacing = NormalRule.spacing(strip / Math.max(scale, Math.abs(slope)));
    NormalRule rule = new NormalRule(finer);
    for (int i = 1; i < ends.length; i++) {
      double middle = (ends[i - 1] + ends[i]) / 2;
      boolean bent = Arrays.stream(bends).anyMatch(bend -> Math.abs(middle - bend) < BEND * length);
      rule.add(
          ends[i - 1], ends[i], bent ? Math.min(spacing, NormalRule.DENSITY * length) : spacing);
    }
    return rule;
  }
}
