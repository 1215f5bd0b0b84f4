package org.tfjavantk.deepnarrow;

/**
 * The limit of {@code Θ_kk / (L C²)} for L → ∞, C → ∞ (Lee et al., ICML 2022):
 *
 * <pre>
 * Θ∞(x, y) = ⟨m(x), m(y)⟩ + outputs ρ + (1/P²) Σ_δ Σ_{p, q read by δ} κ₁(g_p(x), g_q(y)),
 * κ₁ = E[relu(g_p(x)) relu(g_q(y))],  g ~ GP(0, S),  S(p, q) = σ² ⟨patch_p x, patch_q y⟩ / (taps inputs) + β²
 * </pre>
 *
 * with m and ρ as in {@link FiniteDepthKernel}; on vectors {@code x · y + outputs + κ₁(x, y)}.
 */
public final class LimitKernel {
  private final DeepNarrow network;
  private final int[][] shared;
  private final double coverage;

  /** Of the network only the image, inputs, outputs, σ and β matter. */
  public LimitKernel(DeepNarrow network) {
    this.network = network;
    this.shared = shared(network.image());
    this.coverage = network.image().coverage();
  }

  /** How many taps read both p and q from somewhere in the image. */
  private static int[][] shared(Image image) {
    int positions = image.positions();
    int[][] count = new int[positions][positions];
    for (int tap = 0; tap < image.taps(); tap++) {
      for (int p = 0; p < positions; p++) {
        for (int q = 0; q < positions; q++) {
          int fromP = image.source(tap, p);
          int fromQ = image.source(tap, q);
          if (fromP >= 0 && fromQ >= 0) {
            count[fromP][fromQ]++;
          }
        }
      }
    }
    return count;
  }

  /** Θ∞(x_i, y_j). */
  public double[][] matrix(double[][] x, double[][] y) {
    Point[] left = points(x);
    Point[] right = points(y);
    double[][] theta = new double[x.length][y.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < y.length; j++) {
        theta[i][j] = at(left[i], right[j]);
      }
    }
    return theta;
  }

  private record Point(double[][] means, double[][] patches, double[] variances) {}

  private Point[] points(double[][] x) {
    Point[] points = new Point[x.length];
    for (int i = 0; i < x.length; i++) {
      points[i] = point(x[i]);
    }
    return points;
  }

  private Point point(double[] x) {
    Image image = network.image();
    int inputs = network.inputs();
    double[][] means = new double[inputs][];
    for (int c = 0; c < inputs; c++) {
      double[] map = new double[image.positions()];
      for (int p = 0; p < map.length; p++) {
        map[p] = x[p * inputs + c];
      }
      means[c] = image.tapMeans(map);
    }
    double[][] patches = new double[image.positions()][image.taps() * inputs];
    double[] variances = new double[patches.length];
    for (int p = 0; p < patches.length; p++) {
      for (int tap = 0; tap < image.taps(); tap++) {
        int source = image.source(tap, p);
        for (int c = 0; source >= 0 && c < inputs; c++) {
          patches[p][tap * inputs + c] = x[source * inputs + c];
        }
      }
      variances[p] = covariance(patches[p], patches[p]);
    }
    return new Point(means, patches, variances);
  }

  private double covariance(double[] p, double[] q) {
    double sigma = network.scales().sigma();
    double beta = network.scales().beta();
    return sigma * sigma * dot(p, q) / p.length + beta * beta;
  }

  private double at(Point x, Point y) {
    double sum = network.outputs() * coverage;
    for (int c = 0; c < x.means.length; c++) {
      sum += dot(x.means[c], y.means[c]);
    }
    double positions = network.image().positions();
    for (int p = 0; p < x.patches.length; p++) {
      for (int q = 0; q < y.patches.length; q++) {
        double cross = covariance(x.patches[p], y.patches[q]);
        sum +=
            shared[p][q]
                / (positions * positions)
                * reluMoment(x.variances[p], y.variances[q], cross);
      }
    }
    return sum;
  }

  /**
   * {@code E[relu(u) relu(v)]} of centred Gaussians, {@code √(S_uu S_vv) / (2π) (sin θ + (π − θ)
   * cos θ)} with {@code cos θ = S_uv / √(S_uu S_vv)} (Cho and Saul, "Kernel methods for deep
   * learning", NIPS 2009).
   */
  static double reluMoment(double uu, double vv, double uv) {
    double norm = Math.sqrt(uu * vv);
    if (norm == 0) {
      return 0;
    }
    double cosine = Math.max(-1, Math.min(1, uv / norm));
    double theta = Math.acos(cosine);
    // sin θ from the factors keeps its digits where the points nearly coincide.
    double sine = Math.sqrt((1 - cosine) * (1 + cosine));
    return norm / (2 * Math.PI) * (sine + (Math.PI - theta) * cosine);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
