package org.tfjavantk.spectrum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.solve.KernelSource;
import org.tfjavantk.solve.Lanczos;

/**
 * Stochastic Lanczos quadrature: {@code tr f(K) ≈ (n / m) Σ_z Σ_j τ_j² f(θ_j)} over m random sign
 * vectors z, with θ the Ritz values of Lanczos's method from {@code z / ‖z‖} and τ the first
 * components of their vectors. It needs products alone. The intervals are those of the draws; the
 * quadrature itself is exact for polynomials of degree {@code 2 steps − 1}. See Ubaru, Chen and
 * Saad, "Fast estimation of tr(f(A)) via stochastic Lanczos quadrature", SIAM J. Matrix Anal. Appl.
 * 38 (2017).
 */
public final class LanczosQuadrature {
  private final int n;
  private final List<Nodes> draws;

  /** The nodes and weights of one draw; the weights add up to 1. */
  private record Nodes(double[] values, double[] weights) {
    double integral(DoubleUnaryOperator f) {
      double sum = 0;
      for (int j = 0; j < values.length; j++) {
        sum += weights[j] * f.applyAsDouble(values[j]);
      }
      return sum;
    }
  }

  private LanczosQuadrature(int n, List<Nodes> draws) {
    this.n = n;
    this.draws = draws;
  }

  /**
   * Draws; {@code probes * steps} products.
   *
   * @param probes m, 2 or more
   * @param steps of Lanczos's method
   * @param seed of the signs
   */
  public static LanczosQuadrature of(KernelSource source, int probes, int steps, long seed) {
    if (probes < 2 || steps < 1) {
      throw new IllegalArgumentException(probes + " probes, " + steps + " steps");
    }
    int n = source.size();
    RandomStream random = RandomStream.of(seed, "spectrum/quadrature");
    List<Nodes> draws = new ArrayList<>();
    try (Matrix basis = new Matrix(Math.min(steps, n), n)) {
      for (int p = 0; p < probes; p++) {
        long first = (long) p * n;
        double[] signs = new double[n];
        Arrays.setAll(signs, i -> random.uniform(first + i) < 0.5 ? -1 : 1);
        Lanczos.Ritz ritz = Lanczos.run(source, signs, basis.rows(), basis).ritz();
        double[] weights = Arrays.stream(ritz.vectors()).mapToDouble(s -> s[0] * s[0]).toArray();
        draws.add(new Nodes(ritz.values(), weights));
      }
    }
    return new LanczosQuadrature(n, List.copyOf(draws));
  }

  /** {@code tr f(K)}. */
  public Estimate trace(DoubleUnaryOperator f) {
    return Estimate.of(draws.stream().mapToDouble(draw -> n * draw.integral(f)).toArray());
  }

  /** {@code tr K}. */
  public Estimate trace() {
    return trace(value -> value);
  }

  /**
   * {@code log det (K + λ I)}; NaN where a Ritz value of {@code K + λ I} isn't positive, so that it
   * isn't positive definite.
   */
  public Estimate logDeterminant(double ridge) {
    return trace(value -> value + ridge > 0 ? Math.log(value + ridge) : Double.NaN);
  }

  /**
   * The effective dimension, or degrees of freedom, {@code tr K (K + λ I)⁻¹}; eigenvalues below 0
   * count as 0.
   */
  public Estimate effectiveDimension(double ridge) {
    return trace(value -> value > 0 ? value / (value + ridge) : 0);
  }

  /** How many eigenvalues lie between two numbers, the upper one included. */
  public Estimate count(double above, double upTo) {
    return trace(value -> value > above && value <= upTo ? 1 : 0);
  }

  /**
   * The density of the eigenvalues, smoothed with Gaussians: {@code (1/n) Σ_i N(x; λ_i, σ²)}.
   *
   * @param width σ
   */
  public double[] density(double[] x, double width) {
    double[] density = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      double at = x[k];
      density[k] =
          draws.stream()
              .mapToDouble(draw -> draw.integral(value -> gaussian((at - value) / width) / width))
              .average()
              .orElseThrow();
    }
    return density;
  }

  private static double gaussian(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /** The smallest and the largest node: inside of the spectrum. */
  public double[] range() {
    double smallest =
        draws.stream().flatMapToDouble(d -> Arrays.stream(d.values())).min().orElseThrow();
    double largest =
        draws.stream().flatMapToDouble(d -> Arrays.stream(d.values())).max().orElseThrow();
    return new double[] {smallest, largest};
  }
}
