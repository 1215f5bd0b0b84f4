package org.tfjavantk.infinite;

import org.tfjavantk.graphs.Activation;

/**
 * What a nonlinearity f does to the kernels of an infinitely wide network: with (u, v) ~ N(0, K), K
 * = [[v1, cov], [cov, v2]], the NNGP kernel behind it is E f(u) f(v), and the NTK is multiplied by
 * E f'(u) f'(v) (Lee et al. 2018, Jacot et al. 2018; "dual activation" in Daniely, Frostig, Singer
 * 2016). For continuous f the second is the derivative of the first by cov (Price's theorem).
 *
 * <p>Variances are not negative and |cov| is at most sqrt(v1 v2), except for rounding: the
 * determinant of K then counts as 0. A variance of 0 means the constant 0, where a jump of f or f'
 * has the mean of both sides. Relative to the largest value that the variances allow, errors are a
 * few roundings for the closed forms and 1e-10 otherwise; arguments that are not finite give NaN
 * there. Implementations may be shared by threads.
 */
public interface Dual {
  /** E f(u) f(v). */
  double nngp(double v1, double v2, double cov);

  /** E f'(u) f'(v). */
  double derivative(double v1, double v2, double cov);

  /** E f(u)^2, u ~ N(0, v). */
  default double variance(double v) {
    return nngp(v, v, v);
  }

  /** E f'(u)^2, u ~ N(0, v). */
  default double derivativeVariance(double v) {
    return derivative(v, v, v);
  }

  /**
   * The dual of a nonlinearity: a closed form where there is one, else quadrature.
   *
   * @throws org.tfjavantk.graphs.UserException where quadrature cannot resolve a user's function
   */
  static Dual of(Activation f) {
    if (f instanceof Activation.Relu) {
      return new PiecewiseLinearDual(0, 1);
    }
    if (f instanceof Activation.LeakyRelu leaky) {
      return new PiecewiseLinearDual(leaky.alpha(), 1);
    }
    if (f instanceof Activation.AbRelu relu) {
      return new PiecewiseLinearDual(relu.a(), relu.b());
    }
    if (f instanceof Activation.Abs) {
      return new PiecewiseLinearDual(-1, 1);
    }
    if (f instanceof Activation.Sign) {
      return new SignDual();
    }
    if (f instanceof Activation.Erf erf) {
      return new ErfDual(erf.a(), erf.b(), erf.c());
    }
    if (f instanceof Activation.SigmoidLike sigmoid) {
      return of(sigmoid.asErf());
    }
    if (f instanceof Activation.Gelu) {
      return new GeluDual();
    }
    if (f instanceof Activation.Sin sin) {
      return SinusoidDual.sine(sin.a(), sin.b(), sin.c());
    }
    if (f instanceof Activation.Cos cos) {
      return SinusoidDual.cosine(cos.a(), cos.b(), cos.c());
    }
    if (f instanceof Activation.Rbf rbf) {
      return SinusoidDual.rbf(rbf.gamma());
    }
    if (f instanceof Activation.Exp exp) {
      return new ExpDual(exp.a(), exp.b());
    }
    if (f instanceof Activation.Gaussian gaussian) {
      return new GaussianDual(gaussian.a(), gaussian.b());
    }
    if (f instanceof Activation.ExpNormalized exp) {
      return new ExpNormalizedDual(exp.gamma(), exp.shift());
    }
    if (f instanceof Activation.Gabor) {
      return new GaborDual();
    }
    if (f instanceof Activation.Hermite hermite) {
      return new HermiteDual(hermite.degree());
    }
    if (f instanceof Activation.Monomial monomial) {
      return PolynomialDual.monomial(monomial.degree());
    }
    if (f instanceof Activation.RectifiedMonomial monomial) {
      return RectifiedMonomialDual.of(monomial.degree());
    }
    if (f instanceof Activation.Polynomial polynomial) {
      return PolynomialDual.of(
          polynomial.coefficients().stream().mapToDouble(Double::doubleValue).toArray());
    }
    return NumericalDual.of(f);
  }
}
