package org.tfjavantk.infinite;

/**
 * Kernels in closed form, without a network: functions of |x|², |z|² and ⟨x, z⟩ of two points of d
 * numbers. All are positive semidefinite. The plain functions here are of float64; {@link
 * AnalyticTiles} computes matrices of them.
 */
public sealed interface AnalyticKernel {
  /**
   * k(x, z) by what it depends on; exact for x = z, and off by up to the square root of the
   * rounding where the points are {@link #near} each other.
   *
   * @param xx |x|²
   * @param zz |z|²
   * @param xz ⟨x, z⟩
   * @param d how many numbers a point has
   */
  double value(double xx, double zz, double xz, int d);

  /** Whether the rounding of ⟨x, z⟩ would show in k(x, z), which then takes the points. */
  default boolean near(double xx, double zz, double xz) {
    return false;
  }

  /** k(x, z) of two points, with nothing lost where they are near each other. */
  default double value(double[] x, double[] z) {
    return value(dot(x, x), dot(z, z), dot(x, z), x.length);
  }

  /** The kernel as a formula, with its numbers. */
  String formula();

  private static double dot(double[] x, double[] z) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * z[i];
    }
    return sum;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }

  /** Kernels of the distance r = |x - z|, 1 where it is 0. */
  sealed interface Radial extends AnalyticKernel {
    /** Below this part of |x|² + |z|², r² = |x|² + |z|² - 2⟨x, z⟩ has lost digits that it needs. */
    double NEAR = 1e-3;

    /** What the distance is divided by. */
    double length();

    /** The kernel at r². */
    double at(double square);

    @Override
    default double value(double xx, double zz, double xz, int d) {
      return at(Math.max(0, xx + zz - 2 * xz));
    }

    @Override
    default boolean near(double xx, double zz, double xz) {
      return xx + zz - 2 * xz < NEAR * (xx + zz);
    }

    @Override
    default double value(double[] x, double[] z) {
      double square = 0;
      for (int i = 0; i < x.length; i++) {
        square += (x[i] - z[i]) * (x[i] - z[i]);
      }
      return at(square);
    }
  }

  /**
   * exp(-|x - z|² / (2 l²)), the Gaussian or squared exponential kernel (Rasmussen, Williams 2006,
   * equation 4.9).
   *
   * @param length l, above 0
   */
  record Rbf(double length) implements Radial {
    public Rbf {
      require(length > 0, "length " + length);
    }

    @Override
    public double at(double square) {
      return Math.exp(-square / (2 * length * length));
    }

    @Override
    public String formula() {
      return "exp(-|x - z|² / (2 · " + length + "²))";
    }
  }

  /**
   * exp(-|x - z| / l), the exponential kernel or Matérn's of order 1/2 (Rasmussen, Williams 2006,
   * equation 4.18).
   *
   * @param length l, above 0
   */
  record Laplace(double length) implements Radial {
    public Laplace {
      require(length > 0, "length " + length);
    }

    @Override
    public double at(double square) {
      return Math.exp(-Math.sqrt(square) / length);
    }

    @Override
    public String formula() {
      return "exp(-|x - z| / " + length + ")";
    }
  }

  /**
   * (c + ⟨x, z⟩ / √d)^p.
   *
   * @param degree p, at least 1
   * @param offset c, at least 0
   */
  record Polynomial(int degree, double offset) implements AnalyticKernel {
    public Polynomial {
      require(degree >= 1, "degree " + degree);
      require(offset >= 0, "offset " + offset);
    }

    @Override
    public double value(double xx, double zz, double xz, int d) {
      return Math.pow(offset + xz / Math.sqrt(d), degree);
    }

    @Override
    public String formula() {
      return "(" + offset + " + ⟨x, z⟩ / √d)^" + degree;
    }
  }

  /** Kernels of the angle θ between x and z and of their lengths. */
  sealed interface Angular extends AnalyticKernel {
    /** Below this sin² θ, what is left of it in (|x| |z|)² - ⟨x, z⟩² lacks digits. */
    double NEAR = 1e-3;

    /**
     * The kernel in polar form.
     *
     * @param product c = |x| |z| cos θ
     * @param area r = |x| |z| sin θ, of the parallelogram of x and z
     * @param d how many numbers a point has
     */
    double at(double product, double area, int d);

    @Override
    default double value(double xx, double zz, double xz, int d) {
      return at(xz, Math.sqrt(Bivariate.determinant(xx, zz, xz)), d);
    }

    @Override
    default boolean near(double xx, double zz, double xz) {
      return Bivariate.determinant(xx, zz, xz) < NEAR * xx * zz;
    }

    /** With the area |x| times the distance of z from the line through x. */
    @Override
    default double value(double[] x, double[] z) {
      double xx = dot(x, x);
      double xz = dot(x, z);
      if (xx == 0) {
        return at(0, 0, x.length);
      }
      double along = xz / xx;
      double square = 0;
      for (int i = 0; i < x.length; i++) {
        double off = z[i] - along * x[i];
        square += off * off;
      }
      return at(xz, Math.sqrt(xx * square), x.length);
    }

    /** (π - θ) / π, from 1 for parallel points to 0 for opposite ones; 1/2 where one is 0. */
    static double share(double product, double area) {
      return product == 0 ? 0.5 : 1 - Math.atan2(area, product) / Math.PI;
    }
  }

  /**
   * The arc-cosine kernel (1/π) (|x| |z|)ⁿ J_n(θ) = 2 E (w·x)ⁿ₊ (w·z)ⁿ₊ for w ~ N(0, I) (Cho, Saul
   * 2009), where J₀ = π - θ, J₁ = sin θ + (π - θ) cos θ, J₂ = 3 sin θ cos θ + (π - θ) (1 + 2 cos²
   * θ).
   *
   * @param order n, 0 to 2
   */
  record ArcCosine(int order) implements Angular {
    public ArcCosine {
      require(order >= 0 && order <= 2, "order " + order);
    }

    @Override
    public double at(double c, double r, int d) {
      double share = Angular.share(c, r);
      return switch (order) {
        case 0 -> share;
        case 1 -> r / Math.PI + share * c;
        default -> 3 * r * c / Math.PI + share * (r * r + 3 * c * c);
      };
    }

    @Override
    public String formula() {
      return switch (order) {
        case 0 -> "(π - θ) / π";
        case 1 -> "|x| |z| (sin θ + (π - θ) cos θ) / π";
        default -> "|x|² |z|² (3 sin θ cos θ + (π - θ) (1 + 2 cos² θ)) / π";
      };
    }
  }

  /**
   * The kernel of two layers whose first is random, k_RF = |x| |z| (sin θ + (π - θ) cos θ) / (2π) =
   * E relu(w·x) relu(w·z) for w ~ N(0, I) (Ghorbani et al. 2020); |x|² / 2 for x = z.
   */
  record RandomFeatures() implements Angular {
    @Override
    public double at(double c, double r, int d) {
      return (r / Math.PI + Angular.share(c, r) * c) / 2;
    }

    @Override
    public String formula() {
      return "|x| |z| (sin θ + (π - θ) cos θ) / 2π";
    }
  }

  /**
   * The neural tangent kernel of two layers, k_NT = |x| |z| (cos θ (π - θ) / π + sin θ / (2π)) =
   * k_RF + ⟨x, z⟩ (π - θ) / (2π) (Ghorbani et al. 2020); |x|² for x = z. It is d times that of
   * {@link DeepNtk} with two layers.
   */
  record NeuralTangent() implements Angular {
    @Override
    public double at(double c, double r, int d) {
      return r / (2 * Math.PI) + Angular.share(c, r) * c;
    }

    @Override
    public String formula() {
      return "|x| |z| ((π - θ) cos θ / π + sin θ / 2π)";
    }
  }

  /**
   * The neural tangent kernel of dense layers with ReLU between them, in the NTK parametrization
   * with weights of variance 1 and without biases: K = Θ = ⟨x, z⟩ / d, then for every further layer
   * Θ ← Θ (π - θ) / (2π), K ← |x| |z| (sin θ + (π - θ) cos θ) / (2π), Θ ← Θ + K, where |x|², |z|²
   * and θ are those of K (Jacot et al. 2018).
   *
   * <p>A layer halves |x| |z| and takes 1 - cos θ to 1 - cos θ - (sin θ - θ cos θ) / π, in which
   * small angles keep their digits.
   *
   * @param depth dense layers, at least 1
   */
  record DeepNtk(int depth) implements Angular {
    public DeepNtk {
      require(depth >= 1, "depth " + depth);
    }

    @Override
    public double at(double c, double r, int d) {
      double s = Math.sqrt(c * c + r * r);
      if (s == 0) {
        return 0;
      }
      double u = c > 0 ? r * r / (s * (s + c)) : Math.min(2, 1 - c / s);
      double ntk = c;
      for (int layer = 2; layer <= depth; layer++) {
        double angle = 2 * Math.asin(Math.sqrt(u / 2));
        double sine = Math.sqrt(u * (2 - u));
        ntk *= (1 - angle / Math.PI) / 2;
        u = Math.max(0, u - (sine - angle * (1 - u)) / Math.PI);
        s /= 2;
        ntk += s * (1 - u);
      }
      return ntk / d;
    }

    @Override
    public String formula() {
      return "the neural tangent kernel of " + depth + " dense layers with ReLU";
    }
  }
}
